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

/** How a pose moves places of the head, in the head's frame. */
export type HeadTurn = { turn: (place: HeadPlace) => { right: number; down: number } };

/** Turns aside, nods and tilts one after the other; what is nearer than the pivot goes the way the face looks. */
export function headTurn(pose: Pose, unit: number): HeadTurn {
  const [yaw, pitch, roll] = [amount.yaw * pose.yaw, amount.pitch * pose.pitch, amount.roll * pose.roll];
  const [cosYaw, sinYaw] = [Math.cos(yaw), Math.sin(yaw)];
  const [cosPitch, sinPitch] = [Math.cos(pitch), Math.sin(pitch)];
  const [cosRoll, sinRoll] = [Math.cos(roll), Math.sin(roll)];
  const [shiftX, shiftY] = [amount.tx * unit * pose.tx, amount.ty * unit * pose.ty];
  return {
    turn({ a, b, d }) {
      const a1 = a * cosYaw + d * sinYaw;
      const d1 = d * cosYaw - a * sinYaw;
      const b1 = b * cosPitch + d1 * sinPitch;
      return { right: a1 * cosRoll - b1 * sinRoll - a + shiftX, down: a1 * sinRoll + b1 * cosRoll - b + shiftY };
    },
  };
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
  const band = 0.8 + 0.12 * clamp(expand, 0, 10);
  const margin = Math.min(x, y, stageSide - x, stageSide - y);
  return (1 - smooth(1, 1 + band, r)) * smooth(0, 0.07 * stageSide, margin);
}
