import { z } from 'zod';

/** One weight of the Hallo model: the range and the default that the API publishes. */
export type WeightRange = { readonly min: number; readonly max: number; readonly default: number };

/** The four weights, in the order in which they are offered. */
export const WEIGHT_RANGES = {
  poseWeight: { min: 0, max: 10, default: 1.4 },
  faceWeight: { min: 0, max: 10, default: 1 },
  lipWeight: { min: 0, max: 10, default: 1.2 },
  faceExpandRatio: { min: 0, max: 10, default: 1.2 },
} as const satisfies Record<string, WeightRange>;

export const WEIGHT_NAMES = Object.keys(WEIGHT_RANGES).filter((name): name is keyof typeof WEIGHT_RANGES =>
  Object.hasOwn(WEIGHT_RANGES, name),
);

const weight = ({ min, max }: WeightRange) => z.number().min(min).max(max);

export const weightsSchema = z.object({
  poseWeight: weight(WEIGHT_RANGES.poseWeight),
  faceWeight: weight(WEIGHT_RANGES.faceWeight),
  lipWeight: weight(WEIGHT_RANGES.lipWeight),
  faceExpandRatio: weight(WEIGHT_RANGES.faceExpandRatio),
});

export type Weights = z.infer<typeof weightsSchema>;

/** Some of the weights, the others left open. */
export const someWeightsSchema = z.object({
  poseWeight: weightsSchema.shape.poseWeight.exactOptional(),
  faceWeight: weightsSchema.shape.faceWeight.exactOptional(),
  lipWeight: weightsSchema.shape.lipWeight.exactOptional(),
  faceExpandRatio: weightsSchema.shape.faceExpandRatio.exactOptional(),
});

export const DEFAULT_WEIGHTS: Weights = {
  poseWeight: WEIGHT_RANGES.poseWeight.default,
  faceWeight: WEIGHT_RANGES.faceWeight.default,
  lipWeight: WEIGHT_RANGES.lipWeight.default,
  faceExpandRatio: WEIGHT_RANGES.faceExpandRatio.default,
};

/** Weights under a name: as the API's own, with more of every motion, and with hardly any but the lips'. */
export const PRESETS = {
  natural: DEFAULT_WEIGHTS,
  lively: { poseWeight: 2.2, faceWeight: 1.4, lipWeight: 1.5, faceExpandRatio: 1.3 },
  still: { poseWeight: 0.4, faceWeight: 0.7, lipWeight: 1.1, faceExpandRatio: 1.2 },
} as const satisfies Record<string, Weights>;
export type Preset = keyof typeof PRESETS;
export const PRESET_NAMES = ['natural', 'lively', 'still'] as const satisfies readonly Preset[];

export function isPreset(name: string | null): name is Preset {
  return name !== null && Object.hasOwn(PRESETS, name);
}
