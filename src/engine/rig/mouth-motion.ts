/**
 * How the lower face moves when the mouth does. Around the slit of the lips the motion is torn: what lies above moves with the
 * upper lip, what lies below with the jaw. So there are three of it: `whole` is the motion as it is; `upper` and `lower` are
 * smooth beyond the slit and are used for the texels of their own side only. Outside the mouth's corners all three agree.
 */
import type { Face, Mouth } from './face.ts';
import { along } from './frame.ts';
import { bell, clamp, lookUp, mix, smooth } from './maths.ts';

export type Side = 'whole' | 'upper' | 'lower';

/** Pixels at full strength; `e` along the mouth (to the right), `f` across it (down). */
export type MouthMotion = {
  openE: number;
  openF: number;
  wideE: number;
  roundE: number;
  roundF: number;
  teethF: number;
  pressF: number;
};

/** Place on the mouth: `s` px along, `u` in half widths (the corners are at ±1), `v` units below the seam. */
export type MouthPlace = { s: number; u: number; v: number };

export function mouthPlace(face: Face, x: number, y: number): MouthPlace {
  const { mouth, unit } = face;
  const { x: s, y: t } = along(mouth, x, y);
  const u = s / (s < 0 ? mouth.halfLeft : mouth.halfRight);
  return { s, u, v: (t - seamHeight(mouth, u)) / unit };
}

/** Height of the middle between the lips' inner edges; beyond the corners as at the corner. */
function seamHeight(mouth: Mouth, u: number): number {
  return (lookUp(mouth.upper, u) + lookUp(mouth.lower, u)) / 2;
}

/** How far the jaw drops the lower lip at open 1, in units: the hinge turns by 0.125 rad, 1.2 units from the lip. */
export const jawDrop = 0.15;
/** As long as a chin is from the lips on, in units, for the jaw to drop so far; a shorter one drops less, in proportion. */
const roomyChin = 0.45;
const cornerShare = 0.3;

/** The lower lip's share of the drop: all in the middle, 0.3 in the corners, fading out in the cheeks. */
function lowerLip(u: number): number {
  const a = Math.abs(u);
  return a < 1 ? cornerShare + (1 - cornerShare) * (1 - a * a) ** 0.88 : cornerShare * bell(a - 1, 0.6);
}

/** The upper lip stays, but its ends go along with the corners. */
function upperLip(u: number): number {
  const a = Math.abs(u);
  return a < 1 ? cornerShare * a ** 2.5 : lowerLip(u);
}

/** Whether a place moves with the lower lip. */
const isBelow = (v: number, side: Side): boolean => (side === 'whole' ? v >= 0 : side === 'lower');

/**
 * The jaw's drop as a share of the full one, by side. Both sides are given above and below the slit by the same two formulas,
 * with their own lip put in. In the corners both lips drop alike, so the sides meet there without a seam.
 */
function jaw(u: number, v: number, toChin: number, side: Side): number {
  const isLower = isBelow(v, side);
  const lip = isLower ? lowerLip(u) : upperLip(u);
  // Above, the drop fades out; within the mouth that is behind the upper lip, and slower, to keep the lower lip's rim in shape.
  const fade = 0.22 + 0.5 * Math.sqrt(Math.max(0, 1 - Math.abs(u)));
  const near = v >= 0 ? mix(lip, 1, smooth(0.02, 0.85 * toChin, v)) : lip * bell(v, isLower ? fade : 0.22);
  // In the cheeks the drop sets in higher up and more gently.
  const far = smooth(-0.35, 0.9 * toChin, v);
  return (1 - smooth(toChin, toChin + 0.8, v)) * mix(near, far, smooth(1, 2, Math.abs(u)));
}

/** Which of two motions counts: that of the side, or of the actual place. Both fade out towards the corners. */
function split(u: number, v: number, side: Side, upper: number, lower: number): number {
  const isLower = isBelow(v, side);
  return (isLower ? lower : upper) * (1 - smooth(0.55, 1, Math.abs(u)));
}

/** The motion at a place that is `v` units below the seam; `sideways` is 0 at the hinge of the jaw and 1 at the lips. */
export function mouthMotion(face: Face, place: MouthPlace, sideways: number, side: Side): MouthMotion {
  const { mouth, unit } = face;
  const { s, u, v } = place;
  const near = bell(s, 0.42 * unit) * bell(v, v < 0 ? 0.22 : 0.36);
  const gap = Math.abs(u) < 1 ? restingGap(mouth, u) : 0;
  const lips = bell(u, 0.95) * bell(v, 0.17);
  return {
    openE: -0.05 * s * near,
    openF: jawDrop * Math.min(unit, mouth.toChin / roomyChin) * jaw(u, v, mouth.toChin / unit, side) * sideways,
    wideE: 0.2 * s * near,
    roundE: 0.26 * s * near,
    // Rounded lips stand out, which from the front makes them thicker.
    roundF: unit * clamp(v, -0.12, 0.14) * 0.22 * bell(u, 0.8) * bell(v, 0.3),
    teethF: unit * lips * split(u, v, side, -0.026, 0.024),
    // Lips that rest apart have to come together first.
    pressF: unit * lips * split(u, v, side, 0.013, -0.013) + 0.55 * gap * bell(v, 0.3) * (isBelow(v, side) ? -1 : 1),
  };
}

/** Pixels by which the lips' inner edges stand apart at a place of the seam, in the resting picture. */
function restingGap(mouth: Mouth, u: number): number {
  return Math.max(0, lookUp(mouth.lower, u) - lookUp(mouth.upper, u));
}
