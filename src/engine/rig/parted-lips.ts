/** Finds the inner edges of parted lips in the picture itself, near where the landmarks say they are. */
import { columns } from './edges.ts';
import { type Frame, placeIn } from './frame.ts';
import { clamp, mix, type Table } from './maths.ts';
import { meanColour, type Rgb, type Texture } from './texture.ts';

/** How far from the landmarks the edge is looked for at most, in units. */
const reachUnits = 0.07;
/** The search begins on the lip, this share of its thickness from the landmarks' edge; further out it might begin on skin. */
const onLip = 0.4;
/** How unlike the lip (0-255) the mouth's inside is at the least. */
const leastContrast = 24;
/** Columns that see the edge, of all, below which the landmarks are kept. */
const leastSeen = 0.2;
const fits = 12;

/** How unlike two colours are, hue counting more than light: teeth, tongue and dark differ from lips in either. */
function unlike(a: Rgb, b: Rgb): number {
  const luma = ([red, green, blue]: Rgb) => 0.3 * red + 0.6 * green + 0.1 * blue;
  return Math.hypot(luma(a) - luma(b), 1.5 * (a[0] - a[1] - (b[0] - b[1])));
}

/** Solves three equations; 0 for all where they don't tell. */
function solved(matrix: readonly [number, number, number][], right: readonly number[]): [number, number, number] {
  const determinant = (rows: readonly (readonly number[])[]) => {
    const [[a = 0, b = 0, c = 0] = [], [d = 0, e = 0, f = 0] = [], [g = 0, h = 0, i = 0] = []] = rows;
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  };
  const whole = determinant(matrix);
  if (Math.abs(whole) < 1e-9) return [0, 0, 0];
  const withRight = (column: number) =>
    matrix.map((row, at) => row.map((value, index) => (index === column ? (right[at] ?? 0) : value)));
  return [determinant(withRight(0)) / whole, determinant(withRight(1)) / whole, determinant(withRight(2)) / whole];
}

/** Columns stay at the landmarks in the corners, where those are right and the picture is dark. */
const freedom = (u: number) => 1 - u ** 6;

/**
 * The curve freedom(u) · (a + b u + c u²) nearest to what single columns saw, in the sum of distances, not of squares, so
 * that the few that highlights mislead don't count: least squares over and over, each column weighing less the further off it was.
 */
function curveThrough(seen: readonly { u: number; offset: number }[]): (u: number) => number {
  let [a, b, c] = [0, 0, 0];
  const curve = (u: number) => freedom(u) * (a + b * u + c * u * u);
  for (let fit = 0; fit < fits; fit += 1) {
    const matrix: [number, number, number][] = [
      [1e-6, 0, 0],
      [0, 1e-6, 0],
      [0, 0, 1e-6],
    ];
    const right = [0, 0, 0];
    for (const { u, offset } of seen) {
      const weight = fit === 0 ? 1 : 1 / Math.max(0.5, Math.abs(offset - curve(u)));
      const terms = [freedom(u), freedom(u) * u, freedom(u) * u * u];
      for (const [row, sums] of matrix.entries()) {
        for (const [column] of sums.entries())
          sums[column] = (sums[column] ?? 0) + weight * (terms[row] ?? 0) * (terms[column] ?? 0);
        right[row] = (right[row] ?? 0) + weight * (terms[row] ?? 0) * offset;
      }
    }
    [a, b, c] = solved(matrix, right);
  }
  return curve;
}

/**
 * The inner edge of a parted lip where the picture shows it: from the lip towards the gap's middle it is where the colour has gone
 * half of the way from the lip's to the most unlike one on the path. `outer` and `inner` are the landmarks' contours of this lip,
 * `other` the inner one of the other lip.
 */
export function partedLip(
  texture: Texture,
  frame: Frame,
  { outer, inner, other }: { outer: Table; inner: Table; other: Table },
  halfOf: (u: number) => number,
  unit: number,
): Table {
  const reach = reachUnits * unit;
  const uOf = (column: number) => -1 + (2 * column) / (columns - 1);
  const seen: { u: number; offset: number }[] = [];
  for (let column = 0; column < columns; column += 1) {
    const u = uOf(column);
    const [lip, edge, far] = [outer.values[column] ?? 0, inner.values[column] ?? 0, other.values[column] ?? 0];
    const way = far < lip ? -1 : 1;
    const colour = (height: number) => {
      const place = placeIn(frame, u * halfOf(u), height);
      return meanColour(texture, place.x, place.y, 1);
    };
    const start = clamp(mix(edge, lip, onLip), edge - reach, edge + reach);
    const end = clamp((edge + far) / 2, edge - reach, edge + reach);
    const own = colour(start);
    const differences: number[] = [];
    for (let height = start; (height - end) * way <= 0; height += way) differences.push(unlike(colour(height), own));
    const most = Math.max(...differences);
    if (most < leastContrast) continue;
    seen.push({ u, offset: start + way * differences.findIndex(difference => difference > 0.5 * most) - edge });
  }
  if (seen.length < leastSeen * columns) return inner;
  const curve = curveThrough(seen);
  return { ...inner, values: inner.values.map((value, column) => value + clamp(curve(uOf(column)), -reach, reach)) };
}
