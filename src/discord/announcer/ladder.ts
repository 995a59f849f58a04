import type { Rung } from '../../core/render.ts';
import { SMALLEST_UPLOAD_LIMIT_BYTES, TOKEN_USED_FOR_MS } from '../platform.ts';
import type { Refused } from '../rest.ts';

/** The rungs on which something is sent. `kept` needs no call, `none` sends nothing. */
export type SendingRung = Exclude<Rung, 'kept' | 'none'>;

/** What decides over the way down. */
export type LadderFacts = {
  private: boolean;
  tokenAgeMs: number;
  /** the deferred message's id is known */
  hasMessage: boolean;
};

export type Step = SendingRung | 'kept';

/** The rungs that are open for a render, top first; always ends with `kept`. */
export function openRungs({ private: isPrivate, tokenAgeMs, hasMessage }: LadderFacts): Step[] {
  const rungs: Step[] = [];
  if (tokenAgeMs < TOKEN_USED_FOR_MS) rungs.push('interaction');
  if (!isPrivate && hasMessage) rungs.push('message');
  if (!isPrivate) rungs.push('channel');
  rungs.push('direct', 'kept');
  return rungs;
}

/** What a refusal on a rung means: go on at another rung, end without a message, or try all of it again later. */
export type Next = { kind: 'go'; rung: Step } | { kind: 'none' } | { kind: 'again'; retryAfterMs: number | null };

export function afterRefusal(facts: LadderFacts, tried: SendingRung, refusal: Refused): Next {
  const rungs = openRungs(facts);
  const below = rungs.slice(rungs.indexOf(tried) + 1);
  const go = (except?: SendingRung): Next => ({ kind: 'go', rung: below.find(rung => rung !== except) ?? 'kept' });
  switch (refusal.kind) {
    case 'unreachable':
      return { kind: 'again', retryAfterMs: refusal.retryAfterMs };
    case 'token-dead':
      // The bot's own token was refused: the operator has to act, and no other rung would go better.
      return tried === 'interaction' ? go() : { kind: 'again', retryAfterMs: null };
    case 'gone':
      // Deleted on purpose. Of a private render nothing was public, so its result stays within reach of its member.
      if (tried === 'interaction' || tried === 'message') {
        return facts.private ? { kind: 'go', rung: 'kept' } : { kind: 'none' };
      }
      return go();
    case 'no-channel':
      // Nothing else can be posted there either, and each refusal counts towards a ban.
      return tried === 'message' ? go('channel') : go();
    case 'unknown-webhook':
    case 'unknown-interaction':
    case 'already-acknowledged':
    case 'forbidden':
    case 'too-large':
    case 'too-old':
    case 'refused':
      return go();
  }
}

const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 5 * 60_000;

/** How long to wait before the whole ladder is tried again: doubling, up to five minutes, and never given up. */
export function retryDelayMs(attempts: number, retryAfterMs: number | null): number {
  const backoffMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(Math.max(attempts, 0), 10));
  return Math.max(backoffMs, retryAfterMs ?? 0);
}

/** The upload limit on a rung: the interaction's own holds in its guild, not in a direct message. */
export function uploadLimitBytes(rung: SendingRung, attachmentSizeLimitBytes: number): number {
  return rung === 'direct' ? Math.min(attachmentSizeLimitBytes, SMALLEST_UPLOAD_LIMIT_BYTES) : attachmentSizeLimitBytes;
}
