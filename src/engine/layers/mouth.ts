/**
 * The lips and what is between them. Every place near the slit is looked up twice, as part of the upper lip and as part of the
 * lower one; each counts as far as its texel lies on its own side of the lips' inner edge. What neither covers is the inside.
 */
import { sampleAt } from '../raster/sample.ts';
import { type Canvas, warpCell } from '../raster/warp.ts';
import type { DepthMap } from '../rig/depth.ts';
import type { Face } from '../rig/face.ts';
import { placeIn } from '../rig/frame.ts';
import type { Pose } from '../rig/gains.ts';
import { boxGrid, emptyField, type Grid, invert } from '../rig/grid.ts';
import { headPlace, headTurn, headWeight, turned } from '../rig/head.ts';
import { clamp, lookUp, smooth } from '../rig/maths.ts';
import { createMotion } from '../rig/motion.ts';
import { meanOfFour, stageSide, type Texture, videoSide } from '../rig/texture.ts';
import { blend } from './blend.ts';
import { paletteOf } from './colours.ts';
import { insideColour } from './interior.ts';
import type { Box } from './layer.ts';

export type MouthLayer = {
  /** Answers where it painted. */
  paint(video: Int32Array, pose: Pose): Box[];
};

type Sources = { texture: Texture; means: Canvas; expand: number };

const cell = 4;
/**
 * How the edges of lips that rest closed, or parted, are taken, in pixels of the stage. `rim`: how far each lip's own texels reach over
 * its edge. Closed lips have their dark line there; parted ones teeth, of which none may go along with a lip. `upper` and `lower`: the
 * last texels that are taken lie so far within the lip; beyond is the light of the other lip, or of teeth.
 */
const edges = { closed: { rim: 1.2, upper: 1, lower: -2 }, apart: { rim: -1, upper: 1, lower: 3 } } as const;
/** Teeth that were hidden by the lip look as those this far below its resting edge, in units; right at it is the lip's shadow. */
const teethBelow = 0.014;

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

export function createMouthLayer(face: Face, depthAt: DepthMap, { texture, means, expand }: Sources): MouthLayer {
  const { mouth, unit } = face;
  const { ex, ey } = mouth;
  const grid: Grid = boxGrid(mouthBox(face), cell);
  const motions = {
    upper: createMotion(face, depthAt, grid, 'upper', expand),
    lower: createMotion(face, depthAt, grid, 'lower', expand),
  };
  const moves = { upper: emptyField(grid), lower: emptyField(grid) };
  const looks = { upper: emptyField(grid), lower: emptyField(grid) };
  const palette = paletteOf(face, texture);
  const edge = edges[mouth.apart ? 'apart' : 'closed'];
  const centre = {
    place: headPlace(face, mouth.x, mouth.y, depthAt(mouth.x, mouth.y)),
    felt: headWeight(face, mouth.x, mouth.y, expand),
  };
  const whole: Box = {
    ...{ left: grid.x / 2, top: grid.y / 2 },
    ...{ right: (grid.x + (grid.columns - 1) * cell) / 2, bottom: (grid.y + (grid.rows - 1) * cell) / 2 },
  };

  /** Of the frame in work: how far the lips are rounded (0-1), and how far the mouth as a whole has gone with the head. */
  let rounded = 0;
  const gone = { x: 0, y: 0 };

  const along = (x: number, y: number) => (x - mouth.x) * ex.x + (y - mouth.y) * ex.y;
  const across = (x: number, y: number) => (x - mouth.x) * ey.x + (y - mouth.y) * ey.y;
  const inHalves = (s: number) => s / (s < 0 ? mouth.halfLeft : mouth.halfRight);
  const belowUpper = (x: number, y: number) => across(x, y) - lookUp(mouth.upper, inHalves(along(x, y)));
  const aboveLower = (x: number, y: number) => lookUp(mouth.lower, inHalves(along(x, y))) - across(x, y);

  /** The inside at a place of the stage; the upper lip's texel there tells how far out it is. */
  function inside(x: number, y: number, u: number, fromUpper: number, fromLower: number): number {
    // Where the place was before the head moved: near the mouth a shift is all there is of it.
    const [restX, restY] = [x - gone.x, y - gone.y];
    const head = belowUpper(restX, restY);
    const place = { u, head: head / unit, fromUpper: fromUpper / unit, fromLower: fromLower / unit, rounded };
    const colour = insideColour(palette, place, Math.abs(along(restX, restY)) / unit);
    if (!mouth.apart) return colour;
    // The picture's own teeth stay with the skull, as far down as they were seen; under a raised lip they go on as they begin.
    const own = smooth(-1, 1.5, aboveLower(restX, restY));
    if (own === 0) return colour;
    const hidden = Math.max(0, teethBelow * unit - head);
    const texel = sampleAt(texture, stageSide, restX + hidden * ey.x, restY + hidden * ey.y);
    return blend(colour, texel, Math.round(256 * own));
  }

  /** The colour at a place of the stage, of whose two looks one is the upper lip's and one the lower lip's. */
  function colourAt(x: number, y: number, upperX: number, upperY: number, lowerX: number, lowerY: number): number {
    const upperU = inHalves(along(upperX, upperY));
    const fromUpper = belowUpper(upperX, upperY);
    const upperShare = clamp(edge.rim + 0.5 - fromUpper, 0, 1);
    const lip = (lookX: number, lookY: number, up: number) => sampleAt(texture, stageSide, lookX - up * ey.x, lookY - up * ey.y);
    const upperLip = () => lip(upperX, upperY, Math.max(0, fromUpper + edge.upper));
    if (upperShare === 1) return upperLip();
    const lowerU = Math.abs(inHalves(along(lowerX, lowerY)));
    const fromLower = aboveLower(lowerX, lowerY);

    const corner = smooth(0.95, 1.02, Math.max(lowerU, Math.abs(upperU)));
    const lowerShare = Math.max(clamp(edge.rim + 0.5 - fromLower, 0, 1), corner);
    const lowerLip = () => lip(lowerX, lowerY, -Math.max(0, fromLower + edge.lower) * (1 - corner));
    let colour = lowerShare < 1 ? inside(x, y, upperU, fromUpper, fromLower) : 0;
    if (lowerShare > 0) colour = blend(colour, lowerLip(), Math.round(256 * lowerShare));
    if (upperShare > 0) colour = blend(colour, upperLip(), Math.round(256 * upperShare));
    return colour;
  }

  /** A cell through which an edge goes: four places for each of its pixels. */
  function paintMixed(video: Int32Array, column: number, row: number) {
    const node = row * grid.columns + column;
    const read = (values: Float32Array, u: number, v: number) =>
      ((values[node] ?? 0) * (1 - u) + (values[node + 1] ?? 0) * u) * (1 - v) +
      ((values[node + grid.columns] ?? 0) * (1 - u) + (values[node + grid.columns + 1] ?? 0) * u) * v;
    const [left, top] = [grid.x + column * cell, grid.y + row * cell];
    const at = (x: number, y: number) => {
      const [u, v] = [(x + 0.5) / cell, (y + 0.5) / cell];
      const px = left + x + 0.5;
      const py = top + y + 0.5;
      const upperX = px + read(looks.upper.dx, u, v);
      const upperY = py + read(looks.upper.dy, u, v);
      return colourAt(px, py, upperX, upperY, px + read(looks.lower.dx, u, v), py + read(looks.lower.dy, u, v));
    };
    for (let y = 0; y < cell; y += 2) {
      for (let x = 0; x < cell; x += 2) {
        const pixel = meanOfFour(at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1));
        video[((top + y) / 2) * videoSide + (left + x) / 2] = pixel;
      }
    }
  }

  /** All three of a cell's ways: wholly upper lip or above, wholly lower lip or below, or place by place. */
  function paintCell(canvas: Canvas, column: number, row: number) {
    const node = row * grid.columns + column;
    const [left, top] = [grid.x + column * cell, grid.y + row * cell];
    // Well outside the corners the skin layer is right already; most cells end here.
    if (Math.abs(inHalves(along(left + (looks.lower.dx[node] ?? 0), top + (looks.lower.dy[node] ?? 0)))) > 1.4) return;
    let nearest = Number.POSITIVE_INFINITY;
    let [deepest, shallowest, lowest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let corner = 0; corner < 4; corner += 1) {
      const at = node + (corner & 1) + (corner >> 1) * grid.columns;
      const [x, y] = [left + (corner & 1) * cell, top + (corner >> 1) * cell];
      const [upperX, upperY] = [x + (looks.upper.dx[at] ?? 0), y + (looks.upper.dy[at] ?? 0)];
      const [lowerX, lowerY] = [x + (looks.lower.dx[at] ?? 0), y + (looks.lower.dy[at] ?? 0)];
      const fromUpper = belowUpper(upperX, upperY);
      nearest = Math.min(nearest, Math.abs(inHalves(along(upperX, upperY))), Math.abs(inHalves(along(lowerX, lowerY))));
      deepest = Math.max(deepest, fromUpper);
      shallowest = Math.min(shallowest, fromUpper);
      lowest = Math.max(lowest, aboveLower(lowerX, lowerY));
    }
    if (nearest > 1.05) return;
    if (deepest < -2) warpCell(canvas, means, grid, looks.upper, column, row);
    else if (lowest < -3 && shallowest > 3) warpCell(canvas, means, grid, looks.lower, column, row);
    else paintMixed(canvas.pixels, column, row);
  }

  return {
    paint(video, pose) {
      if (pose.open === 0 && pose.teeth === 0 && pose.press === 0) return [];
      for (const side of ['upper', 'lower'] as const) {
        motions[side].moves(pose, moves[side]);
        invert(grid, motions[side].nodes, moves[side], looks[side]);
      }
      rounded = clamp(-pose.wide, 0, 1);
      const { right, down } = turned(headTurn(pose, unit), centre.place);
      gone.x = centre.felt * (right * face.head.ex.x + down * face.head.ey.x);
      gone.y = centre.felt * (right * face.head.ex.y + down * face.head.ey.y);
      const canvas = { pixels: video, side: videoSide };
      for (let row = 0; row < grid.rows - 1; row += 1) {
        for (let column = 0; column < grid.columns - 1; column += 1) paintCell(canvas, column, row);
      }
      return [whole];
    },
  };
}
