/** Fills a hole in a picture as a soap film fills a wire: each value becomes the mean of its neighbours. */
import { clamp, mix } from '../rig/maths.ts';
import type { Rgb } from '../rig/texture.ts';

/** Over-relaxation: how far beyond the mean each step goes, which is what makes the film settle soon. */
const relaxation = 1.8;
const rounds = 80;

/**
 * `source` has columns × rows colours, row after row, undefined where the hole is; its outermost places count as they are, or as
 * the mean of all. Answers the colour between places, held at the border.
 */
export function spinFilm(
  columns: number,
  rows: number,
  source: readonly (Rgb | undefined)[],
): (column: number, row: number) => Rgb {
  const known = source.filter(colour => colour !== undefined);
  const film = ([0, 1, 2] as const).map(channel => {
    const mean = known.reduce((sum, colour) => sum + colour[channel], 0) / Math.max(1, known.length);
    return Float32Array.from(source, colour => colour?.[channel] ?? mean);
  });
  const isInner = (at: number) => at % columns > 0 && at % columns < columns - 1 && at >= columns && at < columns * (rows - 1);
  const hole = Uint32Array.from([...source.keys()].filter(at => source[at] === undefined && isInner(at)));
  for (const values of film) {
    for (let round = 0; round < rounds; round += 1) {
      for (const at of hole) {
        const own = values[at] ?? 0;
        const around = (values[at - 1] ?? 0) + (values[at + 1] ?? 0) + (values[at - columns] ?? 0) + (values[at + columns] ?? 0);
        values[at] = own + relaxation * (around / 4 - own);
      }
    }
  }
  return (column, row) => {
    const x = clamp(column, 0, columns - 1.001);
    const y = clamp(row, 0, rows - 1.001);
    const at = Math.floor(y) * columns + Math.floor(x);
    const [fx, fy] = [x - Math.floor(x), y - Math.floor(y)];
    const between = (values: Float32Array | undefined) =>
      values === undefined
        ? 0
        : mix(
            mix(values[at] ?? 0, values[at + 1] ?? 0, fx),
            mix(values[at + columns] ?? 0, values[at + columns + 1] ?? 0, fx),
            fy,
          );
    return [between(film[0]), between(film[1]), between(film[2])];
  };
}
