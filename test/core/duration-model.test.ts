import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normal, seededRandom } from '../../bench/pacing.ts';
import { type DurationModel, durationModelSchema, initialModel, learn, predict } from '../../src/core/duration-model.ts';

/** A model after `count` renders with the given median and spread; voices of 3 to 30 s. */
function taught(
  count: number,
  medianMs: (voiceSeconds: number, index: number) => number,
  sigma = 0.2,
  from = initialModel(),
): DurationModel {
  const random = seededRandom(7);
  let model = from;
  for (let index = 0; index < count; index++) {
    const voiceSeconds = 3 * 10 ** random();
    model = learn(model, { voiceSeconds, durationMs: medianMs(voiceSeconds, index) * Math.exp(sigma * normal(random)) });
  }
  return model;
}

const offBy = (value: number, expected: number): number => Math.abs(Math.log(value / expected));

describe('the duration model', () => {
  it('predicts its prior before anything was seen, whatever the voice', () => {
    for (const voiceSeconds of [1, 10, 120]) {
      const { medianMs, sigma } = predict(initialModel(), voiceSeconds);
      expect(medianMs).toBeCloseTo(300_000, 3);
      expect(sigma).toBeCloseTo(0.5, 9);
    }
  });

  it('leaves a prior that is far off within ten renders', () => {
    expect(
      offBy(
        predict(
          taught(10, () => 20_000),
          10,
        ).medianMs,
        20_000,
      ),
    ).toBeLessThan(0.25);
    expect(
      offBy(
        predict(
          taught(10, () => 3_000_000),
          10,
        ).medianMs,
        3_000_000,
      ),
    ).toBeLessThan(0.25);
  });

  it.each([0.15, 0.3, 0.5])('learns a spread of %d', sigma => {
    const learned = predict(
      taught(300, () => 300_000, sigma),
      10,
    ).sigma;
    expect(learned).toBeGreaterThan(sigma * 0.85);
    expect(learned).toBeLessThan(sigma * 1.25);
  });

  it("follows the voice's length where that explains the duration", () => {
    const model = taught(200, voiceSeconds => 30_000 * voiceSeconds);
    expect(offBy(predict(model, 4).medianMs, 120_000)).toBeLessThan(0.2);
    expect(offBy(predict(model, 25).medianMs, 750_000)).toBeLessThan(0.2);
    expect(predict(model, 10).sigma).toBeLessThan(0.3);
  });

  it("makes nothing of the voice's length where it explains nothing", () => {
    const model = taught(200, () => 300_000);
    expect(offBy(predict(model, 4).medianMs, predict(model, 25).medianMs)).toBeLessThan(0.15);
  });

  it('follows a median that drifts, and one that jumps', () => {
    const drifted = taught(400, (_, index) => 100_000 * 1.005 ** index);
    expect(offBy(predict(drifted, 10).medianMs, 100_000 * 1.005 ** 400)).toBeLessThan(0.2);
    const jumped = taught(
      60,
      () => 100_000,
      0.2,
      taught(100, () => 300_000),
    );
    expect(offBy(predict(jumped, 10).medianMs, 100_000)).toBeLessThan(0.2);
  });

  it('is not thrown by a single render that was stuck', () => {
    const before = taught(100, () => 300_000);
    const after = learn(before, { voiceSeconds: 10, durationMs: 3_600_000 });
    expect(offBy(predict(after, 10).medianMs, predict(before, 10).medianMs)).toBeLessThan(0.05);
    expect(predict(after, 10).sigma).toBeLessThan(predict(before, 10).sigma * 1.2);
  });

  it('takes the middle between the last poll that saw it running and the one that saw it done', () => {
    const exact = learn(initialModel(), { voiceSeconds: 10, durationMs: 250_000 });
    expect(learn(initialModel(), { voiceSeconds: 10, durationMs: 300_000, runningAtMs: 200_000 })).toEqual(exact);
  });

  it('stays finite, serialisable and as it was handed in, whatever is observed', () => {
    const anything = fc.oneof(fc.double(), fc.double({ min: 0, max: 1e7 }));
    const observation = fc.record(
      { voiceSeconds: anything, durationMs: anything },
      { requiredKeys: ['voiceSeconds', 'durationMs'] },
    );
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 40 }), anything, (observations, voiceSeconds) => {
        const first = initialModel();
        const model = observations.reduce(learn, first);
        expect(first).toEqual(initialModel());
        expect(durationModelSchema.parse(JSON.parse(JSON.stringify(model)))).toEqual(model);
        const { medianMs, sigma } = predict(model, voiceSeconds);
        expect(medianMs).toBeGreaterThanOrEqual(500);
        expect(medianMs).toBeLessThanOrEqual(3_600_000);
        expect(sigma).toBeGreaterThanOrEqual(0.03);
        expect(sigma).toBeLessThanOrEqual(1.5);
      }),
    );
  });
});
