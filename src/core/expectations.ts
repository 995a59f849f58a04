import {
  type DurationModel,
  type DurationObservation,
  type DurationPrediction,
  durationModelSchema,
  initialModel,
  learn,
  predict,
} from './duration-model.ts';
import type { Settings } from './ports.ts';

/** What is expected of a render's duration, learned from the ones that have ended. */
export type Expectations = {
  of(voiceSeconds: number): DurationPrediction;
  learn(observation: DurationObservation): Promise<void>;
};

/** A busy bot's model is not written with each render: the last ones less change little. */
const KEPT_EVERY_MS = 10_000;

/**
 * Takes up what was learned of this provider before; where nothing (or nothing readable) is kept it begins with the prior.
 * `provider` names who renders: what was learned of one says nothing about another.
 */
export async function createExpectations(
  settings: Settings,
  provider: string,
  prior: DurationPrediction,
  now: () => number,
): Promise<Expectations> {
  const key = `duration-model:${provider}`;
  // What was learned is worth less than a start: damaged, it is learned again.
  const kept = durationModelSchema.safeParse(await settings.get(key).catch(() => undefined));
  let model: DurationModel = kept.success ? kept.data : initialModel(prior);
  let keptAtMs = Number.NEGATIVE_INFINITY;
  return {
    of: voiceSeconds => predict(model, voiceSeconds),
    async learn(observation) {
      model = learn(model, observation);
      if (Math.abs(now() - keptAtMs) < KEPT_EVERY_MS) return;
      keptAtMs = now();
      await settings.set(key, model);
    },
  };
}
