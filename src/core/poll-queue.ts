/** `worth`: the expected undetected wait in ms now. It must not grow by more than 1 ms a ms, else the order is only nearly right. */
export type WaitingPoll = { worth: () => number };

type Ranked<P> = { poll: P; bound: number; askedAtMs: number };

/** Aborted polls that may lie about in the heap before it is tidied. */
const litter = 64;

/**
 * Waiting polls. A worth grows by at most 1 ms a ms, so `worth − time` of its last evaluation stays an upper bound for ever: only
 * the few at the top have to be asked again for each grant, not all 10,000.
 */
export function createPollQueue<P extends WaitingPoll>() {
  let heap: Ranked<P>[] = [];
  const waiting = new Set<P>();

  const at = (index: number) => heap[index]?.bound ?? Number.NEGATIVE_INFINITY;
  const swap = (a: number, b: number) => {
    const [first, second] = [heap[a], heap[b]];
    if (first && second) [heap[a], heap[b]] = [second, first];
  };
  const rise = (from: number) => {
    for (let index = from; index > 0 && at(index) > at((index - 1) >> 1); index = (index - 1) >> 1) swap(index, (index - 1) >> 1);
  };
  const sink = () => {
    for (let index = 0, larger = 0; ; index = larger) {
      larger = at(2 * index + 2) > at(2 * index + 1) ? 2 * index + 2 : 2 * index + 1;
      if (larger >= heap.length || at(larger) <= at(index)) return;
      swap(index, larger);
    }
  };
  const dropTop = () => {
    const last = heap.pop();
    if (last && heap.length > 0) heap[0] = last;
    sink();
  };

  return {
    size: () => waiting.size,
    /** All that wait, the one that was asked for first in front. */
    inOrder: waiting as Iterable<P>,
    add(poll: P) {
      waiting.add(poll);
      heap.push({ poll, bound: Number.POSITIVE_INFINITY, askedAtMs: Number.NEGATIVE_INFINITY });
      rise(heap.length - 1);
    },
    /** An aborted poll stays in the heap until it comes to the top, or until there are too many of them. */
    remove(poll: P) {
      waiting.delete(poll);
      if (heap.length <= 2 * waiting.size + litter) return;
      heap = heap.filter(ranked => waiting.has(ranked.poll)).sort((a, b) => b.bound - a.bound || 0);
    },
    /** The waiting poll that is worth most at `nowMs`; of equal ones the one that was asked for first tends to win. */
    takeBest(nowMs: number): P | undefined {
      for (let top = heap[0]; top; top = heap[0]) {
        if (!waiting.has(top.poll)) dropTop();
        else if (top.askedAtMs === nowMs) {
          dropTop();
          waiting.delete(top.poll);
          return top.poll;
        } else {
          top.bound = (top.poll.worth() || 0) - nowMs;
          top.askedAtMs = nowMs;
          sink();
        }
      }
      return undefined;
    },
  };
}
