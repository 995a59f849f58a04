import { mirror, type Point } from './anatomy.ts';
import type { Random } from './random.ts';
import { mix, paintSheet, type Sheet, smoothPath } from './strands.ts';
import { hairPaint } from './tones.ts';

/** Chestnut hair with a side parting: one sheet of strands down each side, one each behind the neck. */

const behind: Sheet = {
  outer: [
    [330, 240],
    [276, 380],
    [258, 520],
    [262, 640],
    [232, 760],
    [262, 880],
  ],
  inner: [
    [420, 300],
    [380, 420],
    [372, 560],
    [392, 680],
    [404, 770],
    [412, 850],
  ],
  bundles: 16,
  strands: 36,
  tone: 1.1,
  sway: 14,
  spread: 0.07,
};

const left: Sheet = {
  outer: [
    [562, 98],
    [462, 82],
    [348, 132],
    [274, 276],
    [250, 420],
    [236, 550],
    [252, 660],
    [220, 770],
    [230, 856],
    [292, 900],
  ],
  inner: [
    [552, 216],
    [470, 238],
    [384, 294],
    [336, 380],
    [322, 460],
    [322, 560],
    [344, 650],
    [348, 752],
    [368, 826],
    [356, 896],
  ],
  bundles: 34,
  strands: 56,
  tone: 2.5,
  sway: 8,
  spread: 0.05,
};

const right: Sheet = {
  outer: [
    [562, 98],
    [640, 88],
    [716, 146],
    [758, 286],
    [776, 420],
    [790, 550],
    [774, 660],
    [806, 770],
    [796, 856],
    [734, 900],
  ],
  inner: [
    [552, 216],
    [606, 230],
    [660, 288],
    [692, 380],
    [704, 460],
    [703, 560],
    [682, 650],
    [678, 752],
    [660, 826],
    [670, 896],
  ],
  bundles: 30,
  strands: 56,
  tone: 1.6,
  sway: 8,
  spread: 0.055,
};

const mirrored = (sheet: Sheet): Sheet => ({
  ...sheet,
  outer: sheet.outer.map(mirror),
  inner: sheet.inner.map(mirror),
  tone: sheet.tone - 0.4,
});

const backShape =
  'M 512,130 C 390,120 300,190 280,300 C 262,420 270,520 258,640 C 240,730 236,790 262,850 C 300,870 360,870 420,830 L 604,830 C 664,870 724,870 762,850 C 788,790 784,730 766,640 C 754,520 762,420 744,300 C 724,190 634,120 512,130 Z';

/** Behind face and neck. */
export const paintBackHair = (random: Random) =>
  `<path d="${backShape}" fill="#1f0f0c"/>${paintSheet(behind, random)}${paintSheet(mirrored(behind), random)}`;

const flyaways = (random: Random) =>
  [left, right]
    .flatMap(sheet =>
      Array.from({ length: 5 }, () => {
        const away = random.between(-0.05, 0);
        const points = sheet.outer.map(([x, y], index): Point => {
          const inner = sheet.inner[index] ?? [x, y];
          const lift = away * (0.5 + 0.5 * Math.sin(index + 6 * random.next()));
          return [mix(x, inner[0], lift), mix(y, inner[1], lift)];
        });
        return `<path d="${smoothPath(points.slice(1, -1))}" stroke="${hairPaint(3 + random.next(), random)}" stroke-width="0.9" opacity="0.3"/>`;
      }),
    )
    .join('');

const capShape =
  'M 560,112 C 420,84 288,180 270,420 L 262,560 L 314,560 L 320,450 C 336,340 400,270 552,216 C 640,246 694,330 706,450 L 712,560 L 770,560 L 758,420 C 752,190 680,84 560,112 Z';

/** Over the face, with the shadow that it throws on it. */
export const paintFrontHair = (random: Random) => `
  <g filter="url(#soft12)" opacity="0.55" fill="#4a2018">
    <path d="M 552,224 C 480,262 384,300 336,430 L 326,560 L 352,660 L 300,660 L 300,200 L 560,150 Z"/>
    <path d="M 552,224 C 610,240 672,300 694,430 L 700,560 L 674,660 L 740,660 L 730,200 L 560,150 Z"/>
  </g>
  <path d="${capShape}" fill="#2c1611"/>
  ${paintSheet(right, random)}${paintSheet(left, random)}
  <path d="M 561,112 C 558,140 554,180 552,216" fill="none" stroke="#24110d" stroke-width="5" opacity="0.55" filter="url(#soft3)"/>
  <g fill="none" stroke-linecap="round">${flyaways(random)}</g>`;
