import { describe, expect, it } from 'vitest';
import { rgbaToI420 } from '../../../src/engine/colour.ts';
import { bend, faceHeight, measureFace } from '../../../src/engine/judge/face-measures.ts';
import { i420ToRgb } from '../../../src/engine/judge/frames.ts';
import { posterFrame } from '../../../src/engine/judge/poster.ts';
import { mouthFrames, wholeFrames } from '../../../src/engine/judge/sheet.ts';
import { correlation, energyDb, syncOf } from '../../../src/engine/judge/sync.ts';
import type { Sighting } from '../../../src/engine/judge/watch.ts';
import { seededRandom } from '../../../src/engine/voice/random.ts';

const random = seededRandom(5);
const levels = Float32Array.from({ length: 200 }, () => -40 * random());
const gapsOf = (lag: number) => Array.from(levels, (_, frame) => ({ frame, gap: 0.1 + (levels[frame - lag] ?? -20) / 1_000 }));
const seen = (frame: number, more: Partial<Sighting> = {}): Sighting => ({
  ...{ frame, gap: 0.02, mouthWidth: 0.3, lids: 0.08, bend: 0 },
  ...more,
});

describe('sync', () => {
  it.each([-3, -1, 0, 2, 3])('finds a mouth that comes %d frames late', lag => {
    const sync = syncOf(gapsOf(lag), levels);
    expect(sync.lag).toBe(lag);
    expect(sync.correlation).toBeGreaterThan(0.97);
  });

  it('is found from every second frame too', () => {
    expect(
      syncOf(
        gapsOf(1).filter(({ frame }) => frame % 2 === 0),
        levels,
      ).lag,
    ).toBe(1);
  });

  it('is 0 for lips that only tremble', () => {
    expect(
      syncOf(
        gapsOf(0).map(({ frame, gap }) => ({ frame, gap: 0.01 + gap / 100 })),
        levels,
      ),
    ).toEqual({ correlation: 0, lag: 0 });
    expect(syncOf([], levels)).toEqual({ correlation: 0, lag: 0 });
  });

  it('measures the energy of each frame in dB below the loudest', () => {
    const samples = Float32Array.from({ length: 1_600 }, (_, at) => (at < 640 ? 0.5 : at < 1_280 ? 0.05 : 0) * (at % 2 ? 1 : -1));
    const [loud, quiet, silent] = energyDb(samples, 16_000, 3, 25);
    expect(loud).toBeCloseTo(0, 5);
    expect(quiet).toBeCloseTo(-20, 3);
    expect(silent).toBe(-55);
  });

  it('is 0 at no lag for a silent voice', () => {
    const silent = energyDb(new Float32Array(16_000), 16_000, 25, 25);
    expect(new Set(silent)).toEqual(new Set([-55]));
    expect(syncOf(gapsOf(0).slice(0, 25), silent)).toEqual({ correlation: 0, lag: 0 });
  });

  it('correlates', () => {
    expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1);
    expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1);
    expect(correlation([1, 1, 1], [3, 2, 1])).toBe(0);
  });
});

describe('a face in its landmarks', () => {
  const mesh = Float32Array.from({ length: 468 * 3 }, () => 100 + 200 * random());
  const moved = (change: (x: number, y: number) => [number, number]) => {
    const out = mesh.slice();
    for (let at = 0; at < out.length; at += 3) [out[at], out[at + 1]] = change(mesh[at] ?? 0, mesh[at + 1] ?? 0);
    return out;
  };

  it('is measured in its own height, so its size does not count', () => {
    const large = measureFace(moved((x, y) => [x * 2 + 7, y * 2 - 3]));
    const plain = measureFace(mesh);
    for (const name of ['gap', 'mouthWidth', 'lids'] as const) expect(large[name]).toBeCloseTo(plain[name], 4);
  });

  it('does not bend when the head moves, turns or nods', () => {
    expect(
      bend(
        mesh,
        moved((x, y) => [0.98 * x - 0.1 * y + 12, 0.1 * x + 0.95 * y - 4]),
      ),
    ).toBeLessThan(1e-4);
  });

  it('bends when one part leaves its place', () => {
    const bent = mesh.slice();
    bent[33 * 3] = (bent[33 * 3] ?? 0) + 20;
    expect(bend(mesh, bent)).toBeGreaterThan(3 / faceHeight(mesh));
  });
});

describe('frames to show', () => {
  it('a poster has open eyes and a speaking mouth', () => {
    const gaps = Array.from({ length: 100 }, (_, frame) =>
      seen(frame, { gap: (frame % 10) / 100, lids: frame % 25 < 3 ? 0.02 : 0.08 }),
    );
    const frame = posterFrame(gaps, 100);
    expect(gaps[frame]?.lids).toBe(0.08);
    expect(gaps[frame]?.gap).toBeCloseTo(0.06, 1);
    expect(frame).toBeGreaterThan(4);
    expect(posterFrame([], 0)).toBe(0);
  });

  it('a sheet spreads over the video and looks closely where the mouth moves most', () => {
    expect(wholeFrames(240)).toEqual(Array.from({ length: 24 }, (_, at) => 5 + 10 * at));
    expect(wholeFrames(3)).toEqual([0, 1, 2]);
    const gaps = Array.from({ length: 100 }, (_, frame) =>
      seen(frame, { gap: frame > 60 && frame < 76 ? (frame % 3) / 20 : 0.01 }),
    );
    expect(mouthFrames(gaps, 100)[0]).toBe(60);
    expect(mouthFrames([seen(0)], 4)).toEqual([0, 1, 2, 3]);
  });
});

it('colours come back from I420 as they went in', () => {
  const colours = [
    [255, 0, 0],
    [10, 200, 90],
    [30, 60, 220],
    [255, 255, 255],
    [0, 0, 0],
  ];
  for (const [r = 0, g = 0, b = 0] of colours) {
    const rgba = new Uint8Array(16).map((_, at) => [r, g, b, 255][at % 4] ?? 0);
    const back = i420ToRgb(rgbaToI420(rgba, 2, 2), 2, 2);
    for (const [at, value] of [r, g, b].entries()) expect(Math.abs((back[at] ?? 0) - value)).toBeLessThan(4);
  }
});
