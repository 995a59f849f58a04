/** Whether a call may pass; if not, when the key's minute is over (epoch ms). */
export type RateDecision = { allowed: true } | { allowed: false; resetAtMs: number };

export type RateLimiter = { take(key: string, nowMs: number): RateDecision };

const windowMs = 60_000;

/**
 * Counts calls for each key in windows of a minute that begin with a key's first call. Keys come from the settings, so
 * there are only as many windows as there are keys.
 */
export function createRateLimiter(requestsPerMinute: number): RateLimiter {
  const windows = new Map<string, { startMs: number; calls: number }>();
  return {
    take(key, nowMs) {
      const current = windows.get(key);
      if (current === undefined || nowMs >= current.startMs + windowMs) {
        windows.set(key, { startMs: nowMs, calls: 1 });
        return { allowed: true };
      }
      if (current.calls >= requestsPerMinute) return { allowed: false, resetAtMs: current.startMs + windowMs };
      current.calls += 1;
      return { allowed: true };
    },
  };
}
