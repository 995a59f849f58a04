import type { Clock, Timer } from './clock.ts';
import { createPollQueue, type WaitingPoll } from './poll-queue.ts';
import { createOwnPace, createSharedPace, type SharedCalls } from './request-pace.ts';

export type RequestKind = 'submit' | 'result' | 'other' | 'poll';

/** One call that may be made now. `giveBack` when it was not made after all; a second time it does nothing. */
export type Permit = { giveBack(): void };

/**
 * `worth` orders polls: the expected undetected wait in ms, asked for when a call is granted. It must not grow by more than 1 ms a
 * ms (no wait can), else the order is only nearly right.
 */
export type TakeOptions = { worth?: () => number; signal?: AbortSignal };

/** All calls to the provider, of whatever kind, out of one budget. */
export type RequestBudget = {
  /** Resolves when the call may be made. Rejects with `signal.reason` when aborted before. */
  take(kind: RequestKind, options?: TakeOptions): Promise<Permit>;
  /** No call before `untilMs` (epoch ms): the provider said 429. A longer pause stays. */
  pause(untilMs: number): void;
  waiting(): Record<RequestKind, number>;
  /** Calls that the running minute still has; 0 while paused. */
  left(): number;
  /** What is reserved of a shared budget goes back. */
  stop(): void;
};

/**
 * Whoever waits longer than this gets every second call, oldest first. The provider forgets a job after an hour: a paid render must
 * not be lost because calls for new ones never end.
 */
const longestWaitMs = 5 * 60_000;

/** A call that waits for its permit, and since when by the budget's own time. */
type Entry = WaitingPoll & { sinceMs: number; grant: (permit: Permit) => void };

/** Time that never goes back, so that a wall clock that does neither blocks the budget nor fills it. */
function createElapsed(clock: Clock): () => number {
  let seenMs = clock.now();
  let elapsedMs = 0;
  return () => {
    const nowMs = clock.now();
    elapsedMs += Math.max(nowMs - seenMs, 0);
    seenMs = nowMs;
    return elapsedMs;
  };
}

/**
 * Grants calls evenly, after idle times a small burst, and never more than `requestsPerMinute` in any 60 s: submits first (members
 * wait for them in line), then results (a video is ready), then others, then polls by their worth. Kinds that come later wait while
 * earlier ones use the whole budget, but not for ever: see `longestWaitMs`.
 */
export function createRequestBudget({
  requestsPerMinute,
  clock,
  shared,
}: {
  requestsPerMinute: number;
  clock: Clock;
  /** where other processes call the provider too */
  shared?: SharedCalls | undefined;
}): RequestBudget {
  if (!(requestsPerMinute >= 1)) throw new RangeError(`requestsPerMinute must be at least 1, not ${requestsPerMinute}`);
  const pace = shared ? createSharedPace(shared, { clock, onNews: serve }) : createOwnPace(Math.floor(requestsPerMinute));
  const elapsed = createElapsed(clock);

  const inTurn: Record<Exclude<RequestKind, 'poll'>, Set<Entry>> = { submit: new Set(), result: new Set(), other: new Set() };
  const polls = createPollQueue<Entry>();
  let lastWasOverdue = false;
  let timer: Timer | undefined;

  const permitAt = (nowMs: number): Permit => {
    const taken = pace.take(nowMs);
    let isBack = false;
    return {
      giveBack() {
        if (isBack) return;
        isBack = true;
        if (taken.giveBack()) serve();
      },
    };
  };

  /** What has waited too long, oldest first; every second call at the most, so that a flood of old polls can't hold up submits. */
  const takeOverdue = (nowMs: number): Entry | undefined => {
    lastWasOverdue = !lastWasOverdue;
    if (!lastWasOverdue) return undefined;
    let oldest: Entry | undefined;
    for (const queue of [inTurn.submit, inTurn.result, inTurn.other, polls.inOrder]) {
      const [first] = queue;
      if (first && first.sinceMs <= nowMs - longestWaitMs && !(oldest && oldest.sinceMs <= first.sinceMs)) oldest = first;
    }
    if (oldest) leaveLine(oldest);
    else lastWasOverdue = false;
    return oldest;
  };

  const leaveLine = (entry: Entry) => {
    for (const queue of Object.values(inTurn)) queue.delete(entry);
    polls.remove(entry);
  };

  const takeNext = (nowMs: number): Entry | undefined => {
    const overdue = takeOverdue(nowMs);
    if (overdue) return overdue;
    for (const queue of [inTurn.submit, inTurn.result, inTurn.other]) {
      for (const entry of queue) {
        queue.delete(entry);
        return entry;
      }
    }
    return polls.takeBest(nowMs);
  };

  const countWaiting = () => inTurn.submit.size + inTurn.result.size + inTurn.other.size + polls.size();

  function serve() {
    timer?.cancel();
    timer = undefined;
    while (countWaiting() > 0) {
      const nowMs = elapsed();
      const grantMs = pace.nextMs(nowMs, countWaiting());
      if (grantMs > nowMs) {
        if (grantMs < Number.POSITIVE_INFINITY) timer = clock.setTimer(clock.now() + Math.ceil(grantMs - nowMs), serve);
        return;
      }
      takeNext(nowMs)?.grant(permitAt(nowMs));
    }
  }

  return {
    take: (kind, { worth = () => 0, signal } = {}) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const leave = () => {
          if (kind === 'poll') polls.remove(entry);
          else inTurn[kind].delete(entry);
          reject(signal?.reason);
          if (countWaiting() === 0) serve();
        };
        const entry: Entry = {
          worth,
          sinceMs: elapsed(),
          grant: permit => {
            signal?.removeEventListener('abort', leave);
            resolve(permit);
          },
        };
        signal?.addEventListener('abort', leave, { once: true });
        if (kind === 'poll') polls.add(entry);
        else inTurn[kind].add(entry);
        if (!timer) serve();
      }),
    pause(untilMs) {
      if (Number.isNaN(untilMs)) return;
      const nowMs = elapsed();
      pace.pause(nowMs + untilMs - clock.now(), nowMs);
      serve();
    },
    waiting: () => ({
      submit: inTurn.submit.size,
      result: inTurn.result.size,
      other: inTurn.other.size,
      poll: polls.size(),
    }),
    left: () => pace.left(elapsed()),
    stop: () => pace.stop(),
  };
}
