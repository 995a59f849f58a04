/** All motions of the skin on a grid: prepared once for a portrait, summed up once for each frame. */
import { brows } from '../face/points.ts';
import type { DepthMap } from './depth.ts';
import type { Face } from './face.ts';
import { along } from './frame.ts';
import type { Pose } from './gains.ts';
import { eachNode, type Field, type Grid, nodeCount } from './grid.ts';
import { headPlace, headTurn, headWeight } from './head.ts';
import { bell, clamp, lookUp, smooth, type Xy } from './maths.ts';
import { mouthMotion, mouthPlace, type Side } from './mouth-motion.ts';

const cheekPoints = [50, 280] as const;

function nearestDistance(points: readonly Xy[], x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const point of points) nearest = Math.min(nearest, Math.hypot(point.x - x, point.y - y));
  return nearest;
}

/** 1 above the eyes' openings and their lids, 0 within: brows move, lids don't follow. */
function aboveLids(face: Face, x: number, y: number): number {
  let share = 1;
  for (const eye of face.eyes) {
    const place = along(eye, x, y);
    const near = 1 - smooth(1.1, 1.6, Math.abs(place.x / eye.half));
    const lid = lookUp(eye.upper, clamp(place.x / eye.half, -1, 1));
    const height = smooth(0, Math.max(4, 0.85 * (lid - eye.brow)), lid - place.y);
    share = Math.min(share, 1 - near * (1 - height));
  }
  return share;
}

export type Motion = {
  grid: Grid;
  /** Overwrites `out`, which must be empty or hold an earlier result of this motion. */
  moves(pose: Pose, out: Field): void;
};

/** The motions of one side of the lips, see mouth-motion.ts. */
export function createMotion(face: Face, depthAt: DepthMap, grid: Grid, side: Side, expand: number): Motion {
  const count = nodeCount(grid);
  const make = () => new Float32Array(count);
  const [openE, openF, wideE, roundE, roundF] = [make(), make(), make(), make(), make()];
  const [teethF, pressF, browF, cheekF, breathF] = [make(), make(), make(), make(), make()];
  const weight = make();
  const [headA, headB, headD] = [make(), make(), make()];
  const { unit, head, mouth, points, earDepth } = face;
  const at = (index: number): Xy => ({ x: points[index * 3] ?? 0, y: points[index * 3 + 1] ?? 0 });
  const browLines = brows.map(line => line.map(at));
  const cheeks = cheekPoints.map(at);
  const hinge = Math.max(1, depthAt(mouth.x, mouth.y) - earDepth);

  eachNode(grid, (index, x, y) => {
    const depth = depthAt(x, y);
    const own = along(head, x, y);
    // The jaw turns about the ears, so what lies as far back as they do stays.
    const sideways = smooth(0, 0.9, (depth - earDepth) / hinge) * (1 - smooth(0.4, 1, Math.abs(own.x) / head.halfWidth));
    const motion = mouthMotion(face, mouthPlace(face, x, y), sideways, side);
    openE[index] = motion.openE;
    openF[index] = motion.openF;
    wideE[index] = motion.wideE;
    roundE[index] = motion.roundE;
    roundF[index] = motion.roundF;
    teethF[index] = motion.teethF;
    pressF[index] = motion.pressF;
    const browNear = Math.max(...browLines.map(line => bell(nearestDistance(line, x, y), 0.17 * unit)));
    browF[index] = -0.055 * unit * browNear * aboveLids(face, x, y);
    cheekF[index] = -0.03 * unit * Math.max(...cheeks.map(({ x: cx, y: cy }) => bell(Math.hypot(x - cx, y - cy), 0.22 * unit)));
    const chest = smooth(1.35 * head.halfHeight, 2.6 * head.halfHeight, own.y);
    breathF[index] = -0.014 * unit * chest * (1 - smooth(2.2, 4, Math.abs(own.x) / head.halfWidth));
    weight[index] = headWeight(face, x, y, expand);
    const { a, b, d } = headPlace(face, x, y, depth);
    headA[index] = a;
    headB[index] = b;
    headD[index] = d;
  });

  /** Nodes that some pose moves; `out` keeps its zeros elsewhere. */
  const all = [openE, openF, wideE, roundE, roundF, teethF, pressF, browF, cheekF, breathF, weight];
  const moving = Uint32Array.from(
    Array.from({ length: count }, (_, index) => index).filter(index => all.some(values => Math.abs(values[index] ?? 0) > 1e-3)),
  );

  return {
    grid,
    moves(pose, out) {
      const { turn } = headTurn(pose, unit);
      const [spread, rounded] = [Math.max(0, pose.wide), Math.max(0, -pose.wide)];
      for (const index of moving) {
        const e = pose.open * (openE[index] ?? 0) + spread * (wideE[index] ?? 0) - rounded * (roundE[index] ?? 0);
        const f =
          pose.open * (openF[index] ?? 0) +
          rounded * (roundF[index] ?? 0) +
          pose.teeth * (teethF[index] ?? 0) +
          pose.press * (pressF[index] ?? 0) +
          pose.brows * (browF[index] ?? 0) +
          pose.cheeks * (cheekF[index] ?? 0) +
          pose.breath * (breathF[index] ?? 0);
        let dx = e * mouth.ex.x + f * mouth.ey.x;
        let dy = e * mouth.ex.y + f * mouth.ey.y;
        const felt = weight[index] ?? 0;
        if (felt > 0) {
          const { right, down } = turn({ a: headA[index] ?? 0, b: headB[index] ?? 0, d: headD[index] ?? 0 });
          dx += felt * (right * head.ex.x + down * head.ey.x);
          dy += felt * (right * head.ex.y + down * head.ey.y);
        }
        out.dx[index] = dx;
        out.dy[index] = dy;
      }
    },
  };
}
