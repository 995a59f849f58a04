import { describe, expect, it } from 'vitest';
import { rgbaToI420 } from '../../../src/engine/colour.ts';
import { frameBytes, toI420 } from '../../../src/engine/raster/i420.ts';
import { planesOf } from '../../../src/engine/raster/planes.ts';
import { sampleAt, sampleChroma, sampleFixed, sampleLuma } from '../../../src/engine/raster/sample.ts';
import { createWarp, isEven } from '../../../src/engine/raster/warp.ts';
import { emptyField, type Field, type Grid } from '../../../src/engine/rig/grid.ts';
import { meanOfFour, meansOf, videoSide } from '../../../src/engine/rig/texture.ts';

const side = 64;
/** Any texture will do, as long as neighbours differ. */
const noise = (count: number) => Int32Array.from({ length: count }, (_, index) => Math.imul(index + 7, 2654435761) >> 3);
const texture = noise(side * side);
const channels = (pixel: number) => [pixel & 255, (pixel >>> 8) & 255, (pixel >>> 16) & 255];
const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] ?? 0))), 0);

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

  it('mixes one byte, and two of 16 bits apart, as it does three', () => {
    const bytes = Uint8Array.from(texture, pixel => pixel & 255);
    const pairs = texture.map(pixel => pixel & 0xff00ff);
    for (let step = 0; step < 2_000; step += 1) {
      const [x, y] = [Math.round((1 + ((step * 7.313) % 61)) * 65536), Math.round((1 + ((step * 3.977) % 61)) * 65536)];
      const [red = 0, , blue = 0] = channels(sampleFixed(texture, side, x, y));
      expect(Math.abs(sampleLuma(bytes, side, x, y) - red)).toBeLessThanOrEqual(2);
      expect(channels(sampleChroma(pairs, side, x, y))).toEqual([red, 0, blue]);
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
  const cells = [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const;
  const means = meansOf(texture, side);
  const warp = createWarp(grid, side);
  const videoOf = () => ({ pixels: new Int32Array((side / 2) ** 2), side: side / 2 });

  /** The place that a place of the cell looks at: the nodes' places, mixed by nearness. */
  function slowLook(column: number, row: number, x: number, y: number, field: Field): [number, number] {
    const [u, v] = [x / 8, y / 8];
    const node = row * 3 + column;
    const mixed = (values: Float32Array) =>
      ((values[node] ?? 0) * (1 - u) + (values[node + 1] ?? 0) * u) * (1 - v) +
      ((values[node + 3] ?? 0) * (1 - u) + (values[node + 4] ?? 0) * u) * v;
    return [8 + column * 8 + x + mixed(field.dx), 16 + row * 8 + y + mixed(field.dy)];
  }

  /** A pixel of the video in plain words: the mean of four samples of the texture around the place that its middle looks at. */
  function slowPixel(column: number, row: number, x: number, y: number, field: Field): number[] {
    const [lookX, lookY] = slowLook(column, row, 2 * x + 1, 2 * y + 1, field);
    const four = cells.map(([right, down]) => slowSample(lookX + right - 0.5, lookY + down - 0.5));
    return [0, 1, 2].map(channel => four.reduce((sum, sample) => sum + (sample[channel] ?? 0), 0) / 4);
  }

  it('equals the slow reference at every pixel', () => {
    const video = videoOf();
    for (const [column, row] of cells) {
      warp.pixels(video, means, bent, column, row);
      for (let y = 0; y < 4; y += 1) {
        for (let x = 0; x < 4; x += 1) {
          const drawn = channels(video.pixels[(8 + row * 4 + y) * video.side + 4 + column * 4 + x] ?? 0);
          // The texture is as rough as can be: half a hundredth of a texel is a level or two.
          expect(worst(drawn, slowPixel(column, row, x, y, bent))).toBeLessThan(6);
        }
      }
    }
  });

  it('writes its own pixels alone, and means of four where nothing moves', () => {
    const video = videoOf();
    warp.pixels(video, means, emptyField(grid), 1, 1);
    const written = [...video.pixels.keys()].filter(index => video.pixels[index] !== 0);
    expect(written).toHaveLength(16);
    for (const index of written) {
      const at = Math.floor(index / video.side) * 2 * side + (index % video.side) * 2;
      const four = [0, 1, side, side + 1].map(step => texture[at + step] ?? 0);
      const [a = 0, b = 0, c = 0, d = 0] = four;
      expect(channels(video.pixels[index] ?? 0)).toEqual(channels(meanOfFour(a, b, c, d)));
    }
  });

  /** Both ways into I420: at once, and over colours. On a smooth picture, for chroma is seen coarser in the one. */
  const smoothPicture = Int32Array.from({ length: side * side }, (_, at) => {
    const [x, y] = [at % side, Math.floor(at / side)];
    return (3 * x) | ((200 - 2 * y) << 8) | ((40 + x + y) << 16) | 0xff000000;
  });
  const smoothMeans = meansOf(smoothPicture, side);
  const planes = planesOf(smoothMeans, side);
  function inBothWays(field: Field, span: number) {
    const [atOnce, overColours] = [new Uint8Array(frameBytes), new Uint8Array(frameBytes)];
    const video = { pixels: new Int32Array(videoSide * videoSide), side: videoSide };
    const wide = createWarp(grid, side);
    for (const [column, row] of cells) {
      wide.pixels(video, smoothMeans, field, column, row);
      if (span === 1) wide.planes(atOnce, planes, field, column, row, 1);
    }
    if (span === 2) wide.planes(atOnce, planes, field, 0, 0, 2);
    toI420(video.pixels, overColours, 4, 8, 8, 8);
    return { atOnce, overColours };
  }

  it('gives the same brightness and colours at once as over red, green and blue', () => {
    const { atOnce, overColours } = inBothWays(bent, 1);
    expect(overColours.filter(value => value > 0)).toHaveLength(64 + 2 * 16);
    expect(worst(atOnce, overColours)).toBeLessThanOrEqual(3);
  });

  it('takes four cells as one only where their nodes lie evenly', () => {
    const even = emptyField(grid);
    even.dx.set([1, 2, 3, 1.5, 2.5, 3.5, 2, 3, 4]);
    expect(isEven(even, 3, 0)).toBe(true);
    const { atOnce, overColours } = inBothWays(even, 2);
    expect(worst(atOnce, overColours)).toBeLessThanOrEqual(3);
    expect(isEven(bent, 3, 0)).toBe(false);
    for (let node = 0; node < 9; node += 1) {
      const odd = { ...even, dy: new Float32Array(9) };
      odd.dy[node] = 0.7;
      expect(isEven(odd, 3, 0)).toBe(false);
    }
  });

  it('stays inside the texture wherever it is told to look', () => {
    const wild = emptyField(grid);
    wild.dx.fill(-1e6);
    wild.dy.fill(1e6);
    const video = videoOf();
    warp.pixels(video, means, wild, 0, 0);
    expect(worst(channels(video.pixels[8 * video.side + 4] ?? 0), channels(means[(side - 1) * side] ?? 0))).toBeLessThan(4);
  });
});

it('takes the mean of four colours channel by channel', () => {
  const four = [0xff00ff, 0x0180fe, 0xfffffe, 0x000003] as const;
  const mean = [0, 1, 2].map(channel => Math.round(four.reduce((sum, pixel) => sum + (channels(pixel)[channel] ?? 0), 0) / 4));
  expect(worst(channels(meanOfFour(...four)), mean)).toBeLessThanOrEqual(1);
});

it('converts to I420 as the matrix in floats does, in its own box alone', () => {
  const video = noise(videoSide * videoSide);
  const out = new Uint8Array((videoSide * videoSide * 3) / 2);
  toI420(video, out, 0, 0, videoSide, videoSide);
  const wanted = rgbaToI420(new Uint8Array(video.buffer), videoSide, videoSide);
  expect(out.every((value, index) => Math.abs(value - (wanted[index] ?? 0)) <= 1)).toBe(true);
  const part = new Uint8Array(out.length);
  toI420(video, part, 10, 20, 4, 2);
  expect(part.filter(value => value > 0).length).toBe(8 + 2 * 2);
});
