/** Small functions that the rig, the layers and the voice of the formulas share. */

export type Xy = { x: number; y: number };

export const clamp = (value: number, low: number, high: number): number => (value < low ? low : value > high ? high : value);
export const mix = (from: number, to: number, share: number): number => from + (to - from) * share;

/** 0 below `from`, 1 above `to`, with level ends. */
export function smooth(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from), 0, 1);
  return t * t * (3 - 2 * t);
}

/** exp(-(x/width)²): 1 in the middle, 0.37 at the width. */
export const bell = (x: number, width: number): number => Math.exp(-((x / width) ** 2));

/** Values of a smooth curve through points (monotone in x), as a table over an even range. */
export type Table = { from: number; to: number; values: Float32Array };

export function lookUp({ from, to, values }: Table, x: number): number {
  const at = clamp(((x - from) / (to - from)) * (values.length - 1), 0, values.length - 1.0001);
  const left = Math.floor(at);
  return mix(values[left] ?? 0, values[left + 1] ?? 0, at - left);
}

/** Catmull-Rom through points sorted by x; points that don't go on to the right are left out. */
export function tableThrough(points: readonly Xy[], from: number, to: number, size: number): Table {
  const sorted: Xy[] = [];
  for (const point of points.toSorted((a, b) => a.x - b.x)) {
    const last = sorted.at(-1);
    if (last === undefined || point.x - last.x > 1e-4 * (to - from)) sorted.push(point);
  }
  const slopeAt = (index: number): number => {
    const [before, after] = [sorted[Math.max(0, index - 1)], sorted[Math.min(sorted.length - 1, index + 1)]];
    return before === undefined || after === undefined || after.x === before.x ? 0 : (after.y - before.y) / (after.x - before.x);
  };
  let index = 0;
  const values = Float32Array.from({ length: size }, (_, step) => {
    const x = from + ((to - from) * step) / (size - 1);
    while (index < sorted.length - 2 && x > (sorted[index + 1]?.x ?? x)) index += 1;
    const [a, b] = [sorted[index], sorted[index + 1]];
    if (a === undefined) return 0;
    if (b === undefined || x <= a.x) return a.y;
    if (x >= b.x) return b.y;
    const width = b.x - a.x;
    const t = (x - a.x) / width;
    // The cubic with the given values and slopes at both ends.
    const [t2, t3] = [t * t, t * t * t];
    return (
      a.y * (2 * t3 - 3 * t2 + 1) +
      b.y * (3 * t2 - 2 * t3) +
      width * (slopeAt(index) * (t3 - 2 * t2 + t) + slopeAt(index + 1) * (t3 - t2))
    );
  });
  return { from, to, values };
}

/** Each value becomes the mean of its neighbourhood; the ends stay. */
export function smoothed(values: Float32Array, reach: number): Float32Array {
  return values.map((_, at) => {
    const room = Math.min(reach, at, values.length - 1 - at);
    let sum = 0;
    for (let step = -room; step <= room; step += 1) sum += values[at + step] ?? 0;
    return sum / (2 * room + 1);
  });
}
