import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffMs, DEFAULT_RETRY, readRetryAt, retryDelayMs } from '../../src/segmind/retry.ts';

const now = Date.UTC(2030, 0, 1);
const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoff', () => {
  test('doubles its upper bound up to the longest delay', () => {
    const bounds = [0, 1, 2, 6, 7, 1_000].map(attempt => backoffMs(attempt, DEFAULT_RETRY, 0.999_999));
    expect(bounds).toEqual([499, 999, 1_999, 29_999, 29_999, 29_999]);
  });

  test('lies anywhere between 0 and the bound', () => {
    fc.assert(
      fc.property(fc.nat(200), unit, (attempt, random) => {
        const delay = backoffMs(attempt, DEFAULT_RETRY, random);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.min(DEFAULT_RETRY.maxDelayMs, DEFAULT_RETRY.baseDelayMs * 2 ** attempt));
      }),
    );
    expect(backoffMs(3, DEFAULT_RETRY, 0)).toBe(0);
  });
});

describe('the delay before a repetition', () => {
  test('is null once the repetitions are used up', () => {
    expect(retryDelayMs(2, { ...DEFAULT_RETRY, retries: 2 }, { nowMs: now, retryAtMs: null, random: 0.5 })).toBeNull();
    expect(retryDelayMs(1, { ...DEFAULT_RETRY, retries: 2 }, { nowMs: now, retryAtMs: null, random: 0.5 })).toBe(500);
  });

  test('never ends before the reset, never exceeds the longest delay, and is null for a reset beyond it', () => {
    fc.assert(
      fc.property(fc.nat(2), fc.integer({ min: -100_000, max: 100_000 }), unit, (attempt, untilMs, random) => {
        const delay = retryDelayMs(attempt, DEFAULT_RETRY, { nowMs: now, retryAtMs: now + untilMs, random });
        if (untilMs > DEFAULT_RETRY.maxDelayMs) {
          expect(delay).toBeNull();
          return;
        }
        expect(delay).toBeGreaterThanOrEqual(Math.max(0, untilMs));
        expect(delay).toBeLessThanOrEqual(DEFAULT_RETRY.maxDelayMs);
      }),
    );
  });
});

describe('reset headers', () => {
  const in10s = now + 10_000;
  test.each([
    ['epoch seconds', { 'x-rate-limit-reset-at-utc': String(in10s / 1000) }],
    ['epoch ms', { 'x-rate-limit-reset-at-utc': String(in10s) }],
    ['ISO with Z', { 'x-rate-limit-reset-at-utc': '2030-01-01T00:00:10Z' }],
    ['ISO with an offset', { 'x-rate-limit-reset-at-utc': '2030-01-01T01:00:10+01:00' }],
    ['ISO without a zone, which is UTC', { 'x-rate-limit-reset-at-utc': '2030-01-01T00:00:10.000' }],
    ['ISO with a space', { 'x-rate-limit-reset-at-utc': '2030-01-01 00:00:10' }],
    ['ISO with the word UTC', { 'x-rate-limit-reset-at-utc': '2030-01-01 00:00:10 UTC' }],
    ['retry-after in seconds', { 'retry-after': '10' }],
    ['retry-after as a date', { 'retry-after': 'Tue, 01 Jan 2030 00:00:10 GMT' }],
    ['the later of both', { 'retry-after': '1', 'x-rate-limit-reset-at-utc': String(in10s) }],
    ['the first of several', { 'retry-after': ['10', '20'] }],
  ])('%s', (_, headers) => {
    expect(readRetryAt(headers, now)).toBe(in10s);
  });

  test.each(['', 'soon', '12', 'NaN', '2030-99-99T00:00:00Z', '-5'])('%j says nothing', value => {
    expect(readRetryAt({ 'x-rate-limit-reset-at-utc': value }, now)).toBeNull();
  });

  test('a time in the past is now, and one far away is bounded to an hour', () => {
    expect(readRetryAt({ 'retry-after': 'Tue, 01 Jan 2019 00:00:10 GMT' }, now)).toBe(now);
    expect(readRetryAt({ 'retry-after': '9999999999' }, now)).toBe(now + 3_600_000);
  });

  test('whatever the headers say, the answer is null or within an hour, and nothing is thrown', () => {
    const digits = fc.stringMatching(/^\d{1,16}(\.\d{1,4})?$/);
    const value = fc.oneof(
      fc.string(),
      digits,
      fc.date({ noInvalidDate: true }).map(String),
      fc.array(fc.string()),
      fc.constant(undefined),
    );
    fc.assert(
      fc.property(value, value, (retryAfter, resetAt) => {
        const at = readRetryAt({ 'retry-after': retryAfter, 'x-rate-limit-reset-at-utc': resetAt }, now);
        if (at === null) return;
        expect(at).toBeGreaterThanOrEqual(now);
        expect(at).toBeLessThanOrEqual(now + 3_600_000);
      }),
      { numRuns: 500 },
    );
  });
});
