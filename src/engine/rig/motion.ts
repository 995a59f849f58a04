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
/** How far a part of the skin is drawn out or pressed together at most by brows that move: 0.75 is to a quarter of its length. */
const mostBrowSlope = 0.75;

/** As far as this from a brow its motion is felt, in units; there it is a fortieth of a pixel. */
const browReach = 0.42;

/** The least of a coordinate, times `sign`. */
const least = (points: readonly Xy[], axis: 'x' | 'y', sign = 1): number => Math.min(...points.map(point => sign * point[axis]));

/** Distance of a place from a line through points. */
function distanceTo(line: readonly Xy[], x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let index = 0; index < line.length; index += 1) {
    const to = line[index];
    const from = line[index === 0 ? 0 : index - 1];
    if (to === undefined || from === undefined) break;
    const dx = to.x - from.x;
    const dy = to.y - from.y;
    const share = clamp(((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy || 1), 0, 1);
    nearest = Math.min(nearest, Math.hypot(from.x + share * dx - x, from.y + share * dy - y));
  }
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

/** One motion at full strength, at the nodes that it moves, in pixels of the stage. */
type Part = { nodes: Uint32Array; dx: Float32Array; dy: Float32Array };

/** The numbers of those nodes for which something holds, in their order. */
function nodesWhere(count: number, holds: (node: number) => boolean): Uint32Array {
  const nodes: number[] = [];
  for (let node = 0; node < count; node += 1) if (holds(node)) nodes.push(node);
  return Uint32Array.from(nodes);
}

/** Motions below this, in pixels of the stage, are none. */
const nothing = 1e-3;

/** `right` and `down` give it for each node, along and across the mouth. */
function partOf({ mouth: { ex, ey } }: Face, right: Float32Array | undefined, down: Float32Array): Part {
  const nodes = nodesWhere(down.length, node => Math.abs(right?.[node] ?? 0) + Math.abs(down[node] ?? 0) > nothing);
  const mixed = (along: number, across: number) =>
    Float32Array.from(nodes, node => (right?.[node] ?? 0) * along + (down[node] ?? 0) * across);
  return { nodes, dx: mixed(ex.x, ey.x), dy: mixed(ex.y, ey.y) };
}

function add({ nodes, dx, dy }: Part, amount: number, out: Field): void {
  if (amount === 0) return;
  for (let at = 0; at < nodes.length; at += 1) {
    const node = nodes[at] ?? 0;
    out.dx[node] = (out.dx[node] ?? 0) + amount * (dx[at] ?? 0);
    out.dy[node] = (out.dy[node] ?? 0) + amount * (dy[at] ?? 0);
  }
}

/** The most that a motion changes from one node to the next below, as a share of their distance. */
function steepest(grid: Grid, down: Float32Array): number {
  let most = 0;
  for (let at = grid.columns; at < down.length; at += 1) {
    most = Math.max(most, Math.abs((down[at] ?? 0) - (down[at - grid.columns] ?? 0)) / grid.cell);
  }
  return most;
}

export type Motion = {
  grid: Grid;
  /** The nodes that some pose moves, in their order. */
  nodes: Uint32Array;
  /** Overwrites `out`. */
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
  const browLines = brows.map(line => {
    const points = line.map(at);
    return {
      points,
      left: least(points, 'x'),
      right: -least(points, 'x', -1),
      top: least(points, 'y'),
      bottom: -least(points, 'y', -1),
    };
  });
  const cheeks = cheekPoints.map(at);
  const hinge = Math.max(1, depthAt(mouth.x, mouth.y) - earDepth);

  /** Exact as far as brows reach. */
  function distanceToBrows(x: number, y: number): number {
    let nearest = Number.POSITIVE_INFINITY;
    for (const { points: line, left, right, top, bottom } of browLines) {
      const reach = browReach * unit;
      if (x < left - reach || x > right + reach || y < top - reach || y > bottom + reach) continue;
      nearest = Math.min(nearest, distanceTo(line, x, y));
    }
    return nearest;
  }

  eachNode(grid, (index, x, y) => {
    const depth = depthAt(x, y);
    const own = along(head, x, y);
    // The jaw turns about the ears, so what lies as far back as they do stays.
    const sideways = smooth(0, 0.9, (depth - earDepth) / hinge) * (1 - smooth(0.4, 1, Math.abs(own.x) / head.halfWidth));
    const motion = mouthMotion(face, mouthPlace(face, x, y), sideways, side);
    openE[index] = motion.openE;
    openF[index] = motion.openF;
    wideE[index] = motion.wideE;
    roundE[index] = -motion.roundE;
    roundF[index] = motion.roundF;
    teethF[index] = motion.teethF;
    pressF[index] = motion.pressF;
    const fromBrows = distanceToBrows(x, y);
    browF[index] = fromBrows > browReach * unit ? 0 : -0.055 * unit * bell(fromBrows, 0.17 * unit) * aboveLids(face, x, y);
    cheekF[index] = -0.03 * unit * Math.max(...cheeks.map(({ x: cx, y: cy }) => bell(Math.hypot(x - cx, y - cy), 0.22 * unit)));
    const chest = smooth(1.35 * head.halfHeight, 2.6 * head.halfHeight, own.y);
    breathF[index] = -0.014 * unit * chest * (1 - smooth(2.2, 4, Math.abs(own.x) / head.halfWidth));
    weight[index] = headWeight(face, x, y, expand);
    const { a, b, d } = headPlace(face, x, y, depth);
    headA[index] = a;
    headB[index] = b;
    headD[index] = d;
  });

  const part = (down: Float32Array, right?: Float32Array) => partOf(face, right, down);
  const parts = {
    ...{ open: part(openF, openE), spread: part(make(), wideE), round: part(roundF, roundE) },
    ...{ teeth: part(teethF), press: part(pressF), brows: part(browF), cheeks: part(cheekF), breath: part(breathF) },
  };
  // Where a brow lies close above the eye there is little skin to be drawn out or pressed together.
  const mostBrows = mostBrowSlope / Math.max(1e-3, steepest(grid, browF));
  const headNodes = nodesWhere(count, node => (weight[node] ?? 0) > nothing);
  const moved = new Uint8Array(count);
  for (const { nodes } of [{ nodes: headNodes }, ...Object.values(parts)]) for (const node of nodes) moved[node] = 1;

  return {
    grid,
    nodes: nodesWhere(count, node => moved[node] === 1),
    moves(pose, out) {
      const { ra, rb, rd, shiftX, da, db, dd, shiftY } = headTurn(pose, unit);
      out.dx.fill(0);
      out.dy.fill(0);
      for (let at = 0; at < headNodes.length; at += 1) {
        const index = headNodes[at] ?? 0;
        const felt = weight[index] ?? 0;
        const a = headA[index] ?? 0;
        const b = headB[index] ?? 0;
        const d = headD[index] ?? 0;
        const right = felt * (ra * a + rb * b + rd * d + shiftX);
        const down = felt * (da * a + db * b + dd * d + shiftY);
        out.dx[index] = right * head.ex.x + down * head.ey.x;
        out.dy[index] = right * head.ex.y + down * head.ey.y;
      }
      add(parts.open, pose.open, out);
      add(parts.spread, Math.max(0, pose.wide), out);
      add(parts.round, Math.max(0, -pose.wide), out);
      add(parts.teeth, pose.teeth, out);
      add(parts.press, pose.press, out);
      add(parts.brows, clamp(pose.brows, -mostBrows, mostBrows), out);
      add(parts.cheeks, pose.cheeks, out);
      add(parts.breath, pose.breath, out);
    },
  };
}
