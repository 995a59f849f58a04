/** The head as a rigid thing that turns about the neck, and how far around it that is felt. */
import type { Face } from './face.ts';
import { along } from './frame.ts';
import type { Pose } from './gains.ts';
import { clamp, smooth } from './maths.ts';
import { stageSide } from './texture.ts';

/** At a pose of 1: radians, and units of the face for the shifts. */
const amount = { yaw: 0.085, pitch: 0.065, roll: 0.055, tx: 0.03, ty: 0.022 };

/** A place in the head's frame, from the neck's pivot: right, down, towards the viewer. */
export type HeadPlace = { a: number; b: number; d: number };

export function headPlace(face: Face, x: number, y: number, depth: number): HeadPlace {
  const { head, unit } = face;
  const { x: a, y: down } = along(head, x, y);
  return { a, b: down - 1.5 * head.halfHeight, d: depth - face.earDepth + 0.15 * unit };
}

/** How a pose moves places of the head: `right` = ra·a + rb·b + rd·d + shiftX, `down` alike, in the head's frame. */
export type HeadTurn = { ra: number; rb: number; rd: number; shiftX: number; da: number; db: number; dd: number; shiftY: number };

/** Turns aside, nods and tilts one after the other; what is nearer than the pivot goes the way the face looks. */
export function headTurn(pose: Pose, unit: number): HeadTurn {
  const [yaw, pitch, roll] = [amount.yaw * pose.yaw, amount.pitch * pose.pitch, amount.roll * pose.roll];
  const [cosYaw, sinYaw] = [Math.cos(yaw), Math.sin(yaw)];
  const [cosPitch, sinPitch] = [Math.cos(pitch), Math.sin(pitch)];
  const [cosRoll, sinRoll] = [Math.cos(roll), Math.sin(roll)];
  // After yaw and pitch: a' = a cosYaw + d sinYaw and b' = b cosPitch + (d cosYaw - a sinYaw) sinPitch; the roll mixes both.
  const [ba, bd] = [-sinYaw * sinPitch, cosYaw * sinPitch];
  return {
    ra: cosYaw * cosRoll - ba * sinRoll - 1,
    rb: -cosPitch * sinRoll,
    rd: sinYaw * cosRoll - bd * sinRoll,
    shiftX: amount.tx * unit * pose.tx,
    da: cosYaw * sinRoll + ba * cosRoll,
    db: cosPitch * cosRoll - 1,
    dd: sinYaw * sinRoll + bd * cosRoll,
    shiftY: amount.ty * unit * pose.ty,
  };
}

/** Where a pose takes a place, in the head's frame. */
export function turned(
  { ra, rb, rd, shiftX, da, db, dd, shiftY }: HeadTurn,
  { a, b, d }: HeadPlace,
): { right: number; down: number } {
  return { right: ra * a + rb * b + rd * d + shiftX, down: da * a + db * b + dd * d + shiftY };
}

/**
 * 1 on the head with its hair, falling off to 0 around it, and to 0 at the picture's border. `expand` is face_expand_ratio: the
 * larger, the farther out the motion fades.
 */
export function headWeight(face: Face, x: number, y: number, expand: number): number {
  const { head } = face;
  const { x: a, y: b } = along(head, x, y);
  // The middle of the whole head lies above that of the face; the neck below takes the motion up.
  const r = Math.hypot(a / (1.4 * head.halfWidth), (b + 0.3 * head.halfHeight) / (1.6 * head.halfHeight));
  const band = 0.45 + 0.13 * clamp(expand, 0, 10);
  const margin = Math.min(x, y, stageSide - x, stageSide - y);
  return (1 - smooth(1, 1 + band, r)) * smooth(0, 0.07 * stageSide, margin);
}
