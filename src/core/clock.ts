/** A wake-up that was ordered; cancelling it twice, or after it fired, is harmless. */
export type Timer = { cancel(): void };

/** Time handed in. `now()` is epoch ms. `sleep` rejects with `signal.reason` when aborted; a time in the past fires at once. */
export type Clock = {
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  setTimer(atMs: number, fire: () => void): Timer;
};

/** Longest delay of setTimeout: above it Node fires after 1 ms. https://nodejs.org/api/timers.html */
const longestDelayMs = 2 ** 31 - 1;

/** Builds `sleep` out of a clock's own `now` and `setTimer`, so that every clock sleeps by the same rules. */
export function sleepBy(clock: Pick<Clock, 'now' | 'setTimer'>, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.setTimer(clock.now() + ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Above what setTimeout may fire too early by; a larger distance to the ordered time means that the clock was moved back. */
const earlyByMs = 20;

/**
 * The machine's clock. A timer fires when its delay has passed by the monotonic clock, so a wall clock moved back by an hour does
 * not hold everything up for an hour; otherwise never before `now()` has reached its time.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleepBy(systemClock, ms, signal),
  setTimer(atMs, fire) {
    const dueMs = performance.now() + atMs - Date.now();
    let handle: NodeJS.Timeout;
    const arm = (leftMs: number) => {
      handle = setTimeout(look, Math.ceil(Math.min(Math.max(leftMs, 0), longestDelayMs)));
    };
    const look = () => {
      const leftMs = dueMs - performance.now();
      const wallLeftMs = atMs - Date.now();
      if (leftMs > 0) arm(leftMs);
      else if (wallLeftMs > 0 && wallLeftMs <= earlyByMs) arm(wallLeftMs);
      else fire();
    };
    arm(atMs - Date.now());
    return { cancel: () => clearTimeout(handle) };
  },
};
