/** The inside of the mouth: dark, tongue, both rows of teeth. */
import { bell, clamp, mix, smooth } from '../rig/maths.ts';
import type { Palette } from './colours.ts';

/**
 * A place inside the mouth. `u` in half widths of the mouth. The others in units of the face: `head` below the upper lip's
 * resting edge, for what is fixed to the skull; `fromUpper` and `fromLower` from the lips' edges as they are now.
 * `rounded` is how far the lips are (0-1): then they hide the teeth.
 */
export type InsidePlace = { u: number; head: number; fromUpper: number; fromLower: number; rounded: number };

/** Widths of the upper teeth from the middle outwards, in units; molars hide in the dark. */
const toothEdges = [0.082, 0.145, 0.205, 0.25, 0.29];

/** 0 between two teeth, 1 on a tooth. */
function onTooth(across: number): number {
  let nearest = across;
  for (const edge of toothEdges) nearest = Math.min(nearest, Math.abs(across - edge));
  return smooth(0, 0.009, nearest);
}

/** How much of an upper tooth there is at a place: 1 on it, 0 below its edge; each tooth is a little round at its end. */
function upperTeeth(across: number, head: number, rounded: number): number {
  const length = 0.056 - 0.02 * rounded - 0.5 * across * across - (1 - onTooth(across)) * 0.006;
  return 1 - smooth(length - 0.008, length + 0.004, head);
}

/** Packed colour of a place; `across` is its distance from the middle of the mouth, in units. */
export function insideColour({ teeth, tongue, dark }: Palette, place: InsidePlace, across: number): number {
  const { u, head, fromUpper, fromLower, rounded } = place;
  // Little light falls into a mouth that is hardly open, or pursed.
  const light = mix(0.55, 1, smooth(0.015, 0.1, fromUpper + fromLower)) * (1 - 0.3 * rounded);
  const side = 1 - 0.85 * smooth(0.35, 1, Math.abs(u));
  let [red, green, blue] = dark;
  const cover = (colour: readonly [number, number, number], share: number, by: number) => {
    red = mix(red, colour[0] * by, share);
    green = mix(green, colour[1] * by, share);
    blue = mix(blue, colour[2] * by, share);
  };
  // Towards the corners the cheeks' flesh closes the mouth.
  cover(tongue, 0.6 * smooth(0.5, 1, Math.abs(u)), 0.5);
  // The tongue: a dome on the floor, lit from the front, with a soft furrow.
  const dome = clamp(0.55 * (fromUpper + fromLower), 0.08, 0.2) * (1 - clamp(u * u * 1.2, 0, 1));
  const onTongue = (1 - smooth(dome - 0.03, dome + 0.03, fromLower)) * smooth(0.03, 0.1, fromUpper);
  cover(tongue, 0.95 * onTongue, light * side * (0.55 + 0.45 * smooth(-0.02, 0.09, fromLower)) * (1 - 0.1 * bell(across, 0.03)));
  // Lower teeth: a thin row behind the lip, mostly in its shadow.
  const low = (1 - smooth(0.014, 0.024, fromLower + 0.4 * across * across)) * smooth(0.06, 0.12, fromUpper);
  cover(teeth, 0.35 * low * side, 0.6 * (0.8 + 0.2 * onTooth(across * 1.35)));
  const high = upperTeeth(across, head, rounded) * (1 - smooth(0.7, 1, Math.abs(u)));
  // What light there is has come off the lips and the tongue, and has their hue.
  const hue = Math.max(...tongue);
  const ruddy = Math.min(0.7, 1.5 * (1 - light));
  const lit = (channel: 0 | 1 | 2) => teeth[channel] * mix(1, tongue[channel] / hue, ruddy);
  cover(
    [lit(0), lit(1), lit(2)],
    high,
    light * side * (0.86 + 0.14 * onTooth(across)) * (0.93 + 0.07 * smooth(0.06, 0.02, head)),
  );
  // The lips' shadow: everything darkens towards their edges, more under the upper one.
  const shade = (0.5 + 0.5 * smooth(0, 0.04, fromUpper)) * (0.6 + 0.4 * smooth(-0.005, 0.02, fromLower));
  return (
    (clamp(red * shade, 0, 255) & 255) |
    ((clamp(green * shade, 0, 255) & 255) << 8) |
    ((clamp(blue * shade, 0, 255) & 255) << 16) |
    0xff000000
  );
}
