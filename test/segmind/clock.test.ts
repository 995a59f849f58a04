import { describe, expect, test } from 'vitest';
import { type Clock, sleepUnlessAborted, systemClock } from '../../src/segmind/clock.ts';
import { rejection } from './fake-server.ts';

const reason = new Error('enough');

describe('a sleep', () => {
  test('ends by itself', async () => {
    const startedAt = performance.now();
    await sleepUnlessAborted(systemClock, 30, new AbortController().signal);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(28);
  });

  test('does not begin after an abort', async () => {
    const clock: Clock = { now: () => 0, sleep: () => Promise.reject(new Error('slept')) };
    expect(await rejection(sleepUnlessAborted(clock, 5, AbortSignal.abort(reason)))).toBe(reason);
  });

  test('ends with the reason of an abort, and leaves no timer behind', async () => {
    const timers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length;
    const before = timers();
    const stop = new AbortController();
    const sleeping = rejection(sleepUnlessAborted(systemClock, 3_600_000, stop.signal));
    expect(timers()).toBe(before + 1);
    stop.abort(reason);
    expect(await sleeping).toBe(reason);
    expect(timers()).toBe(before);
  });
});
