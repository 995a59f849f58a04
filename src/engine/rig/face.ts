/**
 * The face's measures, from its landmarks: everything that the motions need to know of this portrait. All lengths are pixels
 * of the stage, x to the right, y down, depth towards the viewer.
 */
import { chin, earLeft, earRight, eyeOuterLeft, eyeOuterRight, eyes, foreheadTop, lips, oval } from '../face/points.ts';
import { clamp, lookUp, mix, smoothed, type Table, tableThrough, type Xy } from './maths.ts';
import { lumaAt, meanColour, type Rgb, type Texture } from './texture.ts';

/** A place in the picture and two directions that stand upright on each other there. */
export type Frame = Xy & { ex: Xy; ey: Xy };

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
const apartGap = 0.05;
/** How far from the landmarks the dark line between closed lips is looked for, in units. */
const seamReach = 0.04;
const columns = 65;

export function along(frame: Frame, x: number, y: number): Xy {
  const [dx, dy] = [x - frame.x, y - frame.y];
  return { x: dx * frame.ex.x + dy * frame.ex.y, y: dx * frame.ey.x + dy * frame.ey.y };
}

export function placeIn(frame: Frame, right: number, down: number): Xy {
  return {
    x: frame.x + right * frame.ex.x + down * frame.ey.x,
    y: frame.y + right * frame.ex.y + down * frame.ey.y,
  };
}

function frameAt(origin: Xy, from: Xy, to: Xy): Frame {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const ex = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
  return { ...origin, ex, ey: { x: -ex.y, y: ex.x } };
}

const middle = (a: Xy, b: Xy): Xy => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/**
 * The dark line between closed lips near a first guess: the path from corner to corner of the least brightness, where every
 * step up or down costs (the shortest path through a strip of the picture, column by column).
 */
function darkSeam(texture: Texture, frame: Frame, guess: Table, halfOf: (u: number) => number, unit: number): Table {
  const rows = 2 * Math.ceil((seamReach * unit) / 1) + 1;
  const offset = (row: number) => row - (rows - 1) / 2;
  const cost: Float64Array[] = [];
  const from: Int16Array[] = [];
  for (let column = 0; column < columns; column += 1) {
    const u = -1 + (2 * column) / (columns - 1);
    const best = new Float64Array(rows);
    const came = new Int16Array(rows);
    for (let row = 0; row < rows; row += 1) {
      const far = offset(row) / (seamReach * unit);
      const place = placeIn(frame, u * halfOf(u), lookUp(guess, u) + offset(row));
      // At the corners the landmarks are right and shadows of the cheek are not.
      const own = lumaAt(texture, place.x, place.y) + 60 * far * far + 200 * far * far * Math.max(0, Math.abs(u) - 0.75);
      let least = column === 0 ? 0 : Number.POSITIVE_INFINITY;
      for (let step = -2; step <= 2 && column > 0; step += 1) {
        const before = (cost[column - 1]?.[row + step] ?? Number.POSITIVE_INFINITY) + 6 * Math.abs(step);
        if (before < least) {
          least = before;
          came[row] = step;
        }
      }
      best[row] = own + least;
    }
    cost.push(best);
    from.push(came);
  }
  const values = new Float32Array(columns);
  const last = cost.at(-1) ?? new Float64Array(1);
  let row = last.indexOf(Math.min(...last));
  for (let column = columns - 1; column >= 0; column -= 1) {
    values[column] = lookUp(guess, -1 + (2 * column) / (columns - 1)) + offset(row);
    row += from[column]?.[row] ?? 0;
  }
  // The dark line is the upper lip's shadow: the cut lies at its lower side, where the picture gets brighter the fastest.
  const drops = values.map((value, column) => {
    const u = -1 + (2 * column) / (columns - 1);
    let [best, drop] = [0, 0];
    for (let step = 1; step <= 0.035 * unit; step += 1) {
      const luma = (down: number) => {
        const place = placeIn(frame, u * halfOf(u), value + down);
        return lumaAt(texture, place.x, place.y);
      };
      const rise = luma(step + 1) - luma(step - 1);
      if (rise > best * 1.15) [best, drop] = [rise, step];
    }
    return drop;
  });
  const fade = (column: number) => 1 - Math.abs((2 * column) / (columns - 1) - 1) ** 4;
  const even = smoothed(drops, 5);
  const lowered = smoothed(values, 3).map((value, column) => value + (even[column] ?? 0) * fade(column));
  return { from: -1, to: 1, values: lowered };
}

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
  const chinAt = along(frame, at(chin).x, at(chin).y);
  return {
    ...frame,
    halfLeft,
    halfRight,
    upper: seam ?? upper,
    lower: seam ?? lower,
    apart,
    toChin: Math.max(chinAt.y, 0.3 * unit),
  };
}

/** How much lower than the landmarks the lower lid is looked for, in half widths of the eye; the model draws large eyes small. */
const lidReach = 0.42;
/** How unlike skin (0-255) the eye is at the least. */
const lidContrast = 45;

/**
 * The lower lid where the picture shows it: looked for upwards from the skin below the eye, it is where the colour stops being
 * the skin's. Lashes and shadows mislead single columns, so all of them together move the landmarks' curve by one parabola.
 */
function lowerLid(texture: Texture, frame: Frame, half: number, guess: Table): Table {
  const arch = (column: number) => 1 - (-1 + (2 * column) / (columns - 1)) ** 2;
  const extras: number[] = [];
  for (let column = columns >> 2; column < columns - (columns >> 2); column += 1) {
    const height = guess.values[column] ?? 0;
    const reach = lidReach * half * arch(column);
    const colour = (down: number) => {
      const place = placeIn(frame, (-1 + (2 * column) / (columns - 1)) * half, height + down);
      return meanColour(texture, place.x, place.y, 1);
    };
    const skin = colour(reach + 0.12 * half);
    const isSkin = ([red, green, blue]: Rgb) => Math.hypot(red - skin[0], green - skin[1], blue - skin[2]) < lidContrast;
    let down = reach;
    while (down > 0 && isSkin(colour(down))) down -= 1;
    extras.push(Math.max(0, down) / arch(column));
  }
  const extra = extras.toSorted((a, b) => a - b)[extras.length >> 1] ?? 0;
  return { ...guess, values: guess.values.map((value, column) => value + extra * arch(column)) };
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
