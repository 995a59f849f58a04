/** Draws the texture through a grid that says for each of its nodes where on the texture to look. */
import type { Field, Grid } from '../rig/grid.ts';
import { sampleFixed } from './sample.ts';

/** A place in pixels as fixed point (65536 a texel, counted from the first texel's middle), kept inside the texture. */
function fixed(value: number, side: number): number {
  const scaled = Math.round((value - 0.5) * 65536);
  const limit = Math.floor((side - 1.01) * 65536);
  return scaled < 0 ? 0 : scaled > limit ? limit : scaled;
}

/** Where pixels go: a square canvas, `spacing` pixels of the stage (1, 2, …) to each of its own. */
export type Canvas = { pixels: Int32Array; side: number; spacing: number };

/**
 * Fills one cell of the grid. Its four corners look at (node + field); in between, places are mixed evenly: along both edges
 * from top to bottom, and along each row from left to right. The loops are plain, without a call or an object for each
 * pixel: this is where most of a render's time goes. `side` is the texture's, and the stage's.
 */
export function warpCell(
  { pixels, side: canvasSide, spacing }: Canvas,
  texture: Int32Array,
  side: number,
  grid: Grid,
  looks: Field,
  column: number,
  row: number,
): void {
  const { cell, columns } = grid;
  const { dx, dy } = looks;
  const node = row * columns + column;
  const below = node + columns;
  const left = grid.x + column * cell;
  const top = grid.y + row * cell;
  const right = left + cell;
  const bottom = top + cell;
  // Looked-at places of the four corners, then of the two edges' ends for the row in work.
  const ax = left + (dx[node] ?? 0);
  const ay = top + (dy[node] ?? 0);
  const bx = right + (dx[node + 1] ?? 0);
  const by = top + (dy[node + 1] ?? 0);
  const cx = left + (dx[below] ?? 0);
  const cy = bottom + (dy[below] ?? 0);
  const ex = right + (dx[below + 1] ?? 0);
  const ey = bottom + (dy[below + 1] ?? 0);
  const count = cell / spacing;
  const inset = 0.5 / count;
  for (let line = 0; line < count; line += 1) {
    const v = (line + 0.5) / count;
    const fromX = ax + (cx - ax) * v;
    const fromY = ay + (cy - ay) * v;
    const overX = bx + (ex - bx) * v - fromX;
    const overY = by + (ey - by) * v - fromY;
    // Middles of the first and the last pixel of the row.
    let x = fixed(fromX + overX * inset, side);
    let y = fixed(fromY + overY * inset, side);
    const stepX = ((fixed(fromX + overX * (1 - inset), side) - x) / (count - 1)) | 0;
    const stepY = ((fixed(fromY + overY * (1 - inset), side) - y) / (count - 1)) | 0;
    const start = (top / spacing + line) * canvasSide + left / spacing;
    for (let out = start; out < start + count; out += 1) {
      pixels[out] = sampleFixed(texture, side, x, y);
      x = (x + stepX) | 0;
      y = (y + stepY) | 0;
    }
  }
}
