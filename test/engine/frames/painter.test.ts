import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Curves } from '../../../src/engine/curves.ts';
import { startFaceFinder } from '../../../src/engine/face/find.ts';
import { createPainter, type Painter } from '../../../src/engine/frames/painter.ts';
import { startPool } from '../../../src/engine/frames/pool.ts';
import { createMouthLayer } from '../../../src/engine/layers/mouth.ts';
import { type PortraitScene, readScene } from '../../../src/engine/portrait-scene.ts';
import { frameBytes } from '../../../src/engine/raster/i420.ts';
import { createDepthMap, type DepthMap } from '../../../src/engine/rig/depth.ts';
import { type Face, measureFace } from '../../../src/engine/rig/face.ts';
import { placeIn } from '../../../src/engine/rig/frame.ts';
import { gain, type Pose, poseAt } from '../../../src/engine/rig/gains.ts';
import { emptyField, type Field, type Grid, invert, sampleGrid, stageGrid } from '../../../src/engine/rig/grid.ts';
import { lookUp } from '../../../src/engine/rig/maths.ts';
import { createMotion } from '../../../src/engine/rig/motion.ts';
import { mouthMotion, mouthPlace } from '../../../src/engine/rig/mouth-motion.ts';
import { meansOf, stageSide, videoSide } from '../../../src/engine/rig/texture.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const rest: Pose = {
  ...{ open: 0, wide: 0, teeth: 0, press: 0, brows: 0, cheeks: 0, blink: 0, gazeX: 0, gazeY: 0 },
  ...{ yaw: 0, pitch: 0, roll: 0, tx: 0, ty: 0, breath: 0 },
};
let portrait: PortraitScene;
let face: Face;
let depthAt: DepthMap;
let painter: Painter;
let newPainter: () => Painter;

beforeAll(async () => {
  const finder = startFaceFinder();
  const read = await readScene('sandbox/samples/portrait.jpg', 50_000_000, finder.find);
  await finder.close();
  if (!read.ok) throw new Error(read.detail);
  portrait = read.scene;
  face = measureFace(portrait.mesh, portrait.texture);
  depthAt = createDepthMap(face);
  newPainter = () => createPainter({ ...portrait, expand: 1.2 });
  painter = newPainter();
});

function painted(by: Painter, pose: Partial<Pose>): Uint8Array {
  const out = new Uint8Array(frameBytes);
  by.paint({ ...rest, ...pose }, out);
  return out;
}

/** Twice the smallest area, in cells, of the two triangles of any cell after its nodes have moved; below 0 it is turned over. */
function leastArea(grid: Grid, moves: Field, counts: (x: number, y: number) => boolean): number {
  let least = Number.POSITIVE_INFINITY;
  for (let row = 0; row < grid.rows - 1; row += 1) {
    for (let column = 0; column < grid.columns - 1; column += 1) {
      const node = row * grid.columns + column;
      if (!counts(grid.x + (column + 0.5) * grid.cell, grid.y + (row + 0.5) * grid.cell)) continue;
      const edge = (to: number, values: Float32Array) => ((values[to] ?? 0) - (values[node] ?? 0)) / grid.cell;
      const [right, down] = [node + 1, node + grid.columns];
      least = Math.min(
        least,
        (1 + edge(right, moves.dx)) * (1 + edge(down, moves.dy)) - edge(right, moves.dy) * edge(down, moves.dx),
      );
    }
  }
  return least;
}

/** Whatever curves can say, at weight 10. */
const strongest = gain(10);
const within = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });
const anyPose = fc.record({
  ...{ open: within(0, strongest), wide: within(-1.2, strongest), teeth: within(0, strongest), press: within(0, 1.2) },
  ...{ brows: within(-1.2, strongest), cheeks: within(0, strongest), blink: within(0, 1) },
  ...{ gazeX: within(-1, 1), gazeY: within(-1, 1), yaw: within(-strongest, strongest), pitch: within(-strongest, strongest) },
  ...{ roll: within(-strongest, strongest), tx: within(-strongest, strongest), ty: within(-strongest, strongest) },
  breath: within(-strongest, strongest),
});

describe('the rig', () => {
  it('turns no part of the picture over, whatever the pose at weight 10', () => {
    const grid = stageGrid(16);
    // The slit of the lips is meant to tear; each lip's own continuation is looked at beside it.
    const offSlit = (x: number, y: number) => {
      const { u, v } = mouthPlace(face, x, y);
      return Math.abs(u) > 1.3 || Math.abs(v) > 0.12;
    };
    const above = (x: number, y: number) => mouthPlace(face, x, y).v < 0.05;
    const below = (x: number, y: number) => mouthPlace(face, x, y).v > -0.05;
    const motions = [
      ...[0, 1.2, 10].map(expand => ({ side: 'whole' as const, expand, counts: offSlit })),
      { side: 'upper' as const, expand: 1.2, counts: above },
      { side: 'lower' as const, expand: 1.2, counts: below },
    ].map(({ side, expand, counts }) => ({
      ...{ counts, moves: emptyField(grid) },
      motion: createMotion(face, depthAt, grid, side, expand),
    }));
    fc.assert(
      fc.property(anyPose, pose => {
        for (const { motion, moves, counts } of motions) {
          motion.moves(pose, moves);
          expect(leastArea(grid, moves, counts)).toBeGreaterThan(0);
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('moves brows that lie close above the eyes only as far as the skin between allows', () => {
    const grid = stageGrid(8);
    const moves = emptyField(grid);
    const low = face.eyes.map(eye => ({ ...eye, brow: Math.min(...eye.upper.values) - 6 }));
    const motion = createMotion({ ...face, eyes: low }, depthAt, grid, 'whole', 1.2);
    for (const brows of [-1.2, 1, strongest]) {
      motion.moves({ ...rest, brows }, moves);
      expect(leastArea(grid, moves, () => true)).toBeGreaterThan(0.2);
      expect(Math.max(...moves.dy.map(Math.abs))).toBeGreaterThan(2);
    }
  });

  it('opens a mouth less whose chin is short', () => {
    const drop = (toChin: number) => {
      const short = { ...face, mouth: { ...face.mouth, toChin } };
      return mouthMotion(short, { s: 0, u: 0, v: 0.01 }, 1, 'lower').openF;
    };
    expect(drop(0.3 * face.unit)).toBeCloseTo((2 / 3) * drop(0.45 * face.unit), 1);
    expect(drop(0.6 * face.unit)).toBe(drop(0.45 * face.unit));
  });

  it('finds for each place where it comes from', () => {
    const grid = stageGrid(8);
    const [moves, looks] = [emptyField(grid), emptyField(grid)];
    const motion = createMotion(face, depthAt, grid, 'lower', 1.2);
    motion.moves({ ...rest, open: 1.2, wide: 0.5, brows: 1, yaw: 1, pitch: -1, roll: 1 }, moves);
    invert(grid, motion.nodes, moves, looks);
    for (let index = 0; index < looks.dx.length; index += 1) {
      const [x, y] = [(index % grid.columns) * 8, Math.floor(index / grid.columns) * 8];
      const [fromX, fromY] = [x + (looks.dx[index] ?? 0), y + (looks.dy[index] ?? 0)];
      if (mouthPlace(face, fromX, fromY).v < -0.05 && Math.abs(mouthPlace(face, fromX, fromY).u) < 1.3) continue; // the other lip's
      expect(Math.abs(fromX + sampleGrid(grid, moves.dx, fromX, fromY) - x)).toBeLessThan(1.5);
      expect(Math.abs(fromY + sampleGrid(grid, moves.dy, fromX, fromY) - y)).toBeLessThan(1.5);
    }
  });

  it('moves nothing at the border of the picture', () => {
    const grid = stageGrid(16);
    const moves = emptyField(grid);
    createMotion(face, depthAt, grid, 'whole', 10).moves({ ...rest, yaw: 2, pitch: 2, roll: 2, tx: 2, open: 2, wide: 2 }, moves);
    for (let column = 0; column < grid.columns; column += 1) {
      expect(Math.hypot(moves.dx[column] ?? 0, moves.dy[column] ?? 0)).toBeLessThan(0.01);
    }
  });
});

describe('weights', () => {
  it('count 0 as a still, 1 as they are, and 10 as about double', () => {
    expect([gain(0), gain(0.5), gain(1)]).toEqual([0, 0.5, 1]);
    expect(gain(10)).toBeCloseTo(2.02, 1);
    expect([gain(Number.NaN), gain(-3)]).toEqual([0, 0]);
    for (let weight = 0; weight < 10; weight += 0.1) expect(gain(weight + 0.1)).toBeGreaterThan(gain(weight));
  });

  it('make a still of any curves when all are 0, and cut curves beyond their range', () => {
    const wild = new Float32Array([99, Number.NaN]);
    const names = [
      'open',
      'wide',
      'teeth',
      'press',
      'brows',
      'blink',
      'gazeX',
      'gazeY',
      'yaw',
      'pitch',
      'roll',
      'tx',
      'ty',
      'breath',
    ] as const;
    const all = Object.fromEntries(names.map(name => [name, wild]));
    const curves = { frames: 2, ...rest, ...all } as unknown as Parameters<typeof poseAt>[0];
    const none = { poseWeight: 0, faceWeight: 0, lipWeight: 0, faceExpandRatio: 0 };
    const most = { poseWeight: 10, faceWeight: 10, lipWeight: 10, faceExpandRatio: 10 };
    expect(Object.values(poseAt(curves, 0, none)).every(value => value === 0)).toBe(true);
    for (const frame of [0, 1]) {
      for (const value of Object.values(poseAt(curves, frame, most))) expect(Math.abs(value)).toBeLessThanOrEqual(strongest);
    }
  });
});

it('paints the same frames with one worker as with several, in order', async () => {
  const frames = 5;
  const wave = (rate: number) => Float32Array.from({ length: frames }, (_, frame) => 0.5 + 0.5 * Math.sin(frame * rate));
  const still = new Float32Array(frames);
  const curves: Curves = {
    ...{ frames, open: wave(1), wide: wave(2), teeth: wave(3), press: still, brows: wave(0.7), blink: wave(0.5) },
    ...{
      gazeX: wave(0.3),
      gazeY: still,
      yaw: wave(0.2),
      pitch: wave(0.4),
      roll: wave(0.1),
      tx: still,
      ty: still,
      breath: wave(0.2),
    },
  };
  const scene = { ...portrait, weights: { poseWeight: 1, faceWeight: 1, lipWeight: 1, faceExpandRatio: 1.2 } };
  const hashes = async (workers: number) => {
    const all: string[] = [];
    const pool = startPool(workers);
    for await (const frame of pool.frames(scene, curves)) all.push(createHash('sha256').update(frame).digest('hex'));
    await pool.close();
    return all;
  };
  const alone = await hashes(1);
  expect(new Set(alone).size).toBe(frames);
  expect(await hashes(2)).toEqual(alone);
});

describe('the painter', () => {
  it('paints a pose the same whatever was painted before', () => {
    const pose: Partial<Pose> = { open: 0.7, wide: 0.4, blink: 0.6, yaw: 0.5, roll: -0.7, gazeX: 1, breath: 1 };
    const resting = painted(painter, {});
    painted(painter, { open: 2, wide: -1, yaw: -2, tx: 2, blink: 1, press: 1 });
    const after = painted(painter, pose);
    expect(Buffer.compare(after, painted(newPainter(), pose))).toBe(0);
    expect(Buffer.compare(after, painted(painter, {}))).not.toBe(0);
    expect(Buffer.compare(painted(painter, {}), resting)).toBe(0);
  });

  it('opens the mouth upon a dark inside, and moves the chin alone with it', () => {
    const [closed, open] = [painted(painter, {}), painted(painter, { open: 1 })];
    const { mouth, unit } = face;
    const lumaAt = (frame: Uint8Array, down: number) => {
      const [x, y] = [mouth.x + down * mouth.ey.x, mouth.y + down * mouth.ey.y];
      return frame[Math.round(y / 2) * videoSide + Math.round(x / 2)] ?? 0;
    };
    const inside = lookUp(mouth.lower, 0) + 0.1 * unit;
    expect(lumaAt(open, inside)).toBeLessThan(0.7 * lumaAt(closed, inside));
    // The eyes know nothing of it.
    for (const eye of face.eyes) {
      const at = Math.round(eye.y / 2) * videoSide + Math.round(eye.x / 2);
      expect(open[at]).toBe(closed[at]);
    }
  });

  it('leaves the light rim of the lower lip behind when the upper lip parts from it', () => {
    const { mouth } = face;
    // A picture that is light below the seam and dark above it.
    const texture = portrait.texture.map((_, at) => {
      const [x, y] = [(at % stageSide) + 0.5, Math.floor(at / stageSide) + 0.5];
      const { u, v } = mouthPlace(face, x, y);
      return Math.abs(u) < 1 && v > 0 ? -1 : 0xff000000 | 0;
    });
    const lip = createMouthLayer(face, depthAt, { texture, means: meansOf(texture), expand: 1.2 });
    const video = new Int32Array(videoSide * videoSide).fill(-1);
    const grid = stageGrid(8);
    lip.paint(video, { ...rest, open: 0.8 }, grid, emptyField(grid));
    const { x, y } = placeIn(mouth, 0, lookUp(mouth.upper, 0));
    for (let down = -3; down <= 1; down += 1) {
      const pixel = video[(Math.round(y / 2) + down) * videoSide + Math.round(x / 2)] ?? 0;
      expect(pixel & 255).toBeLessThan(60);
    }
  });

  it('closes the lids over the eyes', () => {
    const [open, closed] = [painted(painter, {}), painted(painter, { blink: 1 })];
    for (const eye of face.eyes) {
      let changed = 0;
      for (let right = -0.5; right <= 0.5; right += 0.1) {
        const at = Math.round(eye.y / 2) * videoSide + Math.round((eye.x + right * eye.half) / 2);
        if (Math.abs((open[at] ?? 0) - (closed[at] ?? 0)) > 15) changed += 1;
      }
      expect(changed).toBeGreaterThan(5);
    }
  });
});
