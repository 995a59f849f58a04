/** What is measured of a face in a picture, from its landmarks. Pure; lengths are in heights of the face. */
import { chin, foreheadTop } from '../face/points.ts';

export type FaceMeasures = {
  /** Between the inner lips. */
  gap: number;
  /** Between the corners of the mouth. */
  mouthWidth: number;
  /** Between the lids, mean of both eyes. */
  lids: number;
};

/** Parts of a face that speech does not move, and that lie nearly in one plane: eyes' corners, the nose's bridge and wings. */
const stillParts = [33, 133, 362, 263, 168, 6, 197, 195, 98, 327] as const;

const point = (mesh: Float32Array, index: number) => ({ x: mesh[index * 3] ?? 0, y: mesh[index * 3 + 1] ?? 0 });

function apart(mesh: Float32Array, one: number, other: number): number {
  const [a, b] = [point(mesh, one), point(mesh, other)];
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** From the top of the forehead to the chin, in pixels. */
export const faceHeight = (mesh: Float32Array): number => Math.max(1, apart(mesh, foreheadTop, chin));

export function measureFace(mesh: Float32Array): FaceMeasures {
  const height = faceHeight(mesh);
  return {
    gap: apart(mesh, 13, 14) / height,
    mouthWidth: apart(mesh, 78, 308) / height,
    lids: (apart(mesh, 159, 145) + apart(mesh, 386, 374)) / 2 / height,
  };
}

/** Solves a symmetric 3×3 system for two right sides, by Cramer's rule. */
function solve3(m: readonly number[], right: readonly number[]): [number, number, number] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = m;
  const [x = 0, y = 0, z = 0] = right;
  const whole = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g) || 1;
  return [
    (x * (e * i - f * h) - b * (y * i - f * z) + c * (y * h - e * z)) / whole,
    (a * (y * i - f * z) - x * (d * i - f * g) + c * (d * z - y * g)) / whole,
    (a * (e * z - y * h) - b * (d * z - y * g) + x * (d * h - e * g)) / whole,
  ];
}

/**
 * How far the still parts lie from where they were in the first picture once the head's motion is taken out: the best affine map
 * between both. Root mean square, in heights of the face. What is left is a face that bends, or landmarks that tremble.
 */
export function bend(first: Float32Array, now: Float32Array): number {
  const from = stillParts.map(index => point(first, index));
  const to = stillParts.map(index => point(now, index));
  const sum = (value: (at: number) => number) => from.reduce((total, _, at) => total + value(at), 0);
  const x = (at: number) => from[at]?.x ?? 0;
  const y = (at: number) => from[at]?.y ?? 0;
  const normal = [
    ...[sum(at => x(at) ** 2), sum(at => x(at) * y(at)), sum(x)],
    ...[sum(at => x(at) * y(at)), sum(at => y(at) ** 2), sum(y)],
    ...[sum(x), sum(y), from.length],
  ];
  const squared = (['x', 'y'] as const).map(axis => {
    const goal = (at: number) => to[at]?.[axis] ?? 0;
    const [p, q, r] = solve3(normal, [sum(at => x(at) * goal(at)), sum(at => y(at) * goal(at)), sum(goal)]);
    return sum(at => (p * x(at) + q * y(at) + r - goal(at)) ** 2);
  });
  return Math.sqrt(squared.reduce((total, value) => total + value, 0) / from.length) / faceHeight(first);
}
