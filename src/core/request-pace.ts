import type { Clock, Timer } from './clock.ts';

/** When calls to the provider may go out. Times are those of the budget, which never go back. */
export type RequestPace = {
  /** When the next call may go out, for so many that wait; Infinity: not known yet, the budget is told. */
  nextMs(nowMs: number, waiting: number): number;
  /** A call goes out. False from `giveBack`: it had been counted no more. */
  take(nowMs: number): { giveBack(): boolean };
  pause(untilMs: number, nowMs: number): void;
  /** Calls that the running minute still has, as far as known; 0 while paused. */
  left(nowMs: number): number;
  stop(): void;
};

/** The provider counts calls as they arrive, which scatters by the network's latency, so its minute is taken as a second longer. */
const WINDOW_MS = 61_000;
/** Calls saved up while idle that may go out at once: five seconds' worth. */
const BURST_SHARE = 1 / 12;

/** The budget of one process alone: evenly, after idle times a small burst, and never more than `perWindow` in any 60 s. */
export function createOwnPace(perWindow: number): RequestPace {
  const everyMs = 60_000 / perWindow;
  const burst = Math.max(1, Math.ceil(perWindow * BURST_SHARE));
  /** Times of the calls granted within the last window, oldest first. */
  const granted: { atMs: number }[] = [];
  /** The call before the next one, were calls evenly spaced; it trails the present by at most the burst that is saved up. */
  let scheduleMs = -burst * everyMs;
  let pausedUntilMs = 0;

  const forgetOld = (nowMs: number) => {
    while (granted[0] && granted[0].atMs <= nowMs - WINDOW_MS) granted.shift();
  };

  return {
    // By pause, window and bucket.
    nextMs(nowMs) {
      forgetOld(nowMs);
      const oldest = granted[granted.length - perWindow];
      return Math.max(pausedUntilMs, oldest ? oldest.atMs + WINDOW_MS : 0, scheduleMs + everyMs);
    },
    take(nowMs) {
      const grant = { atMs: nowMs };
      granted.push(grant);
      scheduleMs = Math.max(scheduleMs, nowMs - burst * everyMs) + everyMs;
      return {
        giveBack() {
          const index = granted.indexOf(grant);
          if (index < 0) return false;
          granted.splice(index, 1);
          scheduleMs -= everyMs;
          return true;
        },
      };
    },
    pause(untilMs) {
      pausedUntilMs = Math.max(pausedUntilMs, untilMs);
    },
    left(nowMs) {
      forgetOld(nowMs);
      return nowMs < pausedUntilMs ? 0 : perWindow - granted.length;
    },
    stop() {},
  };
}

/** Calls out of one budget that several processes share. Each is reserved for a time, and used then or shortly after. */
export type SharedCalls = {
  /** Reserves so many calls, or some more: from when each may go out (epoch ms), in order. */
  reserve(count: number): Promise<readonly number[]>;
  /** So many reserved calls were not made. */
  giveBack(count: number): void;
  /** No call of any process is reserved before then (epoch ms). */
  pause(untilMs: number): void;
};

/** A reserved call that is not used by then goes back to all: later it would come on top of others. */
const RESERVED_FOR_MS = 2_000;
const MOST_RESERVED = 10;
const AFTER_TROUBLE_MS = 1_000;

/** This process's part of a shared budget. `onNews`: more is known than `nextMs` answered before. */
export function createSharedPace(calls: SharedCalls, { clock, onNews }: { clock: Clock; onNews: () => void }): RequestPace {
  /** Reserved calls, by the time from which they may go out. */
  const reserved: number[] = [];
  let asking = false;
  let stopped = false;
  let timer: Timer | undefined;

  function ask(count: number): void {
    if (asking || stopped) return;
    asking = true;
    calls.reserve(count).then(
      times => {
        asking = false;
        // What was saved up while all were idle lies in the past.
        reserved.push(...times.map(atMs => Math.max(atMs, clock.now())));
        tidy();
        onNews();
      },
      () => {
        clock.setTimer(clock.now() + AFTER_TROUBLE_MS, () => {
          asking = false;
          onNews();
        });
      },
    );
  }

  /** Gives back what is not used in time, and looks again when the next may have to go back. */
  function tidy(): void {
    timer?.cancel();
    const nowMs = clock.now();
    const unused = reserved.filter(atMs => stopped || atMs < nowMs - RESERVED_FOR_MS).length;
    reserved.splice(0, unused);
    if (unused > 0) calls.giveBack(unused);
    const [first] = reserved;
    if (first !== undefined) timer = clock.setTimer(first + RESERVED_FOR_MS + 1, tidy);
  }

  return {
    nextMs(nowMs, waiting) {
      tidy();
      const lacking = Math.min(waiting, MOST_RESERVED) - reserved.length;
      if (lacking > 0) ask(lacking);
      const [first] = reserved;
      return first === undefined ? Number.POSITIVE_INFINITY : nowMs + first - clock.now();
    },
    take() {
      const atMs = reserved.shift() ?? clock.now();
      return {
        giveBack() {
          reserved.unshift(atMs);
          tidy();
          return true;
        },
      };
    },
    pause(untilMs, nowMs) {
      if (reserved.length > 0) calls.giveBack(reserved.splice(0).length);
      calls.pause(Math.ceil(clock.now() + untilMs - nowMs));
    },
    left: () => reserved.length,
    stop() {
      stopped = true;
      tidy();
    },
  };
}
