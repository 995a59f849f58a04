import { createHash } from 'node:crypto';
import type { Answer } from './rest/answers.ts';

export interface BucketRule {
  method: string;
  /** The route's template, as the routes are declared (`/channels/:channelId/messages`). */
  route: string;
  limit: number;
  windowMs: number;
}

export interface RateLimitOptions {
  /** Narrower (or wider) buckets than the default; the first that fits counts. */
  buckets?: BucketRule[];
  /** What every other bucket allows. Default: 50 in 5 s. */
  defaultBucket?: { limit: number; windowMs: number };
  /** Requests of the bot a second over all buckets. Default: 50, as on Discord. */
  globalPerSecond?: number;
}

interface Window {
  used: number;
  endsAt: number;
}

export type RateLimits = ReturnType<typeof createRateLimits>;

/** The buckets. They run on the machine's own time, not on the movable clock, because a client waits in real time. */
export function createRateLimits(options: RateLimitOptions = {}, nowMs: () => number = () => performance.now()) {
  const windows = new Map<string, Window>();
  let global: Window = { used: 0, endsAt: 0 };
  const standard = options.defaultBucket ?? { limit: 50, windowMs: 5_000 };

  /** Counts a request: the headers for its answer, and the refusal if it is one too many. */
  function count(
    method: string,
    route: string,
    major: string,
    exempt: boolean,
  ): { headers: Record<string, string>; refusal: Answer | null } {
    const rule = options.buckets?.find(each => each.method === method && each.route === route) ?? standard;
    const hash = createHash('sha1').update(`${method} ${route}`).digest('hex').slice(0, 32);
    const key = `${hash}:${major}`;
    const now = nowMs();
    const current = windows.get(key);
    const window = current && current.endsAt > now ? current : { used: 0, endsAt: now + rule.windowMs };
    windows.set(key, window);
    window.used += 1;
    const resetMs = window.endsAt - now;
    const headers = {
      'x-ratelimit-limit': String(rule.limit),
      'x-ratelimit-remaining': String(Math.max(0, rule.limit - window.used)),
      'x-ratelimit-reset': ((Date.now() + resetMs) / 1000).toFixed(3),
      'x-ratelimit-reset-after': (resetMs / 1000).toFixed(3),
      'x-ratelimit-bucket': hash,
    };
    if (!exempt) {
      if (global.endsAt <= now) global = { used: 0, endsAt: now + 1_000 };
      global.used += 1;
      if (global.used > (options.globalPerSecond ?? 50))
        return { headers: {}, refusal: rateLimited(global.endsAt - now, 'global') };
    }
    return { headers, refusal: window.used > rule.limit ? rateLimited(resetMs, 'user', headers) : null };
  }

  return { count };
}

/** A 429 as Discord sends it. */
export function rateLimited(
  retryAfterMs: number,
  scope: 'user' | 'global' | 'shared',
  headers: Record<string, string> = {},
): Answer {
  const seconds = retryAfterMs / 1000;
  return {
    status: 429,
    json: {
      message: scope === 'shared' ? 'The resource is being rate limited.' : 'You are being rate limited.',
      retry_after: Number(seconds.toFixed(3)),
      global: scope === 'global',
    },
    headers: {
      ...headers,
      'retry-after': String(Math.max(1, Math.ceil(seconds))),
      'x-ratelimit-scope': scope,
      ...(scope === 'global' ? { 'x-ratelimit-global': 'true' } : {}),
    },
  };
}
