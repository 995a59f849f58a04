import { createHash, timingSafeEqual } from 'node:crypto';
import type { onRequestHookHandler } from 'fastify';
import { sendProblem } from './problems.ts';
import type { RateLimiter } from './rate-limit.ts';

/** Name under which the calls of an open server, which asks for no key, are counted together. */
const everybody = 'everybody';

const digest = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Finds which of the accepted keys was given, in a time that doesn't depend on the key. */
export function createKeyCheck(apiKeys: readonly string[]): (given: unknown) => string | undefined {
  const accepted = apiKeys.map(key => ({ key, digest: digest(key) }));
  return given => {
    if (accepted.length === 0) return everybody;
    if (typeof given !== 'string') return undefined;
    const wanted = digest(given);
    return accepted.filter(each => timingSafeEqual(each.digest, wanted))[0]?.key;
  };
}

/** Lets a call pass that bears a key and is within the key's calls a minute. A Bearer token is no key to this API. */
export function createGate(deps: { apiKeys: readonly string[]; limiter: RateLimiter; now: () => number }): onRequestHookHandler {
  const check = createKeyCheck(deps.apiKeys);
  return (request, reply, next) => {
    const key = check(request.headers['x-api-key']);
    if (key === undefined) {
      sendProblem(reply, { status: 401, error: 'Invalid API key' });
      return;
    }
    const decision = deps.limiter.take(key, deps.now());
    if (decision.allowed) {
      next();
      return;
    }
    reply.header('x-rate-limit-reset-at-utc', new Date(decision.resetAtMs).toISOString());
    sendProblem(reply, { status: 429, error: 'Too many requests' });
  };
}
