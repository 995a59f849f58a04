/** Pure decisions about repeating a call: how long to wait, and when the provider says that it is pointless before. */

export type RetryOptions = {
  /** Repetitions after the first try. */
  retries: number;
  /** The upper bound of the first delay; it doubles with each repetition. */
  baseDelayMs: number;
  /** No delay is longer; a provider that asks for more gets no repetition, and the caller its `retryAt`. */
  maxDelayMs: number;
};

export const DEFAULT_RETRY: RetryOptions = { retries: 3, baseDelayMs: 500, maxDelayMs: 30_000 };

/** A reset further away than this is taken for a mistake: limits are by the minute. */
const LATEST_RESET_MS = 3_600_000;

/** "Full jitter": anywhere between 0 and the doubled bound. `attempt` counts from 0; `random` is in [0, 1). */
export function backoffMs(attempt: number, options: RetryOptions, random: number): number {
  const bound = Math.min(options.maxDelayMs, options.baseDelayMs * 2 ** Math.min(attempt, 30));
  return Math.floor(bound * random);
}

/** The delay before repetition number `attempt` (from 0), or null if there should be none. */
export function retryDelayMs(
  attempt: number,
  options: RetryOptions,
  state: { nowMs: number; retryAtMs: number | null; random: number },
): number | null {
  if (attempt >= options.retries) return null;
  const backoff = backoffMs(attempt, options, state.random);
  if (state.retryAtMs === null) return backoff;
  const untilReset = Math.max(0, state.retryAtMs - state.nowMs);
  if (untilReset > options.maxDelayMs) return null;
  // Never before the reset; the jitter on top keeps many callers from coming back in the same instant.
  return Math.min(options.maxDelayMs, untilReset + Math.min(backoff, options.baseDelayMs));
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** When to come back, in epoch ms, by `retry-after` and `x-rate-limit-reset-at-utc`; the later of both. Never throws. */
export function readRetryAt(headers: Headers, nowMs: number): number | null {
  const times = [
    readRetryAfter(first(headers['retry-after']), nowMs),
    readResetAt(first(headers['x-rate-limit-reset-at-utc'])),
  ].filter(time => time !== null);
  if (times.length === 0) return null;
  return Math.min(Math.max(nowMs, ...times), nowMs + LATEST_RESET_MS);
}

/** Seconds from now, or an HTTP date. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function readRetryAfter(value: string, nowMs: number): number | null {
  if (/^\d{1,10}(\.\d{1,9})?$/.test(value)) return nowMs + Math.ceil(Number(value) * 1000);
  return /^[A-Za-z]{3},? /.test(value) ? readDate(value) : readIso(value);
}

/** The provider does not say which format it uses, so epoch seconds, epoch ms and ISO are all read. */
function readResetAt(value: string): number | null {
  if (/^\d{9,11}(\.\d{1,9})?$/.test(value)) return Math.ceil(Number(value) * 1000);
  if (/^\d{12,14}(\.\d{1,9})?$/.test(value)) return Math.ceil(Number(value));
  return readIso(value);
}

/** ISO; without a zone it is UTC, as the header's name says. */
function readIso(value: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}[T ]/.test(value)) return null;
  const iso = value.replace(' UTC', 'Z').replace(/^(\S+) /, '$1T');
  return readDate(/(Z|[+-]\d{2}:?\d{2})$/i.test(iso) ? iso : `${iso}Z`);
}

function readDate(value: string): number | null {
  const time = Date.parse(value);
  return Number.isFinite(time) ? time : null;
}

function first(value: string | string[] | undefined): string {
  return ((Array.isArray(value) ? value[0] : value) ?? '').trim();
}
