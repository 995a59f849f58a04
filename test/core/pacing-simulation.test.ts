import { describe, expect, it } from 'vitest';
import { delayRatio, fixedInterval, shortRatio, simulateLone } from '../../bench/pacing.ts';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('simulated days of renders whose drifting median nobody tells', () => {
  it.each([
    [20_000, 0.15],
    [20_000, 0.3],
    [60_000, 0.3],
    [300_000, 0.15],
    [300_000, 0.3],
  ])(
    'completions of renders of %d ms (σ %d) are seen at most 0.65 × as late as by a fixed interval of as many calls',
    (medianMs, sigma) => {
      expect(delayRatio(simulateLone({ medianMs, sigma, days: 4, seed: 11 }))).toBeLessThanOrEqual(0.65);
    },
  );

  it('renders of 300 s cost a quarter of the calls of a 2 s interval, and 95 % are seen within 2 % of their length', () => {
    const watches = simulateLone({ medianMs: 300_000, sigma: 0.3, days: 7, seed: 11 });
    const fixed = fixedInterval(watches, 2_000);
    expect(mean(watches.map(({ calls }) => calls))).toBeLessThanOrEqual(0.25 * mean(fixed.map(({ calls }) => calls)));
    const onTime = watches.filter(({ delayMs, durationMs }) => delayMs <= 0.02 * durationMs).length;
    expect(onTime / watches.length).toBeGreaterThanOrEqual(0.95);
  });

  it.each([
    [0.3, 0.55],
    [0.15, 0.35],
  ])(
    'with 60 calls a minute for 20 renders of 300 s (σ %d) asking by worth takes at most %d of the delay of asking in turn',
    (sigma, limit) => {
      expect(shortRatio(sigma, 1, 12).ratio).toBeLessThanOrEqual(limit);
    },
  );
});
