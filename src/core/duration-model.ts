import { z } from 'zod';

/** Far beyond what renders lead to: a kept model with more in it is damaged, and would learn to be no number at all. */
const LARGEST_SUM = 1e9;
const amount = z.number().min(0).max(LARGEST_SUM);
/** The logarithm of milliseconds or seconds. */
const level = z.number().min(-50).max(50);

/**
 * What is known of how long a provider's renders take: durations are lognormal, their median follows the voice's length as far
 * as that explains something. A plain value that survives JSON, so it can be kept across restarts.
 */
export const durationModelSchema = z.object({
  version: z.literal(1),
  /** Renders behind the level, older ones counting less. */
  weight: amount,
  meanLogMs: level,
  /** Mean of log(voice seconds) over the same renders; null before the first. */
  meanLogVoice: level.nullable(),
  sumVoiceVoice: amount,
  sumVoiceDuration: z.number().min(-LARGEST_SUM).max(LARGEST_SUM),
  /** Of the errors of past predictions, so it holds the spread and also what drift and ignorance add to it. */
  varianceWeight: amount,
  variance: amount,
});
export type DurationModel = z.infer<typeof durationModelSchema>;

/** `sigma` is the standard deviation of the duration's logarithm. */
export type DurationPrediction = { medianMs: number; sigma: number };

/**
 * A render that ended. `durationMs`: from submission to completion, exact where the provider states it, else to the poll that saw
 * it done; then `runningAtMs` (since submission) is the last poll that saw it running, and the middle between both is learned.
 */
export type DurationObservation = { voiceSeconds: number; durationMs: number; runningAtMs?: number };

/** Segmind's average for hallo is 303 s; the spread is a guess that is soon replaced by what is seen. */
export const defaultDurationPrior: DurationPrediction = { medianMs: 300_000, sigma: 0.5 };

/** What stays of a render's weight with each later one: the level follows a drift within about 20 renders. */
const levelMemory = 0.95;
/** A spread and a slope need more renders to be known, and change less. */
const varianceMemory = 0.98;
const slopeMemory = 0.98;
/** A prior that is far off must give way to the first renders seen, so it weighs little. */
const priorLevelWeight = 0.25;
const priorVarianceWeight = 4;
/** Ridge: until voices of different lengths were seen, length explains nothing. */
const slopeRidge = 1;
/** Errors beyond this many sigmas count as this many, so that one stuck render does not spoil the next predictions. */
const clipSigmas = 3;

const sigmaRange = { min: 0.03, max: 1.5 };
const medianRangeMs = { min: 500, max: 3_600_000 };

const clamp = (value: number, min: number, max: number): number => Math.min(Math.max(value, min), max);
const logVoice = (voiceSeconds: number): number => Math.log(clamp(voiceSeconds || 1, 0.1, 3_600));
const logDuration = (durationMs: number): number => Math.log(clamp(durationMs || 1, 1, 24 * 3_600_000));

/** The model before anything was seen. */
export function initialModel(prior: DurationPrediction = defaultDurationPrior): DurationModel {
  return {
    version: 1,
    weight: priorLevelWeight,
    meanLogMs: logDuration(prior.medianMs),
    meanLogVoice: null,
    sumVoiceVoice: 0,
    sumVoiceDuration: 0,
    varianceWeight: priorVarianceWeight,
    variance: clamp(prior.sigma, sigmaRange.min, sigmaRange.max) ** 2,
  };
}

function expectedLogMs(model: DurationModel, voiceSeconds: number): number {
  const slope = model.sumVoiceDuration / (model.sumVoiceVoice + slopeRidge);
  return model.meanLogMs + slope * (model.meanLogVoice === null ? 0 : logVoice(voiceSeconds) - model.meanLogVoice);
}

/** The model after one more render; `model` itself stays as it is. */
export function learn(model: DurationModel, observation: DurationObservation): DurationModel {
  const { voiceSeconds, durationMs, runningAtMs } = observation;
  const expected = expectedLogMs(model, voiceSeconds);
  const clip = clipSigmas * Math.sqrt(model.variance);
  const seenMs = runningAtMs && runningAtMs < durationMs ? (runningAtMs + durationMs) / 2 : durationMs;
  const error = clamp(logDuration(seenMs) - expected, -clip, clip);

  const voice = logVoice(voiceSeconds);
  const meanLogVoice = model.meanLogVoice ?? voice;
  const weight = model.weight * levelMemory + 1;
  const step = 1 / weight;
  const voiceOff = voice - meanLogVoice;
  const durationOff = expected + error - model.meanLogMs;

  const varianceWeight = model.varianceWeight * varianceMemory + 1;
  return {
    version: 1,
    weight,
    meanLogMs: model.meanLogMs + step * durationOff,
    meanLogVoice: meanLogVoice + step * voiceOff,
    sumVoiceVoice: model.sumVoiceVoice * slopeMemory + (1 - step) * voiceOff ** 2,
    sumVoiceDuration: model.sumVoiceDuration * slopeMemory + (1 - step) * voiceOff * durationOff,
    varianceWeight,
    variance: clamp(model.variance + (error ** 2 - model.variance) / varianceWeight, sigmaRange.min ** 2, sigmaRange.max ** 2),
  };
}

/** How long the next render with a voice of this length will take. Always finite, within 0.5 s and 1 h. */
export function predict(model: DurationModel, voiceSeconds: number): DurationPrediction {
  return {
    medianMs: clamp(Math.exp(expectedLogMs(model, voiceSeconds)), medianRangeMs.min, medianRangeMs.max),
    sigma: clamp(Math.sqrt(model.variance), sigmaRange.min, sigmaRange.max),
  };
}
