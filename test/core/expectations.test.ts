import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DurationModel, initialModel } from '../../src/core/duration-model.ts';
import { createExpectations } from '../../src/core/expectations.ts';

const prior = { medianMs: 300_000, sigma: 0.5 };

test('begins with the prior where what was kept can not be read', async () => {
  const get = () => Promise.reject(new SyntaxError('Unterminated string in JSON'));
  const expectations = await createExpectations({ get, set: async () => {}, delete: async () => {} }, 'provider', prior, () => 0);
  expect(expectations.of(5).medianMs).toBeCloseTo(prior.medianMs);
});

test('whatever is kept as learned, predictions stay within their bounds, also after more is learned', async () => {
  const model: fc.Arbitrary<DurationModel> = fc.record({
    version: fc.constant(1 as const),
    weight: fc.double({ noNaN: true, min: 0, noDefaultInfinity: true }),
    meanLogMs: fc.double({ noNaN: true, noDefaultInfinity: true }),
    meanLogVoice: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    sumVoiceVoice: fc.double({ noNaN: true, min: 0, noDefaultInfinity: true }),
    sumVoiceDuration: fc.double({ noNaN: true, noDefaultInfinity: true }),
    varianceWeight: fc.double({ noNaN: true, min: 0, noDefaultInfinity: true }),
    variance: fc.double({ noNaN: true, min: 0, noDefaultInfinity: true }),
  });
  const kept = fc.oneof(
    fc.jsonValue(),
    model,
    model.map(some => ({ ...initialModel(), ...some })),
  );
  await fc.assert(
    fc.asyncProperty(kept, fc.double(), fc.double(), async (value, voiceSeconds, durationMs) => {
      const settings = { get: async () => value, set: async () => {}, delete: async () => {} };
      const expectations = await createExpectations(settings, 'provider', prior, () => 0);
      for (let count = 0; count < 3; count += 1) {
        const { medianMs, sigma } = expectations.of(voiceSeconds);
        expect(medianMs >= 500 && medianMs <= 3_600_000 && sigma >= 0.03 && sigma <= 1.5).toBe(true);
        await expectations.learn({ voiceSeconds, durationMs });
      }
    }),
    { numRuns: 500 },
  );
});
