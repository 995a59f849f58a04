import { type Clock, sleepBy } from '../../src/core/clock.ts';

/** The machine's time, which a test can move ahead: one clock for the stand-in, the bot and the server. */
export type HouseClock = Clock & { advance(ms: number): void };

type Due = { atMs: number; fire: () => void; handle: NodeJS.Timeout | undefined };

/** Keeps the machine's own delays within what setTimeout can take. */
const longestDelayMs = 60_000;

export function createHouseClock(): HouseClock {
  let aheadMs = 0;
  const timers = new Set<Due>();

  function arm(due: Due): void {
    clearTimeout(due.handle);
    const leftMs = Math.max(0, due.atMs - clock.now());
    due.handle = setTimeout(() => look(due), Math.min(Math.ceil(leftMs), longestDelayMs));
  }

  function look(due: Due): void {
    if (due.atMs > clock.now()) arm(due);
    else if (timers.delete(due)) due.fire();
  }

  const clock: HouseClock = {
    now: () => Date.now() + aheadMs,
    sleep: (ms, signal) => sleepBy(clock, ms, signal),
    setTimer(atMs, fire) {
      const due: Due = { atMs, fire, handle: undefined };
      timers.add(due);
      arm(due);
      return {
        cancel() {
          timers.delete(due);
          clearTimeout(due.handle);
        },
      };
    },
    advance(ms) {
      aheadMs += ms;
      for (const due of [...timers].sort((a, b) => a.atMs - b.atMs)) arm(due);
    },
  };
  return clock;
}
