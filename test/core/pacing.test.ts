import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultPacing, expectedUndetectedWaitMs, nextPollAtMs } from '../../src/core/pacing.ts';

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const prediction = fc.record({
  medianMs: fc.oneof(fc.double({ min: 500, max: 3_600_000, noNaN: true }), fc.double({ noNaN: true })),
  sigma: fc.oneof(fc.double({ min: 0.03, max: 1.5, noNaN: true }), fc.double({ noNaN: true })),
});
const elapsedMs = fc.double({ min: 0, max: 86_400_000, noNaN: true });
const submittedAtMs = 1_700_000_000_000;
const usual = { medianMs: 300_000, sigma: 0.3 };
const half = () => 0.5;

/** The times since submission at which a render that never ends would be asked. */
function plan(of: { medianMs: number; sigma: number }, untilMs: number, options = defaultPacing): number[] {
  const polls: number[] = [];
  let lastPollAtMs: number | undefined;
  for (;;) {
    lastPollAtMs = nextPollAtMs({ submittedAtMs, lastPollAtMs, prediction: of, random: half, options });
    if (lastPollAtMs - submittedAtMs > untilMs) return polls;
    polls.push(lastPollAtMs - submittedAtMs);
  }
}

const intervals = (polls: readonly number[]): number[] => polls.slice(1).map((at, index) => at - (polls[index] ?? 0));

describe('the next poll', () => {
  it('waits first until completion becomes likely', () => {
    const [first = 0] = plan(usual, 300_000);
    expect(first).toBeGreaterThan(300_000 * Math.exp(-3 * 0.3));
    expect(first).toBeLessThan(300_000 * Math.exp(-1.5 * 0.3));
  });

  it('comes closer as completion becomes likelier, and further apart again when the render is overdue', () => {
    const polls = plan(usual, 3_600_000, { ...defaultPacing, ceilingShare: 1 });
    const around = (ms: number) => intervals(polls)[polls.findIndex(at => at > ms)] ?? 0;
    expect(around(320_000)).toBeLessThan(around(180_000));
    expect(around(3_000_000)).toBeGreaterThan(2 * around(320_000));
    expect(polls.length).toBeLessThan(600);
  });

  it('never lies closer than the floor, nor after likely completion further away than the ceiling', () => {
    fc.assert(
      fc.property(prediction, elapsedMs, share, (of, lastMs, drawn) => {
        const lastPollAtMs = submittedAtMs + lastMs;
        const afterMs = nextPollAtMs({ submittedAtMs, lastPollAtMs, prediction: of, random: () => drawn }) - lastPollAtMs;
        expect(afterMs).toBeGreaterThanOrEqual(defaultPacing.floorMs - 0.01);
        if (lastMs >= of.medianMs) expect(afterMs).toBeLessThanOrEqual(defaultPacing.ceilingMs + 0.01);
      }),
      { numRuns: 2_000 },
    );
  });

  it('lies no further away than a fiftieth of the time since submission once completion is likely, in the tail too', () => {
    const polls = plan(usual, 3_600_000);
    const late = polls.slice(1).filter((at, index) => at > 200_000 && at - (polls[index] ?? 0) > 0.02 * at);
    expect(late).toEqual([]);
    expect(polls.length).toBeLessThan(600);
  });

  it('keeps to a ceiling in time when a call is dear', () => {
    const options = { ...defaultPacing, callCostMs: 1e9, ceilingShare: 1 };
    const next = nextPollAtMs({
      submittedAtMs,
      lastPollAtMs: submittedAtMs + 400_000,
      prediction: usual,
      random: () => 0.999999,
      options,
    });
    expect(next - submittedAtMs).toBeCloseTo(460_000, 0);
  });

  it('is later after a later poll', () => {
    fc.assert(
      fc.property(prediction, elapsedMs, elapsedMs, share, (of, one, other, drawn) => {
        const pollAfter = (ms: number) =>
          nextPollAtMs({ submittedAtMs, lastPollAtMs: submittedAtMs + ms, prediction: of, random: () => drawn });
        // The solver is exact to 1 ms.
        expect(pollAfter(Math.min(one, other))).toBeLessThanOrEqual(pollAfter(Math.max(one, other)) + 2);
      }),
      { numRuns: 2_000 },
    );
  });

  it('lies where the expected undetected wait has reached what a call costs', () => {
    const possible = fc.record({
      medianMs: fc.integer({ min: 20_000, max: 3_600_000 }),
      sigma: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
    });
    const options = { ...defaultPacing, floorMs: 1, ceilingMs: 1e12, ceilingShare: 1e6 };
    fc.assert(
      fc.property(possible, fc.double({ min: 0, max: 3, noNaN: true }), (of, medians) => {
        const watched = { submittedAtMs, lastPollAtMs: submittedAtMs + medians * of.medianMs, prediction: of };
        const nowMs = nextPollAtMs({ ...watched, random: half, options });
        const waits = [-1.5, 1.5].map(aside => expectedUndetectedWaitMs({ ...watched, nowMs: nowMs + aside }));
        expect(waits[0]).toBeLessThanOrEqual(defaultPacing.callCostMs * 1.0001);
        expect(waits[1]).toBeGreaterThanOrEqual(defaultPacing.callCostMs * 0.9999);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['by what a call costs', 250_000, { ...defaultPacing, ceilingShare: 1 }],
    ['at the ceiling', 250_000, { ...defaultPacing, callCostMs: 1e9 }],
    ['at the floor', 20_000, defaultPacing],
  ])('scatters by the randomness handed in, by about a tenth, where it is set %s', (_where, lastMs, options) => {
    const lastPollAtMs = submittedAtMs + lastMs;
    const prediction = { ...usual, medianMs: lastMs + 50_000 * (lastMs / 250_000) };
    const intervalAt = (drawn: number) =>
      nextPollAtMs({ submittedAtMs, lastPollAtMs, prediction, random: () => drawn, options }) - lastPollAtMs;
    expect(intervalAt(0.999) / intervalAt(0)).toBeGreaterThan(1.08);
    expect(intervalAt(0.999) / intervalAt(0)).toBeLessThan(1.25);
    expect(intervalAt(0.5)).toBeGreaterThan(intervalAt(0));
    expect(intervalAt(0.5)).toBeLessThan(intervalAt(0.999));
  });

  it('is due at once for a render that nobody watched for a while', () => {
    const nowMs = submittedAtMs + 3_000_000;
    for (const lastPollAtMs of [undefined, submittedAtMs + 200_000]) {
      expect(nextPollAtMs({ submittedAtMs, lastPollAtMs, prediction: usual, random: half })).toBeLessThan(nowMs);
    }
  });

  it('is planned for 10,000 renders in well under a second', () => {
    const startMs = performance.now();
    for (let index = 0; index < 10_000; index++) {
      nextPollAtMs({ submittedAtMs, lastPollAtMs: submittedAtMs + 150_000 + 20 * index, prediction: usual, random: half });
    }
    expect(performance.now() - startMs).toBeLessThan(1_000);
  });
});

describe('the expected undetected wait', () => {
  it('is the mean of (now − T)⁺ over durations that outlast the last poll', () => {
    // Log-logistic durations drawn by inverse transform, beside the closed integral.
    for (const [lastMs, nowMs] of [
      [0, 250_000],
      [0, 900_000],
      [280_000, 300_000],
      [600_000, 700_000],
    ] as const) {
      const scale = 0.52 * usual.sigma;
      const doneBy = (ms: number) => 1 / (1 + (usual.medianMs / ms) ** (1 / scale));
      const from = lastMs > 0 ? doneBy(lastMs) : 0;
      const draws = 200_000;
      let sum = 0;
      for (let index = 0; index < draws; index++) {
        const level = from + ((1 - from) * (index + 0.5)) / draws;
        sum += Math.max(nowMs - usual.medianMs * (level / (1 - level)) ** scale, 0);
      }
      const lastPollAtMs = lastMs > 0 ? submittedAtMs + lastMs : undefined;
      const waitMs = expectedUndetectedWaitMs({ submittedAtMs, lastPollAtMs, nowMs: submittedAtMs + nowMs, prediction: usual });
      expect(waitMs / (sum / draws)).toBeCloseTo(1, 3);
    }
  });

  it('is finite and not negative, grows with time by at most the time, and shrinks with a later poll, whatever the input', () => {
    fc.assert(
      fc.property(prediction, elapsedMs, elapsedMs, elapsedMs, (of, lastMs, afterMs, moreMs) => {
        const wait = (last: number, now: number) =>
          expectedUndetectedWaitMs({ submittedAtMs: 0, lastPollAtMs: last, nowMs: now, prediction: of });
        const nowMs = lastMs + afterMs;
        const waitMs = wait(lastMs, nowMs);
        const slackMs = 1e-5 * (nowMs + moreMs) + 1e-6;
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(afterMs);
        expect(wait(lastMs, nowMs + moreMs)).toBeGreaterThanOrEqual(waitMs - slackMs);
        expect(wait(lastMs, nowMs + moreMs)).toBeLessThanOrEqual(waitMs + moreMs + slackMs);
        expect(wait(lastMs + afterMs / 2, nowMs)).toBeLessThanOrEqual(waitMs + slackMs);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is nothing before the submission, as when the clock was moved back', () => {
    expect(
      expectedUndetectedWaitMs({ submittedAtMs, lastPollAtMs: undefined, nowMs: submittedAtMs - 1, prediction: usual }),
    ).toBe(0);
    expect(
      expectedUndetectedWaitMs({ submittedAtMs, lastPollAtMs: submittedAtMs + 5_000, nowMs: submittedAtMs, prediction: usual }),
    ).toBe(0);
  });
});
