import { expect, test } from 'vitest';
import { createRequestBudget } from '../../src/core/request-budget.ts';
import type { SharedCalls } from '../../src/core/request-pace.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';

/** One call each ten seconds over all processes, of which six may be saved up; told late, as over a network. */
function createShared(clock: ManualClock) {
  const everyMs = 10_000;
  let nextMs = 0;
  let pausedUntilMs = 0;
  const back: number[] = [];
  const calls: SharedCalls = {
    async reserve(count) {
      const first = Math.max(nextMs, clock.now() - 5 * everyMs, pausedUntilMs);
      nextMs = first + count * everyMs;
      await clock.sleep(20);
      return Array.from({ length: count }, (_, at) => first + at * everyMs);
    },
    giveBack(count) {
      back.push(count);
      nextMs -= count * everyMs;
    },
    pause(untilMs) {
      pausedUntilMs = untilMs;
    },
  };
  return { calls, back };
}

test('calls of two processes share what is saved up, and then come at the rate of one', async () => {
  const clock = createManualClock();
  const { calls } = createShared(clock);
  const budgets = [1, 2].map(() => createRequestBudget({ requestsPerMinute: 6, clock, shared: calls }));
  const grantedAtMs: number[] = [];
  const startMs = clock.now();
  for (let at = 0; at < 12; at += 1) {
    void budgets[at % 2]?.take('submit').then(() => grantedAtMs.push(clock.now() - startMs));
  }
  await clock.advance(200);
  expect(grantedAtMs).toHaveLength(6);
  await clock.advance(60_000);
  expect(grantedAtMs).toHaveLength(12);
});

test('a call that is not made after all is made by the next in line, or goes back to all within seconds', async () => {
  const clock = createManualClock();
  const { calls, back } = createShared(clock);
  const budget = createRequestBudget({ requestsPerMinute: 6, clock, shared: calls });
  const take = async () => {
    const taking = budget.take('submit');
    await clock.advance(100);
    return taking;
  };
  (await take()).giveBack();
  await take();
  expect(back).toEqual([]);
  const permit = await take();
  permit.giveBack();
  permit.giveBack();
  await clock.advance(3_000);
  expect(back).toEqual([1]);
});

test('a pause holds for calls that were reserved before it', async () => {
  const clock = createManualClock();
  const { calls } = createShared(clock);
  const budget = createRequestBudget({ requestsPerMinute: 6, clock, shared: calls });
  budget.pause(clock.now() + 60_000);
  let granted = false;
  void budget.take('submit').then(() => {
    granted = true;
  });
  await clock.advance(59_000);
  expect(granted).toBe(false);
  await clock.advance(2_000);
  expect(granted).toBe(true);
});

test('while the store can not be asked nothing is granted, and then it goes on by itself', async () => {
  const clock = createManualClock();
  const { calls } = createShared(clock);
  let away = true;
  const budget = createRequestBudget({
    ...{ requestsPerMinute: 6, clock },
    shared: { ...calls, reserve: count => (away ? Promise.reject(new Error('away')) : calls.reserve(count)) },
  });
  let granted = false;
  void budget.take('submit').then(() => {
    granted = true;
  });
  await clock.advance(5_000);
  expect(granted).toBe(false);
  away = false;
  await clock.advance(2_000);
  expect(granted).toBe(true);
});
