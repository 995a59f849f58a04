import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sleepBy, systemClock } from '../../src/core/clock.ts';
import { createManualClock } from '../support/manual-clock.ts';

describe('the system clock', () => {
  afterEach(() => void vi.useRealTimers());

  it('fires a timer whose delay is longer than setTimeout can count, once and not early', () => {
    vi.useFakeTimers();
    const fired: number[] = [];
    const atMs = Date.now() + 3 * 2 ** 31;
    systemClock.setTimer(atMs, () => fired.push(Date.now()));
    vi.advanceTimersByTime(3 * 2 ** 31 - 1);
    expect(fired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(fired).toEqual([atMs]);
    vi.advanceTimersByTime(2 ** 32);
    expect(fired).toHaveLength(1);
  });

  it('never fires a cancelled timer, also after it was armed again', () => {
    vi.useFakeTimers();
    const fire = vi.fn();
    const timer = systemClock.setTimer(Date.now() + 2 ** 32, fire);
    vi.advanceTimersByTime(2 ** 31 + 5);
    timer.cancel();
    vi.advanceTimersByTime(2 ** 33);
    expect(fire).not.toHaveBeenCalled();
  });

  it('fires a timer of the past at once', async () => {
    const startMs = performance.now();
    await new Promise<void>(resolve => systemClock.setTimer(Date.now() - 60_000, resolve));
    expect(performance.now() - startMs).toBeLessThan(1_000);
  });

  it('fires after its delay although the wall clock was moved back meanwhile', () => {
    vi.useFakeTimers();
    const fire = vi.fn();
    systemClock.setTimer(Date.now() + 1_000, fire);
    vi.setSystemTime(Date.now() - 3_600_000);
    vi.advanceTimersByTime(999);
    expect(fire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(fire).toHaveBeenCalledTimes(1);
  });
});

describe.each([
  ['system', () => ({ clock: systemClock, pass: (ms: number) => systemClock.sleep(ms) })],
  [
    'manual',
    () => {
      const clock = createManualClock();
      return { clock, pass: (ms: number) => clock.advance(ms) };
    },
  ],
])('sleep of the %s clock', (_name, make) => {
  it('rejects with the reason of a signal that was aborted before', async () => {
    const reason = new Error('no longer wanted');
    await expect(make().clock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('rejects with the reason of a signal that is aborted meanwhile', async () => {
    const { clock, pass } = make();
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const slept = expect(clock.sleep(60_000, controller.signal)).rejects.toBe(reason);
    await pass(2);
    controller.abort(reason);
    await slept;
  });

  it('resolves when the time has come, and an abort after that changes nothing', async () => {
    const { clock, pass } = make();
    const controller = new AbortController();
    const slept = clock.sleep(2, controller.signal);
    await pass(3);
    await expect(slept).resolves.toBeUndefined();
    controller.abort();
  });
});

describe('a sleep that is over', () => {
  it('leaves neither a listener nor a timer behind, however it ended', async () => {
    const timers = new Set<() => void>();
    const clock = {
      now: () => 0,
      setTimer: (_atMs: number, fire: () => void) => {
        timers.add(fire);
        return { cancel: () => void timers.delete(fire) };
      },
    };
    const { signal } = new AbortController();
    const slept = sleepBy(clock, 5, signal);
    for (const fire of timers) fire();
    await slept;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    timers.clear();

    const controller = new AbortController();
    const aborted = expect(sleepBy(clock, 5, controller.signal)).rejects.toThrow('enough');
    expect(timers.size).toBe(1);
    controller.abort(new Error('enough'));
    await aborted;
    expect(timers.size).toBe(0);
  });
});

describe('the manual clock', () => {
  it('fires timers in order of time, those set on the way too, and lets promises settle in between', async () => {
    const clock = createManualClock(0);
    const log: string[] = [];
    clock.setTimer(20, () => log.push(`b ${clock.now()}`));
    clock.setTimer(10, async () => {
      await Promise.resolve();
      log.push(`a ${clock.now()}`);
      clock.setTimer(15, () => log.push(`set on the way ${clock.now()}`));
    });
    clock.setTimer(20, () => log.push(`c ${clock.now()}`));
    await clock.advance(20);
    expect(log).toEqual(['a 10', 'set on the way 15', 'b 20', 'c 20']);
    expect(clock.now()).toBe(20);
  });

  it('never goes back', async () => {
    const clock = createManualClock(100);
    await clock.advanceTo(50);
    expect(clock.now()).toBe(100);
  });
});
