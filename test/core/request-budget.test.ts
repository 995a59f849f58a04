import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../bench/pacing.ts';
import { createPollQueue } from '../../src/core/poll-queue.ts';
import { createRequestBudget, type Permit, type RequestKind, type TakeOptions } from '../../src/core/request-budget.ts';
import { createManualClock } from '../support/manual-clock.ts';

/** A budget whose grants are written down, with its clock. */
function watched(requestsPerMinute: number) {
  const clock = createManualClock(0);
  const budget = createRequestBudget({ requestsPerMinute, clock });
  const grants: { name: string; atMs: number; permit: Permit }[] = [];
  const take = (kind: RequestKind, name: string = kind, options?: TakeOptions) =>
    budget.take(kind, options).then(permit => void grants.push({ name, atMs: clock.now(), permit }));
  return { clock, budget, grants, take, names: () => grants.map(({ name }) => name) };
}

/** Uses up what may go out at once, so that what is asked for afterwards has to wait. */
async function exhaust({ clock, take, grants }: ReturnType<typeof watched>, burst: number): Promise<void> {
  for (let index = 0; index < burst; index++) take('other');
  await clock.advance(0);
  expect(grants).toHaveLength(burst);
  grants.length = 0;
}

/** The most calls in any span of this length; the times are in order. */
function most(atMs: readonly number[], windowMs: number): number {
  let first = 0;
  let largest = 0;
  for (const [index, at] of atMs.entries()) {
    while (at - (atMs[first] ?? at) >= windowMs) first++;
    largest = Math.max(largest, index - first + 1);
  }
  return largest;
}

describe('the request budget', () => {
  it('grants at once while calls are left', async () => {
    const { clock, take, grants, budget } = watched(60);
    take('submit');
    await clock.advance(0);
    expect(grants).toHaveLength(1);
    expect(budget.left()).toBe(59);
  });

  it.each([1, 5, 60, 1_000])(
    'never grants more than %d calls in any minute, and nearly as many when all are wanted',
    async rate => {
      const { clock, take, grants } = watched(rate);
      for (let index = 0; index < 3 * rate; index++) take('poll');
      await clock.advance(2 * 60_000);
      const times = grants.map(({ atMs }) => atMs);
      expect(most(times, 60_001)).toBeLessThanOrEqual(rate);
      expect(times.length).toBeGreaterThanOrEqual(Math.floor(2 * rate * 0.95));
    },
  );

  it('keeps the limit whatever is asked for, given back and paused, whenever', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('take'), count: fc.integer({ min: 1, max: 12 }) }),
      fc.record({ do: fc.constant('wait'), count: fc.integer({ min: 1, max: 40_000 }) }),
      fc.record({ do: fc.constant('return'), count: fc.integer({ min: 0, max: 50 }) }),
      fc.record({ do: fc.constant('pause'), count: fc.integer({ min: 1, max: 30_000 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.array(step, { maxLength: 25 }), async (rate, steps) => {
        const { clock, take, grants, budget } = watched(rate);
        for (const { do: what, count } of steps) {
          if (what === 'take') for (let index = 0; index < count; index++) take('poll');
          else if (what === 'wait') await clock.advance(count);
          else if (what === 'pause') budget.pause(clock.now() + count);
          else for (const { permit } of grants.splice(count, 1)) permit.giveBack();
        }
        await clock.advance(60_000);
        expect(
          most(
            grants.map(({ atMs }) => atMs),
            60_001,
          ),
        ).toBeLessThanOrEqual(rate);
      }),
      { numRuns: 40 },
    );
  });

  it('grants evenly under load instead of all at once', async () => {
    const { clock, take, grants } = watched(60);
    for (let index = 0; index < 100; index++) take('poll');
    await clock.advance(30_000);
    expect(grants.filter(({ atMs }) => atMs === 0)).toHaveLength(5);
    expect(most(grants.map(({ atMs }) => atMs).slice(5), 10_000)).toBeLessThanOrEqual(10);
  });

  it('serves submits first, then results, then others, then polls, each in the order they came', async () => {
    const world = watched(60);
    await exhaust(world, 5);
    for (const kind of ['poll', 'other', 'result', 'submit', 'result', 'submit'] as const) {
      world.take(kind, `${kind} ${world.budget.waiting()[kind]}`);
    }
    expect(world.budget.waiting()).toEqual({ submit: 2, result: 2, other: 1, poll: 1 });
    await world.clock.advance(120_000);
    expect(world.names()).toEqual(['submit 0', 'submit 1', 'result 0', 'result 1', 'other 0', 'poll 0']);
    expect(world.budget.waiting()).toEqual({ submit: 0, result: 0, other: 0, poll: 0 });
  });

  it('grants the poll that is worth most at the time of the grant, not of the asking', async () => {
    const world = watched(60);
    await exhaust(world, 5);
    const startMs = world.clock.now();
    world.take('poll', 'large, stands still', { worth: () => 500 });
    world.take('poll', 'grows', { worth: () => (world.clock.now() - startMs) * 0.9 });
    world.take('poll', 'falls', { worth: () => 1_000 - (world.clock.now() - startMs) });
    await world.clock.advance(120_000);
    expect(world.names()).toEqual(['grows', 'large, stands still', 'falls']);
  });

  it('lets a poll and a result through within minutes, however many submits keep coming', async () => {
    const world = watched(5);
    await exhaust(world, 1);
    const keepAsking = (): Promise<void> => world.take('submit').then(keepAsking);
    for (let index = 0; index < 3; index++) void keepAsking();
    for (let index = 0; index < 5; index++) void world.take('poll', 'rare');
    void world.take('result', 'rare');
    await world.clock.advance(5 * 60_000);
    expect(world.names()).not.toContain('rare');
    await world.clock.advance(3 * 60_000);
    expect(world.names().filter(name => name === 'rare')).toHaveLength(6);
  });

  it('never holds up a submit by more than one call, however many polls wait since long', async () => {
    const world = watched(60);
    for (let index = 0; index < 1_000; index++) void world.take('poll');
    await world.clock.advance(10 * 60_000);
    world.grants.length = 0;
    void world.take('submit');
    await world.clock.advance(2_500);
    expect(world.names()).toContain('submit');
  });

  it('gives a returned call to the next in line, and counts it once', async () => {
    const { clock, budget, grants, take } = watched(1);
    take('submit', 'first');
    await clock.advance(0);
    take('submit', 'second');
    take('submit', 'third');
    await clock.advance(0);
    expect(grants).toHaveLength(1);
    grants[0]?.permit.giveBack();
    grants[0]?.permit.giveBack();
    await clock.advance(0);
    expect(grants.map(({ name, atMs }) => [name, atMs])).toEqual([
      ['first', 0],
      ['second', 0],
    ]);
    expect(budget.left()).toBe(0);
  });

  it('grants nothing before the end of a pause, which a shorter one does not end', async () => {
    const { clock, budget, grants, take } = watched(60);
    budget.pause(90_000);
    budget.pause(10_000);
    take('submit');
    expect(budget.left()).toBe(0);
    await clock.advance(89_999);
    expect(grants).toEqual([]);
    await clock.advance(1);
    expect(grants).toHaveLength(1);
  });

  it('rejects an aborted wait with its reason and forgets it', async () => {
    const world = watched(5);
    await exhaust(world, 1);
    const reason = new Error('cancelled');
    for (const kind of ['submit', 'poll'] as const) {
      const controller = new AbortController();
      const rejected = expect(world.budget.take(kind, { signal: controller.signal })).rejects.toBe(reason);
      expect(world.budget.waiting()[kind]).toBe(1);
      controller.abort(reason);
      await rejected;
      expect(world.budget.waiting()[kind]).toBe(0);
    }
    await expect(world.budget.take('submit', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    world.take('poll', 'the next');
    await world.clock.advance(120_000);
    expect(world.names()).toEqual(['the next']);
  });

  it('goes on when the clock was moved back an hour', async () => {
    let offsetMs = 0;
    const manual = createManualClock(10_000_000);
    const now = () => manual.now() + offsetMs;
    const clock = { ...manual, now, setTimer: (atMs: number, fire: () => void) => manual.setTimer(atMs - offsetMs, fire) };
    const budget = createRequestBudget({ requestsPerMinute: 5, clock });
    let granted = 0;
    for (let index = 0; index < 20; index++) budget.take('poll').then(() => granted++);
    await manual.advance(60_000);
    offsetMs = -3_600_000;
    const before = granted;
    await manual.advance(120_000);
    expect(granted - before).toBeGreaterThanOrEqual(8);
  });

  it('leaves no timer behind when the last one waiting is aborted', async () => {
    const clock = createManualClock();
    const timers = new Set<symbol>();
    const setTimer = (atMs: number, fire: () => void) => {
      const id = Symbol('timer');
      timers.add(id);
      const timer = clock.setTimer(atMs, fire);
      const cancel = () => {
        timers.delete(id);
        timer.cancel();
      };
      return { cancel };
    };
    const budget = createRequestBudget({ requestsPerMinute: 1, clock: { ...clock, setTimer } });
    await budget.take('poll');
    const controller = new AbortController();
    const rejected = expect(budget.take('poll', { signal: controller.signal })).rejects.toThrow();
    expect(timers.size).toBe(1);
    controller.abort();
    await rejected;
    expect(timers.size).toBe(0);
  });

  it('refuses a rate below one call a minute', () => {
    expect(() => createRequestBudget({ requestsPerMinute: 0, clock: createManualClock() })).toThrow(RangeError);
  });
});

describe('10,000 waiting polls', () => {
  it('are served best first without asking each of them for each grant', () => {
    type Waiting = { worth: () => number; lastMs: number; hazard: number };
    const random = seededRandom(3);
    let nowMs = 0;
    let asked = 0;
    const queue = createPollQueue<Waiting>();
    // What has waited since its last poll at a constant hazard; each at its own, so their order changes with time.
    const worthOf = ({ lastMs, hazard }: Waiting) => {
      const ageMs = nowMs - lastMs;
      return ageMs - (1 - Math.exp(-hazard * ageMs)) / hazard;
    };
    const polls = Array.from({ length: 10_000 }, () => {
      const poll: Waiting = {
        worth: () => {
          asked++;
          return worthOf(poll);
        },
        lastMs: -600_000 * random(),
        hazard: 1e-6 + 1e-4 * random(),
      };
      return poll;
    });
    for (const poll of polls) queue.add(poll);
    for (let grant = 0; grant < 2_000; grant++) {
      nowMs += 60;
      const best = queue.takeBest(nowMs);
      if (!best) throw new Error('nothing granted');
      if (grant % 20 === 0) expect(worthOf(best)).toBe(Math.max(...polls.map(worthOf)));
      best.lastMs = nowMs - 300_000 * random();
      queue.add(best);
    }
    expect(asked / 2_000).toBeLessThan(1_000);
  });

  it('leave no trace when all are aborted', () => {
    const queue = createPollQueue();
    const polls = Array.from({ length: 10_000 }, (_, index) => ({ worth: () => index }));
    for (const poll of polls) queue.add(poll);
    for (const poll of polls) queue.remove(poll);
    expect(queue.size()).toBe(0);
    expect(queue.takeBest(0)).toBeUndefined();
  });

  it('keep their order when most of them are aborted', () => {
    const queue = createPollQueue();
    const polls = Array.from({ length: 1_000 }, (_, index) => ({ worth: () => (index * 7) % 1_000 }));
    for (const poll of polls) queue.add(poll);
    expect(queue.takeBest(0)?.worth()).toBe(999);
    for (const poll of polls) if (poll.worth() % 100 !== 0 && poll.worth() !== 999) queue.remove(poll);
    expect(queue.size()).toBe(10);
    const order = [1, 2, 3, 4].map(nowMs => queue.takeBest(nowMs)?.worth());
    expect(order).toEqual([900, 800, 700, 600]);
  });

  it('let a newcomer go first that is worth more', () => {
    const queue = createPollQueue();
    for (let value = 1; value <= 10; value++) queue.add({ worth: () => value });
    expect(queue.takeBest(0)?.worth()).toBe(10);
    queue.add({ worth: () => 11 });
    expect(queue.takeBest(1)?.worth()).toBe(11);
  });

  it('come out in the order of their worth', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e6), { maxLength: 60 }), fc.nat(59), (worths, removed) => {
        const queue = createPollQueue();
        const polls = worths.map(value => ({ worth: () => value }));
        for (const poll of polls) queue.add(poll);
        const gone = polls[removed];
        if (gone) queue.remove(gone);
        const out: number[] = [];
        for (let best = queue.takeBest(5); best; best = queue.takeBest(5)) out.push(best.worth());
        const left = worths.filter((_, index) => index !== removed);
        expect(out).toEqual(left.toSorted((a, b) => b - a));
      }),
    );
  });
});
