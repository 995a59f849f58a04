import { describe, expect, it } from 'vitest';
import type { DetectedFace, FaceModel } from '../../../src/engine/face/human.ts';
import { locateFace, type Rgb, turned } from '../../../src/engine/face/landmarks.ts';
import { chin, eyeOuterLeft, eyeOuterRight, foreheadTop, oval } from '../../../src/engine/face/points.ts';

const side = 200;
const picture: Rgb = { data: new Uint8Array(side * side * 3), width: side, height: side };

type Drawn = { height?: number; tilt?: number; turn?: number; x?: number; boxScore?: number; meshScore?: number };

/** A face of the model's making: an oval about (x, 100), tilted by degrees, its right side nearer by the turn. */
function face({ height = 80, tilt = 0, turn = 0, x = 100, boxScore = 0.87, meshScore = 1 }: Drawn = {}): DetectedFace {
  const mesh = new Float32Array(468 * 3);
  const angle = (tilt * Math.PI) / 180;
  const put = (index: number, right: number, down: number, depth = 0) =>
    mesh.set(
      [x + right * Math.cos(angle) - down * Math.sin(angle), 100 + right * Math.sin(angle) + down * Math.cos(angle), depth],
      index * 3,
    );
  for (let index = 0; index < 468; index += 1) put(index, 0, 0);
  for (const [step, index] of oval.entries()) {
    const around = (2 * Math.PI * step) / oval.length;
    put(index, 0.35 * height * Math.sin(around), -0.5 * height * Math.cos(around));
  }
  put(foreheadTop, 0, -height / 2);
  put(chin, 0, height / 2);
  const aside = Math.tan((turn * Math.PI) / 180) * 0.5 * height;
  put(eyeOuterLeft, -0.25 * height, -0.1 * height);
  put(eyeOuterRight, 0.25 * height, -0.1 * height, aside);
  return { boxScore, meshScore, mesh };
}

/** The rim that pictures are looked at with. */
const rim = 16;

/** A model that sees these faces in whole pictures, one list a call, the last for all further ones; crops show it nothing. */
function model(...answers: DetectedFace[][]): FaceModel & { calls: () => number } {
  let calls = 0;
  return {
    mirrored: new Uint16Array(468),
    calls: () => calls,
    async detect({ width }) {
      if (width !== side + 2 * rim) return [];
      calls += 1;
      const seen = answers[Math.min(calls, answers.length) - 1] ?? [];
      return seen.map(one => ({ ...one, mesh: one.mesh.map((value, index) => (index % 3 === 2 ? value : value + rim)) }));
    },
  };
}

const codeOf = async (...answers: DetectedFace[][]) => {
  const result = await locateFace(model(...answers), picture);
  return result.ok ? `upright after ${result.face.quarterTurns}` : result.problem.code;
};

describe('finding the face', () => {
  it('takes an upright one at the first look', async () => {
    const seen = model([face()]);
    expect(await locateFace(seen, picture)).toMatchObject({ ok: true, face: { quarterTurns: 0, boxScore: 0.87 } });
    expect(seen.calls()).toBe(1);
  });

  it('puts a rim around the picture, and tells places without it', async () => {
    const result = await locateFace(model([face()]), picture);
    const [told, wanted] = [result.ok ? result.face.mesh : new Float32Array(0), face().mesh];
    expect(told).toHaveLength(wanted.length);
    for (const [index, value] of wanted.entries()) expect(told[index]).toBeCloseTo(value, 3);
  });

  it('looks all four ways when it is unsure, and takes the way it is surest of', async () => {
    const poor = face({ boxScore: 0.7, meshScore: 0.9 });
    expect(await codeOf([poor], [poor], [face()], [poor])).toBe('upright after 2');
    expect(await codeOf([poor], [poor], [face({ boxScore: 0.72, meshScore: 0.92 })], [poor])).toBe('upright after 0');
  });

  it('says why there is none to work with', async () => {
    expect(await codeOf([])).toBe('no-face');
    expect(await codeOf([face({ boxScore: 0.4 })])).toBe('no-face');
    expect(await codeOf([face({ x: 50 }), face({ x: 150, boxScore: 0.7 })])).toBe('several-faces');
    expect(await codeOf([face({ height: 25 })])).toBe('face-too-small');
    expect(await codeOf([face({ tilt: 50 })])).toBe('face-tilted');
    expect(await codeOf([face({ turn: 50 })])).toBe('face-turned');
  });

  it('counts one face once, and a weak second one not at all', async () => {
    expect(await codeOf([face(), face({ x: 105, boxScore: 0.7 })])).toBe('upright after 0');
    expect(await codeOf([face({ x: 50 }), face({ x: 150, boxScore: 0.5 })])).toBe('upright after 0');
  });
});

it('turns a picture by a quarter, clockwise', () => {
  const row = { data: Uint8Array.from([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6]), width: 3, height: 2 };
  const { data, width, height } = turned(row);
  expect([width, height]).toEqual([2, 3]);
  expect([...data].filter((_, index) => index % 3 === 0)).toEqual([4, 1, 5, 2, 6, 3]);
});
