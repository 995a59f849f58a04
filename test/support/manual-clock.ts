import { type Clock, sleepBy } from '../../src/core/clock.ts';

/** A clock that stands still until a test moves it. */
export type ManualClock = Clock & {
  advance(ms: number): Promise<void>;
  advanceTo(atMs: number): Promise<void>;
  /** The wall clock is set, ahead or back, as no test has waited for: what is set back holds no timer up, as with the machine's. */
  jump(ms: number): void;
};

type Due = { atMs: number; fire: () => void };

/** Turns of the event loop given to promise chains (and to I/O that is ready) before and after each timer. */
const turnsToSettle = 3;

async function settle(): Promise<void> {
  for (let turn = 0; turn < turnsToSettle; turn++) await new Promise(resolve => setImmediate(resolve));
}

/**
 * Timers fire in the order of their times, equal times in the order they were set, one by one, and what they started settles in
 * between, so timers set by it within the span fire too.
 */
export function createManualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = startMs;
  const timers = new Set<Due>();

  const nextDue = (untilMs: number): Due | undefined => {
    let next: Due | undefined;
    for (const due of timers) if (due.atMs <= untilMs && (!next || due.atMs < next.atMs)) next = due;
    return next;
  };

  const clock: ManualClock = {
    now: () => nowMs,
    sleep: (ms, signal) => sleepBy(clock, ms, signal),
    setTimer(atMs, fire) {
      // Whole milliseconds, as the machine's clock tells them.
      const due = { atMs: Math.ceil(atMs), fire };
      timers.add(due);
      return { cancel: () => void timers.delete(due) };
    },
    jump(ms) {
      nowMs += ms;
      if (ms < 0) for (const due of timers) due.atMs += ms;
    },
    advance: ms => clock.advanceTo(nowMs + ms),
    async advanceTo(toMs) {
      const atMs = Math.ceil(toMs);
      await settle();
      for (let due = nextDue(atMs); due; due = nextDue(atMs)) {
        timers.delete(due);
        nowMs = Math.max(nowMs, due.atMs);
        due.fire();
        await settle();
      }
      nowMs = Math.max(nowMs, atMs);
    },
  };
  return clock;
}
