import type { Point } from './anatomy.ts';
import type { Random } from './random.ts';
import { hairPaint } from './tones.ts';

/** Hair as bundles of strands between two guide lines, each bundle round and tapered. */

type Guide = readonly Point[];
export type Sheet = {
  readonly outer: Guide;
  readonly inner: Guide;
  readonly bundles: number;
  readonly strands: number;
  /** 0 darkest, 5 lightest. */
  readonly tone: number;
  /** How far bundles sway from their guide, in canvas units. */
  readonly sway: number;
  /** Width of a bundle as a share of the sheet. */
  readonly spread: number;
};

export const mix = (a: number, b: number, t: number) => a + (b - a) * t;
const number = (value: number) => value.toFixed(1);

/** A smooth SVG path through all points. */
export const smoothPath = (points: Guide) => {
  const at = (index: number): Point => points[Math.min(points.length - 1, Math.max(0, index))] ?? [0, 0];
  const pieces = [`M ${number(at(0)[0])},${number(at(0)[1])}`];
  for (let index = 0; index < points.length - 1; index += 1) {
    const [before, from, to, after] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
    const handles = [
      from[0] + (to[0] - before[0]) / 6,
      from[1] + (to[1] - before[1]) / 6,
      to[0] - (after[0] - from[0]) / 6,
      to[1] - (after[1] - from[1]) / 6,
    ];
    pieces.push(`C ${handles.map(number).join(' ')} ${number(to[0])},${number(to[1])}`);
  }
  return pieces.join(' ');
};

const paintBundle = (sheet: Sheet, centre: number, random: Random) => {
  const count = sheet.outer.length;
  const last = Math.max(1, count - 1);
  const sways = sheet.outer.map((_, index) => sheet.sway * random.around() * Math.min(1, index / 3));
  const tone = sheet.tone + 1.2 * random.around();
  const startX = 2.5 * random.around();
  const length = random.between(0.7, 1.05);
  return Array.from({ length: sheet.strands }, () => {
    const across = random.between(-1, 1);
    const points = sheet.outer.map((outer, index): Point => {
      const inner = sheet.inner[index] ?? outer;
      const taper = 1 - 0.85 * (index / last) ** 2.4;
      const t = centre + across * sheet.spread * taper;
      const sway = (sways[index] ?? 0) + (index === 0 ? startX + 6 * random.around() : 0);
      return [
        mix(outer[0], inner[0], t) + sway + 1.6 * random.around(),
        mix(outer[1], inner[1], t) + 0.4 * sway + 1.6 * random.around(),
      ];
    });
    const [tip, previous] = [points[last], points[last - 1]];
    const cut = length + random.between(-0.5, 0.1) - 0.3 * across * across;
    if (tip && previous) points[last] = [mix(previous[0], tip[0], cut), mix(previous[1], tip[1], cut)];
    const round = 1.15 * (1 - across * across) - 0.85;
    const paint = hairPaint(tone + round + 0.8 * random.around(), random);
    return `<path d="${smoothPath(points)}" stroke="${paint}" stroke-width="${number(random.between(0.9, 3))}" opacity="${random.between(0.45, 0.9).toFixed(2)}"/>`;
  }).join('');
};

/** All strands of a sheet, as SVG. */
export const paintSheet = (sheet: Sheet, random: Random) => {
  const centres = Array.from({ length: sheet.bundles }, (_, index) => (index + 0.5 + 0.3 * random.around()) / sheet.bundles);
  // Far bundles first, but not strictly, so that they overlap like hair.
  const order = centres.map(centre => ({ centre, depth: random.next() })).sort((a, b) => a.depth - b.depth);
  return `<g fill="none" stroke-linecap="round">${order.map(({ centre }) => paintBundle(sheet, centre, random)).join('')}</g>`;
};
