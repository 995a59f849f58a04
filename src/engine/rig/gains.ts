/** From curves and weights to what one frame does. */
import type { Curves } from '../curves.ts';

/** The four weights of the API, 0-10. */
export type Weights = { poseWeight: number; faceWeight: number; lipWeight: number; faceExpandRatio: number };

/** How a frame differs from the resting picture; all zero is the picture itself. */
export type Pose = {
  open: number;
  wide: number;
  teeth: number;
  press: number;
  brows: number;
  cheeks: number;
  /** 0-1, whatever the weight: a lid can't do more than close. */
  blink: number;
  gazeX: number;
  gazeY: number;
  yaw: number;
  pitch: number;
  roll: number;
  tx: number;
  ty: number;
  breath: number;
};

/**
 * A weight's effect: w up to 1, then 1 + 1.1 (1 - e^(-(w-1)/3.5)), so 10 is about double and nothing ever tears.
 * What is no number, or below 0, counts as 0.
 */
export function gain(weight: number): number {
  if (!(weight > 0)) return 0;
  return weight <= 1 ? weight : 1 + 1.1 * (1 - Math.exp(-(weight - 1) / 3.5));
}

const limit = (value: number | undefined, low: number, high: number): number =>
  value === undefined || Number.isNaN(value) ? 0 : Math.min(high, Math.max(low, value));

/** Lips can be rounded only so far before they are a snout. */
const mostRound = 1.2;
/** Brows can be lowered only so far before they lie on the lids. */
const mostFrown = 1.2;

/** The pose of one frame. Curves beyond their range are cut, so a wild curve can't tear the picture. */
export function poseAt(curves: Curves, frame: number, weights: Weights): Pose {
  const [lip, face, head] = [gain(weights.lipWeight), gain(weights.faceWeight), gain(weights.poseWeight)];
  const unit = (values: Float32Array) => limit(values[frame], 0, 1);
  const both = (values: Float32Array) => limit(values[frame], -1, 1);
  return {
    open: lip * unit(curves.open),
    wide: Math.max(-mostRound, lip * both(curves.wide)),
    teeth: lip * unit(curves.teeth),
    press: Math.min(1.2, lip) * unit(curves.press),
    brows: Math.max(-mostFrown, face * both(curves.brows)),
    cheeks: face * Math.max(0, both(curves.wide)) * 0.6,
    blink: Math.min(1, face) * unit(curves.blink),
    gazeX: Math.min(1.3, face) * both(curves.gazeX),
    gazeY: Math.min(1.3, face) * both(curves.gazeY),
    yaw: head * both(curves.yaw),
    pitch: head * both(curves.pitch),
    roll: head * both(curves.roll),
    tx: head * both(curves.tx),
    ty: head * both(curves.ty),
    breath: head * both(curves.breath),
  };
}
