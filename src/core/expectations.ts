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

const KEY = 'duration-model';

/** Takes up what was learned before, or begins anew where nothing (or nothing readable) is kept. */
export async function createExpectations(settings: Settings): Promise<Expectations> {
  const kept = durationModelSchema.safeParse(await settings.get(KEY));
  let model: DurationModel = kept.success ? kept.data : initialModel();
  return {
    of: voiceSeconds => predict(model, voiceSeconds),
    async learn(observation) {
      model = learn(model, observation);
      await settings.set(KEY, model);
    },
  };
}
