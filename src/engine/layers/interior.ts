/** The inside of the mouth: dark, tongue, both rows of teeth. */
import { bell, clamp, mix, smooth } from '../rig/maths.ts';
import { blend, darken } from './blend.ts';
import type { Palette } from './colours.ts';

/** Widths of the upper teeth from the middle outwards, in units; molars hide in the dark. */
const toothEdges = [0.082, 0.145, 0.205, 0.25, 0.29];

/** 0 between two teeth, 1 on a tooth. */
function onTooth(across: number): number {
  let nearest = across;
  for (let edge = 0; edge < toothEdges.length; edge += 1) nearest = Math.min(nearest, Math.abs(across - (toothEdges[edge] ?? 0)));
  return smooth(0, 0.009, nearest);
}

/** How much of an upper tooth there is at a place: 1 on it, 0 below its edge; each tooth is a little round at its end. */
function upperTeeth(across: number, head: number, rounded: number): number {
  const length = 0.056 - 0.02 * rounded - 0.5 * across * across - (1 - onTooth(across)) * 0.006;
  return 1 - smooth(length - 0.008, length + 0.004, head);
}

/** Mixes a packed colour over another; `light` (0-1) is how much of it falls there. */
const cover = (under: number, colour: number, share: number, light: number): number =>
  share > 0 ? blend(under, darken(colour, Math.round(256 * light)), Math.round(256 * share)) : under;

/**
 * Packed colour of a place inside the mouth. `u` in half widths of the mouth. The others in units of the face: `across` from its
 * middle; `head` below the upper lip's resting edge, for what is fixed to the skull; `fromUpper` and `fromLower` from the lips' edges
 * as they are now. `rounded` is how far the lips are (0-1): then they hide the teeth.
 */
export function insideColour(
  { teeth, ruddy, tongue, dark }: Palette,
  u: number,
  across: number,
  head: number,
  fromUpper: number,
  fromLower: number,
  rounded: number,
): number {
  // Little light falls into a mouth that is hardly open, or pursed.
  const light = mix(0.55, 1, smooth(0.015, 0.1, fromUpper + fromLower)) * (1 - 0.3 * rounded);
  const side = 1 - 0.85 * smooth(0.35, 1, Math.abs(u));
  // Towards the corners the cheeks' flesh closes the mouth.
  let colour = cover(dark, tongue, 0.6 * smooth(0.5, 1, Math.abs(u)), 0.5);
  // The tongue: a dome on the floor, lit from the front, with a soft furrow.
  const dome = clamp(0.55 * (fromUpper + fromLower), 0.08, 0.2) * (1 - clamp(u * u * 1.2, 0, 1));
  const onTongue = (1 - smooth(dome - 0.03, dome + 0.03, fromLower)) * smooth(0.03, 0.1, fromUpper);
  const tongueLight = (0.55 + 0.45 * smooth(-0.02, 0.09, fromLower)) * (1 - 0.1 * bell(across, 0.03));
  colour = cover(colour, tongue, 0.95 * onTongue, light * side * tongueLight);
  // Lower teeth: a thin row behind the lip, mostly in its shadow.
  const low = (1 - smooth(0.014, 0.024, fromLower + 0.4 * across * across)) * smooth(0.06, 0.12, fromUpper);
  colour = cover(colour, teeth, 0.35 * low * side, 0.6 * (0.8 + 0.2 * onTooth(across * 1.35)));
  const high = upperTeeth(across, head, rounded) * (1 - smooth(0.7, 1, Math.abs(u)));
  // What light there is has come off the lips and the tongue, and has their hue.
  const lit = blend(teeth, ruddy, Math.round(256 * Math.min(0.7, 1.5 * (1 - light))));
  colour = cover(colour, lit, high, light * side * (0.86 + 0.14 * onTooth(across)) * (0.93 + 0.07 * smooth(0.06, 0.02, head)));
  // The lips' shadow: everything darkens towards their edges, more under the upper one.
  const shade = (0.5 + 0.5 * smooth(0, 0.04, fromUpper)) * (0.6 + 0.4 * smooth(-0.005, 0.02, fromLower));
  return darken(colour, Math.round(256 * shade));
}
