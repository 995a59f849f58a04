import type { Random } from './random.ts';

/** Hair colours as vertical gradients: each tone gets lighter where the light falls on a wave. */

const colours: readonly (readonly [number, number, number])[] = [
  [30, 15, 13],
  [58, 29, 21],
  [92, 49, 32],
  [132, 76, 47],
  [176, 112, 70],
  [222, 162, 112],
];

/** Where strands catch light: y, and how many tones lighter they are there. */
const shines: readonly (readonly [y: number, lighter: number])[] = [
  [96, -0.7],
  [150, 0.2],
  [205, 1.5],
  [262, 0.3],
  [360, -0.5],
  [470, -0.1],
  [560, 0.9],
  [640, -0.2],
  [740, 0.6],
  [870, -0.6],
];

const levels = 12;
const shiftsUnits = [-26, 0, 24];

const colourOf = (tone: number) => {
  const clamped = Math.min(colours.length - 1.001, Math.max(0, tone));
  const index = Math.floor(clamped);
  const [from, to] = [colours[index] ?? [0, 0, 0], colours[index + 1] ?? [0, 0, 0]];
  return `rgb(${from.map((channel, at) => Math.round(channel + ((to[at] ?? 0) - channel) * (clamped - index))).join(',')})`;
};

/** The gradients that `hairPaint` refers to. */
export const hairDefs = Array.from({ length: levels }, (_, level) =>
  shiftsUnits.map((shift, variant) => {
    const stops = shines
      .map(([y, lighter]) => `<stop offset="${y / 1024}" stop-color="${colourOf(level / 2 + lighter)}"/>`)
      .join('');
    return `<linearGradient id="hair${level}-${variant}" gradientUnits="userSpaceOnUse" x1="0" y1="${shift}" x2="0" y2="${1024 + shift}">${stops}</linearGradient>`;
  }),
)
  .flat()
  .join('');

/** A stroke paint for a tone of 0 (darkest) to 5. */
export const hairPaint = (tone: number, random: Random) => {
  const level = Math.min(levels - 1, Math.max(0, Math.round(tone * 2)));
  return `url(#hair${level}-${Math.floor(random.next() * shiftsUnits.length)})`;
};
