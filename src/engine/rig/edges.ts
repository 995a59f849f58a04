/** Finds edges in the picture itself, near where the landmarks say they are: the seam of closed lips, the lower lids. Parted lips: parted-lips.ts. */
import { type Frame, placeIn } from './frame.ts';
import { lookUp, smoothed, type Table } from './maths.ts';
import { lumaAt, meanColour, type Rgb, type Texture } from './texture.ts';

/** Places along an edge, from corner to corner. */
export const columns = 65;
/** How far from the landmarks the dark line between closed lips is looked for, in units. */
const seamReach = 0.04;

/**
 * The dark line between closed lips near a first guess: the path from corner to corner of the least brightness, where every
 * step up or down costs (the shortest path through a strip of the picture, column by column).
 */
export function darkSeam(texture: Texture, frame: Frame, guess: Table, halfOf: (u: number) => number, unit: number): Table {
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

/** How much lower than the landmarks the lower lid is looked for, in half widths of the eye; the model draws large eyes small. */
const lidReach = 0.42;
/** How unlike skin (0-255) the eye is at the least. */
const lidContrast = 45;

/**
 * The lower lid where the picture shows it: looked for upwards from the skin below the eye, it is where the colour stops being
 * the skin's. Lashes and shadows mislead single columns, so all of them together move the landmarks' curve by one parabola.
 */
export function lowerLid(texture: Texture, frame: Frame, half: number, guess: Table): Table {
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
