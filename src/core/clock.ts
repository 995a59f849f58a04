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

/** The machine's clock. A timer goes by the wall clock: it never fires before `now()` has reached its time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleepBy(systemClock, ms, signal),
  setTimer(atMs, fire) {
    let handle: NodeJS.Timeout;
    const arm = () => {
      const delayMs = Math.min(Math.max(atMs - Date.now(), 0), longestDelayMs);
      handle = setTimeout(() => (Date.now() < atMs ? arm() : fire()), Math.ceil(delayMs));
    };
    arm();
    return { cancel: () => clearTimeout(handle) };
  },
};
