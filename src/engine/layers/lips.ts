/**
 * The colour of a place near the slit of the lips. It is looked up twice, as part of the upper lip and as part of the lower one; each
 * counts as far as its texel lies on its own side of the lips' inner edge. What neither covers is the inside.
 */
import { sampleAt } from '../raster/sample.ts';
import type { Face } from '../rig/face.ts';
import { clamp, lookUp, smooth } from '../rig/maths.ts';
import { stageSide, type Texture } from '../rig/texture.ts';
import { blend } from './blend.ts';
import { paletteOf } from './colours.ts';
import { insideColour } from './interior.ts';

/** Of a frame: how far the lips are rounded (0-1), and how far the mouth as a whole has gone with the head, in pixels of the stage. */
export type MouthState = { rounded: number; goneX: number; goneY: number };

/** Distances and places are those of the resting picture, in pixels of the stage. */
export type Lips = {
  /** How far a place lies along the mouth, in half widths: the corners are at ±1. */
  inHalves(x: number, y: number): number;
  belowUpper(x: number, y: number): number;
  aboveLower(x: number, y: number): number;
  /** The packed colour at a place of the stage, of whose two looks one is the upper lip's and one the lower lip's. */
  colourAt(state: MouthState, x: number, y: number, upperX: number, upperY: number, lowerX: number, lowerY: number): number;
};

/**
 * How the edges of lips that rest closed, or parted, are taken, in pixels of the stage. `rim`: how far each lip's own texels reach over
 * its edge. Closed lips have their dark line there; parted ones teeth, of which none may go along with a lip. `upper` and `lower`: the
 * last texels that are taken lie so far within the lip; beyond is the light of the other lip, or of teeth.
 */
const edges = { closed: { rim: 1.2, upper: 1, lower: -2 }, apart: { rim: -1, upper: 1, lower: 3 } } as const;
/** Teeth that were hidden by the lip look as those this far below its resting edge, in units; right at it is the lip's shadow. */
const teethBelow = 0.014;

export function createLips(face: Face, texture: Texture): Lips {
  const { mouth, unit } = face;
  const { ex, ey } = mouth;
  const palette = paletteOf(face, texture);
  const edge = edges[mouth.apart ? 'apart' : 'closed'];

  const along = (x: number, y: number) => (x - mouth.x) * ex.x + (y - mouth.y) * ex.y;
  const across = (x: number, y: number) => (x - mouth.x) * ey.x + (y - mouth.y) * ey.y;
  const inHalves = (x: number, y: number) => {
    const s = along(x, y);
    return s / (s < 0 ? mouth.halfLeft : mouth.halfRight);
  };
  const belowUpper = (x: number, y: number) => across(x, y) - lookUp(mouth.upper, inHalves(x, y));
  const aboveLower = (x: number, y: number) => lookUp(mouth.lower, inHalves(x, y)) - across(x, y);
  /** The texel at a place, or `down` below it. */
  const texel = (x: number, y: number, down: number) => sampleAt(texture, stageSide, x + down * ey.x, y + down * ey.y);

  /** The inside at a place of the stage; `u`, the upper lip's texel there, tells how far out it is. */
  function inside(state: MouthState, x: number, y: number, u: number, fromUpper: number, fromLower: number): number {
    // Where the place was before the head moved: near the mouth a shift is all there is of it.
    const restX = x - state.goneX;
    const restY = y - state.goneY;
    const head = belowUpper(restX, restY);
    const out = Math.abs(along(restX, restY)) / unit;
    const colour = insideColour(palette, u, out, head / unit, fromUpper / unit, fromLower / unit, state.rounded);
    if (!mouth.apart) return colour;
    // The picture's own teeth stay with the skull, as far down as they were seen; under a raised lip they go on as they begin.
    const own = smooth(-1, 1.5, aboveLower(restX, restY));
    if (own === 0) return colour;
    return blend(colour, texel(restX, restY, Math.max(0, teethBelow * unit - head)), Math.round(256 * own));
  }

  return {
    inHalves,
    belowUpper,
    aboveLower,
    colourAt(state, x, y, upperX, upperY, lowerX, lowerY) {
      const fromUpper = belowUpper(upperX, upperY);
      const upperShare = clamp(edge.rim + 0.5 - fromUpper, 0, 1);
      const upperDown = -Math.max(0, fromUpper + edge.upper);
      if (upperShare === 1) return texel(upperX, upperY, upperDown);
      const upperU = inHalves(upperX, upperY);
      const fromLower = aboveLower(lowerX, lowerY);
      const corner = smooth(0.95, 1.02, Math.max(Math.abs(inHalves(lowerX, lowerY)), Math.abs(upperU)));
      const lowerShare = Math.max(clamp(edge.rim + 0.5 - fromLower, 0, 1), corner);
      let colour = lowerShare < 1 ? inside(state, x, y, upperU, fromUpper, fromLower) : 0;
      if (lowerShare > 0) {
        const lowerDown = Math.max(0, fromLower + edge.lower) * (1 - corner);
        colour = blend(colour, texel(lowerX, lowerY, lowerDown), Math.round(256 * lowerShare));
      }
      if (upperShare > 0) colour = blend(colour, texel(upperX, upperY, upperDown), Math.round(256 * upperShare));
      return colour;
    },
  };
}
