/** The stand-in's time: epoch milliseconds that a test can move forward. */
export interface Clock {
  now(): number;
  advance(ms: number): void;
}

/** A clock that runs with the machine's own and can be moved ahead of it. */
export function createClock(realNow: () => number = Date.now): Clock {
  let aheadMs = 0;
  return {
    now: () => realNow() + aheadMs,
    advance(ms) {
      aheadMs += ms;
    },
  };
}
