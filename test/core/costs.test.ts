import fc from 'fast-check';
import { expect, test } from 'vitest';
import { costReport } from '../../src/core/costs.ts';

const at = (day: number, hour = 0) => Date.UTC(2026, 5, day, hour);
const rules = { budgetUsd: 100, estimateUsd: 0.42 };

test('halfway through the month the forecast is the double, and the average that of what was made', () => {
  expect(costReport({ bookedUsd: 12, renders: 30 }, rules, at(16))).toEqual({
    ...{ monthUsd: 12, renders: 30, averageUsd: 0.4, forecastUsd: 24, budgetUsd: 100, rendersLeft: 209 },
    renewsAtMs: Date.UTC(2026, 6, 1),
  });
});

test('where nothing was made there is no average; a first hour is not made a month of', () => {
  expect(costReport({ bookedUsd: 0, renders: 0 }, rules, at(9)).averageUsd).toBeNull();
  expect(costReport({ bookedUsd: 1, renders: 2 }, rules, at(1, 1)).forecastUsd).toBe(30);
});

test('a forecast is never below what is booked, and no render is promised beyond the budget', () => {
  const usd = fc.double({ min: 0, max: 1_000, noNaN: true });
  fc.assert(
    fc.property(usd, usd, fc.integer({ min: at(1), max: at(30, 23) }), (bookedUsd, budgetUsd, nowMs) => {
      const report = costReport({ bookedUsd, renders: 3 }, { ...rules, budgetUsd }, nowMs);
      expect(report.forecastUsd).toBeGreaterThanOrEqual(bookedUsd - 1e-9);
      expect(bookedUsd + report.rendersLeft * rules.estimateUsd).toBeLessThanOrEqual(Math.max(bookedUsd, budgetUsd) + 1e-6);
    }),
  );
});
