/** Draws the portrait into the video through a grid that says for each of its nodes where on the stage to look. */
import type { Field, Grid } from '../rig/grid.ts';
import { videoSide } from '../rig/texture.ts';
import type { Planes } from './planes.ts';
import { sampleChroma, sampleFixed, sampleLuma } from './sample.ts';

/** A square of packed pixels. */
export type Canvas = { pixels: Int32Array; side: number };

/** Pixels of the stage to one of the video, in each direction. */
const spacing = 2;
/** Where the middle of the first of the means lies, in pixels of the stage; see meansOf in rig/texture.ts. */
const firstMean = 1;
const uAt = videoSide * videoSide;
const vAt = uAt + uAt / 4;

/**
 * Fill one cell of the grid. Its four corners look at (node + field); in between, places are mixed evenly: along both edges from top to
 * bottom, and along each row from left to right. The loops are plain, without a call or an object for each pixel: this is where most
 * of a render's time goes.
 */
export type Warp = {
  /** Packed pixels, from the means of a texture of `side`. */
  pixels(video: Canvas, means: Int32Array, looks: Field, column: number, row: number): void;
  /** In I420 at once, without a detour over red, green and blue; `span` × `span` cells, whose inner nodes are left out of account. */
  planes(video: Uint8Array, planes: Planes, looks: Field, column: number, row: number, span: number): void;
};

/** `side` is that of what is looked at. */
export function createWarp(grid: Grid, side: number): Warp {
  const { cell, columns } = grid;
  const limit = (side - 1.01) * 65536;
  /** Of the cell in work: where its corners look, x and y of each; a and b are the upper two, c and e the lower two. */
  const corners = new Int32Array(8);

  /**
   * Where a node looks along one axis, as fixed point: 65536 to a mean, counted from the middle of the first one, kept inside. It reads
   * the value itself: a number handed over would be an object each.
   */
  function fixed(from: number, values: Float32Array, node: number): number {
    const scaled = (from - firstMean + (values[node] ?? 0)) * 65536;
    return (scaled < 0 ? 0 : scaled > limit ? limit : scaled) | 0;
  }

  /** What lies between the corners lies inside, too. */
  function look({ dx, dy }: Field, column: number, row: number, span: number): void {
    const node = row * columns + column;
    const below = node + span * columns;
    const size = span * cell;
    const left = grid.x + column * cell;
    const top = grid.y + row * cell;
    corners[0] = fixed(left, dx, node);
    corners[1] = fixed(top, dy, node);
    corners[2] = fixed(left + size, dx, node + span);
    corners[3] = fixed(top, dy, node + span);
    corners[4] = fixed(left, dx, below);
    corners[5] = fixed(top + size, dy, below);
    corners[6] = fixed(left + size, dx, below + span);
    corners[7] = fixed(top + size, dy, below + span);
  }

  return {
    pixels(video, means, looks, column, row) {
      look(looks, column, row, 1);
      const count = cell / spacing;
      const share = 1 / count;
      const ax = corners[0] ?? 0;
      const ay = corners[1] ?? 0;
      const bx = corners[2] ?? 0;
      const by = corners[3] ?? 0;
      const cx = corners[4] ?? 0;
      const cy = corners[5] ?? 0;
      const ex = corners[6] ?? 0;
      const ey = corners[7] ?? 0;
      const { pixels } = video;
      let start = ((grid.y + row * cell) / spacing) * video.side + (grid.x + column * cell) / spacing;
      for (let v = 0.5 * share; v < 1; v += share, start += video.side) {
        const fromX = ax + (cx - ax) * v;
        const fromY = ay + (cy - ay) * v;
        const stepX = ((bx + (ex - bx) * v - fromX) * share) | 0;
        const stepY = ((by + (ey - by) * v - fromY) * share) | 0;
        let x = (fromX | 0) + (stepX >> 1);
        let y = (fromY | 0) + (stepY >> 1);
        for (let out = start; out < start + count; out += 1) {
          pixels[out] = sampleFixed(means, side, x, y);
          x = (x + stepX) | 0;
          y = (y + stepY) | 0;
        }
      }
    },
    planes(video, { luma, chroma }, looks, column, row, span) {
      look(looks, column, row, span);
      const count = (span * cell) / spacing;
      const share = 1 / count;
      const ax = corners[0] ?? 0;
      const ay = corners[1] ?? 0;
      const bx = corners[2] ?? 0;
      const by = corners[3] ?? 0;
      const cx = corners[4] ?? 0;
      const cy = corners[5] ?? 0;
      const ex = corners[6] ?? 0;
      const ey = corners[7] ?? 0;
      const left = (grid.x + column * cell) / spacing;
      const top = (grid.y + row * cell) / spacing;
      let start = top * videoSide + left;
      for (let v = 0.5 * share; v < 1; v += share, start += videoSide) {
        const fromX = ax + (cx - ax) * v;
        const fromY = ay + (cy - ay) * v;
        const stepX = ((bx + (ex - bx) * v - fromX) * share) | 0;
        const stepY = ((by + (ey - by) * v - fromY) * share) | 0;
        let x = (fromX | 0) + (stepX >> 1);
        let y = (fromY | 0) + (stepY >> 1);
        for (let out = start; out < start + count; out += 1) {
          video[out] = sampleLuma(luma, side, x, y);
          x = (x + stepX) | 0;
          y = (y + stepY) | 0;
        }
      }
      // Chroma has half the side, of the video and of what is looked at: places count from the middle of its own first value, half as fast.
      start = (top >> 1) * (videoSide >> 1) + (left >> 1);
      for (let v = share; v < 1; v += 2 * share, start += videoSide >> 1) {
        const fromX = ax + (cx - ax) * v;
        const fromY = ay + (cy - ay) * v;
        const stepX = ((bx + (ex - bx) * v - fromX) * share) | 0;
        const stepY = ((by + (ey - by) * v - fromY) * share) | 0;
        let x = ((fromX | 0) + stepX - 65536) >> 1;
        let y = ((fromY | 0) + stepY - 65536) >> 1;
        for (let out = start; out < start + (count >> 1); out += 1) {
          const pair = sampleChroma(chroma, side >> 1, x < 0 ? 0 : x, y < 0 ? 0 : y);
          video[uAt + out] = pair;
          video[vAt + out] = pair >>> 16;
          x = (x + stepX) | 0;
          y = (y + stepY) | 0;
        }
      }
    },
  };
}

/** How far a place may look beside where it should, in pixels of the stage, for the sake of speed: a sixteenth of one of the video. */
const unnoticed = 0.12;

/** Whether the nodes between 2 × 2 cells look, nearly, where the four corners alone would make them look. */
export function isEven({ dx, dy }: Field, columns: number, node: number): boolean {
  return isEvenIn(dx, columns, node) && isEvenIn(dy, columns, node);
}

function isEvenIn(values: Float32Array, columns: number, node: number): boolean {
  const [middle, below] = [node + columns, node + 2 * columns];
  const a = values[node] ?? 0;
  const b = values[node + 2] ?? 0;
  const c = values[below] ?? 0;
  const e = values[below + 2] ?? 0;
  return (
    Math.abs((a + b) / 2 - (values[node + 1] ?? 0)) < unnoticed &&
    Math.abs((a + c) / 2 - (values[middle] ?? 0)) < unnoticed &&
    Math.abs((a + b + c + e) / 4 - (values[middle + 1] ?? 0)) < unnoticed &&
    Math.abs((b + e) / 2 - (values[middle + 2] ?? 0)) < unnoticed &&
    Math.abs((c + e) / 2 - (values[below + 1] ?? 0)) < unnoticed
  );
}
