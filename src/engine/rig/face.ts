/**
 * The face's measures, from its landmarks: everything that the motions need to know of this portrait. All lengths are pixels
 * of the stage, x to the right, y down, depth towards the viewer.
 */
import { chin, earLeft, earRight, eyeOuterLeft, eyeOuterRight, eyes, foreheadTop, lips, oval } from '../face/points.ts';
import { columns, darkSeam, lowerLid } from './edges.ts';
import { along, type Frame, frameAt, middle } from './frame.ts';
import { clamp, mix, type Table, tableThrough, type Xy } from './maths.ts';
import { partedLip } from './parted-lips.ts';
import type { Texture } from './texture.ts';

/** `u` is -1 at the left corner and 1 at the right one; heights are pixels along the frame's ey from its origin. */
export type Mouth = Frame & {
  halfLeft: number;
  halfRight: number;
  /** The inner edges of the lips over u; equal where the lips touch. */
  upper: Table;
  lower: Table;
  /** The resting lips stand apart, so the picture shows the mouth's inside. */
  apart: boolean;
  /** From the seam down to the chin. */
  toChin: number;
};

/** `half` is half the distance of the corners; `upper` and `lower` are the lids' heights over -1…1; `brow` the brow's, above. */
export type Eye = Frame & { half: number; upper: Table; lower: Table; brow: number };

export type Face = {
  /** Distance of the outer corners of the eyes, as seen from the front: the unit of all motions. */
  unit: number;
  /** The head's own frame, about the middle of the outline. */
  head: Frame & { halfWidth: number; halfHeight: number };
  /** x, y, depth of each landmark. */
  points: Float32Array;
  earDepth: number;
  mouth: Mouth;
  eyes: Eye[];
};

/** The model's depths are too flat by about this. */
const depthScale = 1.7;
/** A gap between the lips of more than this many units is a mouth that stands open, not noise. */
const apartGap = 0.038;

function mouthOf(at: (index: number) => Xy, texture: Texture, unit: number): Mouth {
  const [left, right] = [at(lips.upperOuter[0]), at(lips.upperOuter[10])];
  const seamMiddle = middle(at(13), at(14));
  const base = frameAt(left, left, right);
  const width = Math.hypot(right.x - left.x, right.y - left.y);
  const share = clamp(along(base, seamMiddle.x, seamMiddle.y).x / width, 0.25, 0.75);
  const frame = frameAt({ x: mix(left.x, right.x, share), y: mix(left.y, right.y, share) }, left, right);
  const [halfLeft, halfRight] = [width * share, width * (1 - share)];
  const halfOf = (u: number) => (u < 0 ? halfLeft : halfRight);
  const contour = (indexes: readonly number[]) => {
    const points = [lips.upperOuter[0], ...indexes, lips.upperOuter[10]].map(index => {
      const { x, y } = along(frame, at(index).x, at(index).y);
      return { x: x / halfOf(x), y };
    });
    return tableThrough(points, -1, 1, columns);
  };
  const [upper, lower] = [contour(lips.upperInner), contour(lips.lowerInner)];
  const gaps = upper.values.map((value, index) => (lower.values[index] ?? 0) - value);
  const apart = Math.max(...gaps) > apartGap * unit;
  const between: Table = { from: -1, to: 1, values: upper.values.map((value, i) => (value + (lower.values[i] ?? 0)) / 2) };
  const seam = apart ? undefined : darkSeam(texture, frame, between, halfOf, unit);
  const refined = (outer: readonly number[], inner: Table, other: Table) =>
    apart ? partedLip(texture, frame, { outer: contour(outer.slice(1, -1)), inner, other }, halfOf, unit) : inner;
  const chinAt = along(frame, at(chin).x, at(chin).y);
  return {
    ...frame,
    halfLeft,
    halfRight,
    upper: seam ?? refined(lips.upperOuter, upper, lower),
    lower: seam ?? refined(lips.lowerOuter, lower, upper),
    apart,
    toChin: Math.max(chinAt.y, 0.3 * unit),
  };
}

function eyeOf(at: (index: number) => Xy, { upper, lower, brow }: (typeof eyes)[number], texture: Texture): Eye {
  const [left, right] = [at(upper[0]), at(upper[8])];
  const frame = frameAt(middle(left, right), left, right);
  const half = Math.hypot(right.x - left.x, right.y - left.y) / 2;
  const contour = (indexes: readonly number[]) =>
    tableThrough(
      indexes.map(index => {
        const { x, y } = along(frame, at(index).x, at(index).y);
        return { x: x / half, y };
      }),
      ...([-1, 1, columns] as const),
    );
  const heights = brow.map(index => along(frame, at(index).x, at(index).y).y);
  return {
    ...frame,
    half,
    upper: contour(upper),
    lower: lowerLid(texture, frame, half, contour(lower)),
    brow: Math.min(...heights.slice(1, 4)),
  };
}

/** Measures the face. `mesh` are landmarks in pixels of the stage, as the landmark model tells them (z away from the viewer). */
export function measureFace(mesh: Float32Array, texture: Texture): Face {
  const points = mesh.map((value, index) => (index % 3 === 2 ? -value * depthScale : value));
  const at = (index: number): Xy => ({ x: points[index * 3] ?? 0, y: points[index * 3 + 1] ?? 0 });
  const depth = (index: number) => points[index * 3 + 2] ?? 0;
  const [eyeLeft, eyeRight] = [at(eyeOuterLeft), at(eyeOuterRight)];
  const flat = Math.hypot(eyeRight.x - eyeLeft.x, eyeRight.y - eyeLeft.y);
  const unit = Math.hypot(flat, depth(eyeOuterRight) - depth(eyeOuterLeft));
  const outline = oval.map(at);
  const sum = outline.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 });
  const centre = { x: sum.x / oval.length, y: sum.y / oval.length };
  const frame = frameAt(centre, eyeLeft, eyeRight);
  const own = outline.map(({ x, y }) => along(frame, x, y));
  const halfWidth = (Math.max(...own.map(p => p.x)) - Math.min(...own.map(p => p.x))) / 2;
  const halfHeight = (along(frame, at(chin).x, at(chin).y).y - along(frame, at(foreheadTop).x, at(foreheadTop).y).y) / 2;
  return {
    unit,
    points,
    head: { ...frame, halfWidth, halfHeight },
    earDepth: (depth(earLeft) + depth(earRight)) / 2,
    mouth: mouthOf(at, texture, unit),
    eyes: eyes.map(eye => eyeOf(at, eye, texture)),
  };
}
