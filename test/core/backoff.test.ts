import fc from 'fast-check';
import { expect, it } from 'vitest';
import { backoffMs } from '../../src/core/backoff.ts';

const limits = { baseMs: 500, capMs: 30_000 };

it('doubles the longest wait with each attempt until the cap', () => {
  const longest = () => 1;
  expect([0, 1, 2, 5, 6, 7].map(attempt => backoffMs(attempt, limits, longest))).toEqual([
    500, 1_000, 2_000, 16_000, 30_000, 30_000,
  ]);
});

it('spreads the wait over everything from zero on', () => {
  expect(backoffMs(3, limits, () => 0)).toBe(0);
  expect(backoffMs(3, limits, () => 0.25)).toBe(1_000);
});

it('stays finite and within the cap after any number of attempts', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.integer(), fc.constant(Number.POSITIVE_INFINITY)),
      fc.nat(1e6),
      fc.nat(1e9),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, baseMs, capMs, drawn) => {
        const waitMs = backoffMs(attempt, { baseMs, capMs }, () => drawn);
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(capMs);
      },
    ),
  );
});
