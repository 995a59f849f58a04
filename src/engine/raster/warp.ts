/** Draws the portrait into the video through a grid that says for each of its nodes where on the stage to look. */
import type { Field, Grid } from '../rig/grid.ts';
import { sampleFixed } from './sample.ts';

/** A square of packed pixels. */
export type Canvas = { pixels: Int32Array; side: number };

/** Pixels of the stage to one of the video, in each direction. */
const spacing = 2;
/** Where the middle of the first of the means lies, in pixels of the stage; see meansOf in rig/texture.ts. */
const firstMean = 1;

/** A place on the stage as fixed point: 65536 to a mean, counted from the middle of the first one, kept inside. */
function fixed(value: number, side: number): number {
  const scaled = (value - firstMean) * 65536;
  const limit = (side - 1.01) * 65536;
  return (scaled < 0 ? 0 : scaled > limit ? limit : scaled) | 0;
}

/**
 * Fills one cell of the grid, on the video. Its four corners look at (node + field); in between, places are mixed evenly: along
 * both edges from top to bottom, and along each row from left to right. The loops are plain, without a call or an object for
 * each pixel: this is where most of a render's time goes. `means` has the stage's side.
 */
export function warpCell(video: Canvas, means: Canvas, grid: Grid, looks: Field, column: number, row: number): void {
  const { pixels, side: videoSide } = video;
  const { pixels: texels, side } = means;
  const { cell, columns } = grid;
  const { dx, dy } = looks;
  const node = row * columns + column;
  const below = node + columns;
  const left = grid.x + column * cell;
  const top = grid.y + row * cell;
  const right = left + cell;
  const bottom = top + cell;
  // Looked-at places of the four corners. What lies between them lies inside, too.
  const ax = fixed(left + (dx[node] ?? 0), side);
  const ay = fixed(top + (dy[node] ?? 0), side);
  const bx = fixed(right + (dx[node + 1] ?? 0), side);
  const by = fixed(top + (dy[node + 1] ?? 0), side);
  const cx = fixed(left + (dx[below] ?? 0), side);
  const cy = fixed(bottom + (dy[below] ?? 0), side);
  const ex = fixed(right + (dx[below + 1] ?? 0), side);
  const ey = fixed(bottom + (dy[below + 1] ?? 0), side);
  const count = cell / spacing;
  const share = 1 / count;
  let start = (top / spacing) * videoSide + left / spacing;
  for (let v = 0.5 * share; v < 1; v += share, start += videoSide) {
    const fromX = ax + (cx - ax) * v;
    const fromY = ay + (cy - ay) * v;
    const stepX = ((bx + (ex - bx) * v - fromX) * share) | 0;
    const stepY = ((by + (ey - by) * v - fromY) * share) | 0;
    let x = (fromX | 0) + (stepX >> 1);
    let y = (fromY | 0) + (stepY >> 1);
    for (let out = start; out < start + count; out += 1) {
      pixels[out] = sampleFixed(texels, side, x, y);
      x = (x + stepX) | 0;
      y = (y + stepY) | 0;
    }
  }
}
