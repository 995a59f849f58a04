import { describe, expect, it } from 'vitest';
import { sampleAt, sampleFixed } from '../../../src/engine/raster/sample.ts';
import { shrink } from '../../../src/engine/raster/shrink.ts';
import { warpCell } from '../../../src/engine/raster/warp.ts';
import { emptyField, type Field, type Grid } from '../../../src/engine/rig/grid.ts';
import { stageSide, videoSide } from '../../../src/engine/rig/texture.ts';

const side = 64;
/** Any texture will do, as long as neighbours differ. */
const noise = (count: number) => Int32Array.from({ length: count }, (_, index) => Math.imul(index + 7, 2654435761) >> 3);
const texture = noise(side * side);
const channels = (pixel: number) => [pixel & 255, (pixel >>> 8) & 255, (pixel >>> 16) & 255];
const worst = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? 0))));

/** The rule in plain words and floats: the mean of the four texels whose middles are nearest, by nearness. */
function slowSample(x: number, y: number): number[] {
  const [u, v] = [x - 0.5, y - 0.5];
  const [left, top] = [Math.floor(u), Math.floor(v)];
  const [fx, fy] = [u - left, v - top];
  const texel = (column: number, row: number) => channels(texture[row * side + column] ?? 0);
  return [0, 1, 2].map(channel => {
    const at = (column: number, row: number) => texel(column, row)[channel] ?? 0;
    const upper = at(left, top) * (1 - fx) + at(left + 1, top) * fx;
    const lower = at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx;
    return upper * (1 - fy) + lower * fy;
  });
}

describe('sampling', () => {
  it('gives each texel itself at its middle, bit for bit', () => {
    for (const [x, y] of [
      [0, 0],
      [13, 40],
      [62, 62],
    ] as const) {
      expect(channels(sampleFixed(texture, side, x * 65536, y * 65536))).toEqual(channels(texture[y * side + x] ?? 0));
    }
  });

  it('mixes between texels as the slow reference does', () => {
    for (let step = 0; step < 2_000; step += 1) {
      const [x, y] = [1 + ((step * 7.313) % 61), 1 + ((step * 3.977) % 61)];
      expect(worst(channels(sampleAt(texture, side, x, y)), slowSample(x, y))).toBeLessThan(4);
    }
  });

  it('repeats the border outside', () => {
    expect(channels(sampleAt(texture, side, -50, 20.5))).toEqual(channels(texture[20 * side] ?? 0));
    expect(channels(sampleAt(texture, side, 20.5, 1e9))).toEqual(channels(sampleAt(texture, side, 20.5, side - 0.51)));
  });
});

describe('warping a cell', () => {
  const grid: Grid = { x: 8, y: 16, cell: 8, columns: 3, rows: 3 };
  const bent: Field = emptyField(grid);
  bent.dx.set([1.2, -2.7, 3.1, 0.4, 2.2, -1.9, 0, 0.3, 4.4]);
  bent.dy.set([-3.3, 0.8, 1.7, 2.5, -0.6, 3.8, 1.1, -2.4, 0.2]);

  /** The place that the middle of a pixel looks at: the nodes' places, mixed by nearness. */
  function slowLook(column: number, row: number, x: number, y: number): [number, number] {
    const [u, v] = [(x + 0.5) / 8, (y + 0.5) / 8];
    const node = row * 3 + column;
    const mixed = (values: Float32Array) =>
      ((values[node] ?? 0) * (1 - u) + (values[node + 1] ?? 0) * u) * (1 - v) +
      ((values[node + 3] ?? 0) * (1 - u) + (values[node + 4] ?? 0) * u) * v;
    return [8 + column * 8 + x + 0.5 + mixed(bent.dx), 16 + row * 8 + y + 0.5 + mixed(bent.dy)];
  }

  it('equals the slow reference at every pixel', () => {
    const pixels = new Int32Array(side * side);
    for (const [column, row] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      warpCell({ pixels, side, spacing: 1 }, texture, side, grid, bent, column, row);
      for (let y = 0; y < 8; y += 1) {
        for (let x = 0; x < 8; x += 1) {
          const drawn = channels(pixels[(16 + row * 8 + y) * side + 8 + column * 8 + x] ?? 0);
          // The texture is as rough as can be: half a hundredth of a texel is a level or two.
          expect(worst(drawn, slowSample(...slowLook(column, row, x, y)))).toBeLessThan(6);
        }
      }
    }
  });

  it('writes its own pixels alone, and copies the texture where nothing moves', () => {
    const pixels = new Int32Array(side * side);
    warpCell({ pixels, side, spacing: 1 }, texture, side, grid, emptyField(grid), 1, 1);
    const written = [...pixels.keys()].filter(index => pixels[index] !== 0);
    expect(written).toHaveLength(64);
    for (const index of written) expect(channels(pixels[index] ?? 0)).toEqual(channels(texture[index] ?? 0));
  });

  it('draws a canvas of half the size with one look a pixel, at the middle of four', () => {
    const pixels = new Int32Array(32 * 32);
    warpCell({ pixels, side: 32, spacing: 2 }, texture, side, grid, emptyField(grid), 0, 0);
    expect(worst(channels(pixels[8 * 32 + 4] ?? 0), slowSample(9, 17))).toBeLessThan(2);
  });

  it('stays inside the texture wherever it is told to look', () => {
    const wild = emptyField(grid);
    wild.dx.fill(-1e6);
    wild.dy.fill(1e6);
    const pixels = new Int32Array(side * side);
    warpCell({ pixels, side, spacing: 1 }, texture, side, grid, wild, 0, 0);
    expect(worst(channels(pixels[16 * side + 8] ?? 0), channels(texture[(side - 1) * side] ?? 0))).toBeLessThan(4);
  });
});

it('shrinks to the mean of four', () => {
  const stage = noise(stageSide * stageSide);
  const video = new Int32Array(videoSide * videoSide);
  shrink(stage, video, 10, 20, 4, 4);
  const four = [0, 1, stageSide, stageSide + 1].map(step => channels(stage[44 * stageSide + 26 + step] ?? 0));
  const mean = [0, 1, 2].map(channel => Math.round(four.reduce((sum, pixel) => sum + (pixel[channel] ?? 0), 0) / 4));
  expect(worst(channels(video[22 * videoSide + 13] ?? 0), mean)).toBeLessThanOrEqual(1);
  expect(video[19 * videoSide + 13]).toBe(0);
});
