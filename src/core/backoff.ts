/** `baseMs`: longest wait before the first retry; it doubles with each further one up to `capMs`. */
export type BackoffLimits = { baseMs: number; capMs: number };

/**
 * How long to wait before a retry: exponential with full jitter, so that clients that failed together don't come back together.
 * `attempt` counts from 0 (the first retry); the answer lies in [0, min(capMs, baseMs · 2^attempt)].
 * `random` gives numbers in [0, 1).
 */
export function backoffMs(attempt: number, { baseMs, capMs }: BackoffLimits, random: () => number): number {
  const doublings = Math.min(Math.max(attempt, 0), 1_000);
  return random() * Math.min(capMs, baseMs * 2 ** doublings);
}
