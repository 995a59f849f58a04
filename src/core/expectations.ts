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

/**
 * Takes up what was learned of this provider before; where nothing (or nothing readable) is kept it begins with the prior.
 * `provider` names who renders: what was learned of one says nothing about another.
 */
export async function createExpectations(settings: Settings, provider: string, prior: DurationPrediction): Promise<Expectations> {
  const key = `duration-model:${provider}`;
  // What was learned is worth less than a start: damaged, it is learned again.
  const kept = durationModelSchema.safeParse(await settings.get(key).catch(() => undefined));
  let model: DurationModel = kept.success ? kept.data : initialModel(prior);
  return {
    of: voiceSeconds => predict(model, voiceSeconds),
    async learn(observation) {
      model = learn(model, observation);
      await settings.set(key, model);
    },
  };
}
