/**
 * The lips and what is between them. Every pixel near the slit is looked up twice, as part of the upper lip and as part of the
 * lower one; each counts as far as its texel lies on its own side of the lips' inner edge. What neither covers is the inside.
 */
import { sampleAt } from '../raster/sample.ts';
import { warpCell } from '../raster/warp.ts';
import type { DepthMap } from '../rig/depth.ts';
import type { Face } from '../rig/face.ts';
import { along, placeIn } from '../rig/frame.ts';
import type { Pose } from '../rig/gains.ts';
import { boxGrid, emptyField, type Grid, invert } from '../rig/grid.ts';
import { headPlace, headTurn, headWeight } from '../rig/head.ts';
import { clamp, lookUp, smooth } from '../rig/maths.ts';
import { createMotion } from '../rig/motion.ts';
import { stageSide, type Texture } from '../rig/texture.ts';
import { blend } from './blend.ts';
import { paletteOf } from './colours.ts';
import { insideColour } from './interior.ts';

export type Box = { left: number; top: number; right: number; bottom: number };

export type Layer = {
  /** Everything that the layer ever paints lies in this box of the stage. */
  readonly box: Box;
  /** Answers whether it painted. */
  paint(stage: Int32Array, pose: Pose): boolean;
};

const cell = 4;
/** Pixels by which each lip's own texels reach over its edge, so the closed mouth has no gap; they are its dark rim. */
const rim = 1.2;

type Spot = { u: number; t: number };

/** Box on the stage in which the slit can be, whatever the pose. */
function mouthBox({ mouth, unit }: Face) {
  const reach = 1.15 * Math.max(mouth.halfLeft, mouth.halfRight) + 0.32 * unit;
  const [top, bottom] = [placeIn(mouth, 0, -0.4 * unit), placeIn(mouth, 0, 0.75 * unit)];
  return {
    left: Math.min(top.x, bottom.x, mouth.x) - reach,
    right: Math.max(top.x, bottom.x, mouth.x) + reach,
    top: mouth.y - 0.4 * unit - 0.5 * Math.abs(mouth.ex.y) * reach,
    bottom: mouth.y + 0.75 * unit + 0.5 * Math.abs(mouth.ex.y) * reach,
  };
}

export function createMouthLayer(face: Face, depthAt: DepthMap, texture: Texture, expand: number): Layer {
  const { mouth, unit } = face;
  const grid: Grid = boxGrid(mouthBox(face), cell);
  const motions = {
    upper: createMotion(face, depthAt, grid, 'upper', expand),
    lower: createMotion(face, depthAt, grid, 'lower', expand),
  };
  const moves = { upper: emptyField(grid), lower: emptyField(grid) };
  const looks = { upper: emptyField(grid), lower: emptyField(grid) };
  const palette = paletteOf(face, texture);
  const centre = {
    place: headPlace(face, mouth.x, mouth.y, depthAt(mouth.x, mouth.y)),
    felt: headWeight(face, mouth.x, mouth.y, expand),
  };

  /** How far the lips of the frame in work are rounded, 0-1. */
  let rounded = 0;

  function spotAt(x: number, y: number): Spot {
    const { x: s, y: t } = along(mouth, x, y);
    return { u: s / (s < 0 ? mouth.halfLeft : mouth.halfRight), t };
  }
  const belowUpper = ({ u, t }: Spot) => t - lookUp(mouth.upper, u);
  const aboveLower = ({ u, t }: Spot) => lookUp(mouth.lower, u) - t;

  /** Where a place of the stage was before the head moved, near the mouth: a shift and a tilt are all there is of it. */
  function beforeHead(pose: Pose) {
    const { right, down } = headTurn(pose, unit).turn(centre.place);
    const shift = {
      x: centre.felt * (right * face.head.ex.x + down * face.head.ey.x),
      y: centre.felt * (right * face.head.ex.y + down * face.head.ey.y),
    };
    return (x: number, y: number): Spot => spotAt(x - shift.x, y - shift.y);
  }

  function paintPixel(
    stage: Int32Array,
    x: number,
    y: number,
    upper: { x: number; y: number },
    lower: { x: number; y: number },
    before: (x: number, y: number) => Spot,
  ) {
    const [up, low] = [spotAt(upper.x, upper.y), spotAt(lower.x, lower.y)];
    const [fromUpper, fromLower] = [belowUpper(up), aboveLower(low)];
    const corner = Math.max(smooth(0.95, 1.02, Math.abs(low.u)), smooth(0.95, 1.02, Math.abs(up.u)));
    const upperShare = clamp(rim + 0.5 - fromUpper, 0, 1);
    const lowerShare = Math.max(clamp(rim + 0.5 - fromLower, 0, 1), corner);
    let colour = 0;
    if (upperShare < 1) {
      if (lowerShare < 1) {
        const rest = before(x, y);
        const across = (Math.abs(rest.u) * (rest.u < 0 ? mouth.halfLeft : mouth.halfRight)) / unit;
        const place = {
          u: up.u,
          head: belowUpper(rest) / unit,
          fromUpper: fromUpper / unit,
          fromLower: fromLower / unit,
          rounded,
        };
        colour = insideColour(palette, place, across);
        if (mouth.apart) {
          // The picture's own teeth stay with the skull, as far down as they were seen.
          const own = 1 - smooth(-2, 2, -aboveLower(rest));
          const home = placeIn(mouth, rest.u * (rest.u < 0 ? mouth.halfLeft : mouth.halfRight), rest.t);
          colour = blend(
            colour,
            sampleAt(texture, stageSide, home.x, home.y),
            Math.round(256 * own * (belowUpper(rest) > -2 ? 1 : 0)),
          );
        }
      }
      if (lowerShare > 0) colour = blend(colour, sampleAt(texture, stageSide, lower.x, lower.y), Math.round(256 * lowerShare));
    }
    if (upperShare > 0) colour = blend(colour, sampleAt(texture, stageSide, upper.x, upper.y), Math.round(256 * upperShare));
    stage[y * stageSide + x] = colour;
  }

  /** All three of a cell's ways: wholly upper lip or above, wholly lower lip or below, or pixel by pixel. */
  function paintCell(stage: Int32Array, column: number, row: number, before: (x: number, y: number) => Spot) {
    const node = row * grid.columns + column;
    const [left, top] = [grid.x + column * cell, grid.y + row * cell];
    // Well outside the corners the skin layer is right already; most cells end here.
    const first = spotAt(left + (looks.lower.dx[node] ?? 0), top + (looks.lower.dy[node] ?? 0));
    if (Math.abs(first.u) > 1.4) return;
    let nearest = Number.POSITIVE_INFINITY;
    let [deepest, shallowest, lowest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const [dx, dy] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      const at = node + dx + dy * grid.columns;
      const [x, y] = [left + dx * cell, top + dy * cell];
      const up = spotAt(x + (looks.upper.dx[at] ?? 0), y + (looks.upper.dy[at] ?? 0));
      const low = spotAt(x + (looks.lower.dx[at] ?? 0), y + (looks.lower.dy[at] ?? 0));
      nearest = Math.min(nearest, Math.abs(up.u), Math.abs(low.u));
      deepest = Math.max(deepest, belowUpper(up));
      shallowest = Math.min(shallowest, belowUpper(up));
      lowest = Math.max(lowest, aboveLower(low));
    }
    if (nearest > 1.05) return;
    if (deepest < -2)
      return warpCell({ pixels: stage, side: stageSide, spacing: 1 }, texture, stageSide, grid, looks.upper, column, row);
    if (lowest < -3 && shallowest > 3)
      return warpCell({ pixels: stage, side: stageSide, spacing: 1 }, texture, stageSide, grid, looks.lower, column, row);
    const read = (values: Float32Array, u: number, v: number) =>
      ((values[node] ?? 0) * (1 - u) + (values[node + 1] ?? 0) * u) * (1 - v) +
      ((values[node + grid.columns] ?? 0) * (1 - u) + (values[node + grid.columns + 1] ?? 0) * u) * v;
    for (let y = 0; y < cell; y += 1) {
      for (let x = 0; x < cell; x += 1) {
        const [u, v] = [(x + 0.5) / cell, (y + 0.5) / cell];
        const [px, py] = [left + x + 0.5, top + y + 0.5];
        const upper = { x: px + read(looks.upper.dx, u, v), y: py + read(looks.upper.dy, u, v) };
        const lower = { x: px + read(looks.lower.dx, u, v), y: py + read(looks.lower.dy, u, v) };
        paintPixel(stage, left + x, top + y, upper, lower, before);
      }
    }
  }

  return {
    box: { left: grid.x, top: grid.y, right: grid.x + (grid.columns - 1) * cell, bottom: grid.y + (grid.rows - 1) * cell },
    paint(stage, pose) {
      if (pose.open === 0 && pose.teeth === 0 && pose.press === 0) return false;
      for (const side of ['upper', 'lower'] as const) {
        motions[side].moves(pose, moves[side]);
        invert(grid, moves[side], grid, looks[side]);
      }
      rounded = clamp(-pose.wide, 0, 1);
      const before = beforeHead(pose);
      for (let row = 0; row < grid.rows - 1; row += 1) {
        for (let column = 0; column < grid.columns - 1; column += 1) paintCell(stage, column, row, before);
      }
      return true;
    },
  };
}
