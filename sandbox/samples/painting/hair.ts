import { mirror, type Point } from './anatomy.ts';
import type { Random } from './random.ts';

/** Chestnut hair with a side parting, in locks: bundles of strands between two guide curves. */

/** A cubic curve: start, two handles, end. */
type Curve = readonly [Point, Point, Point, Point];
type Lock = {
  readonly left: Curve;
  readonly right: Curve;
  readonly strands: number;
  readonly widthUnits: number;
  readonly tone: number;
};

const mix = (a: number, b: number, t: number) => a + (b - a) * t;
const mixPoint = (a: Point, b: Point, t: number): Point => [mix(a[0], b[0], t), mix(a[1], b[1], t)];
const path = ([a, b, c, d]: Curve) => `M ${a} C ${b} ${c} ${d}`;
const mirrorCurve = ([a, b, c, d]: Curve): Curve => [mirror(a), mirror(b), mirror(c), mirror(d)];

const tones: readonly (readonly [number, number, number])[] = [
  [36, 18, 15],
  [62, 32, 23],
  [92, 50, 33],
  [128, 74, 46],
  [171, 108, 68],
  [214, 152, 102],
];

const toneOf = (value: number) => {
  const clamped = Math.min(tones.length - 1.001, Math.max(0, value));
  const index = Math.floor(clamped);
  const [from, to] = [tones[index] ?? [0, 0, 0], tones[index + 1] ?? [0, 0, 0]];
  return `rgb(${from.map((channel, at) => Math.round(mix(channel, to[at] ?? 0, clamped - index))).join(',')})`;
};

const paintLock = (lock: Lock, random: Random) =>
  Array.from({ length: lock.strands }, () => {
    const t = random.next();
    const jitter = (point: Point): Point => [point[0] + 5 * random.around(), point[1] + 5 * random.around()];
    const curve: Curve = [
      mixPoint(lock.left[0], lock.right[0], t),
      jitter(mixPoint(lock.left[1], lock.right[1], t)),
      jitter(mixPoint(lock.left[2], lock.right[2], t)),
      jitter(mixPoint(lock.left[3], lock.right[3], t)),
    ];
    // Round locks: lighter along their middle than at their edges.
    const round = Math.sin(Math.PI * t) * 1.3 - 0.7;
    const tone = lock.tone + round + 0.9 * random.around();
    return `<path d="${path(curve)}" stroke="${toneOf(tone)}" stroke-width="${lock.widthUnits * (0.4 + random.next())}" opacity="${random.between(0.35, 0.85)}"/>`;
  }).join('');

const paintLocks = (locks: readonly Lock[], random: Random) =>
  `<g fill="none" stroke-linecap="round">${locks.map(lock => paintLock(lock, random)).join('')}</g>`;

const lock = (left: Curve, right: Curve, strands: number, tone: number, widthUnits = 3.2): Lock => ({
  left,
  right,
  strands,
  tone,
  widthUnits,
});

const backOutline =
  'M 512,104 C 380,96 282,170 262,300 C 244,420 262,520 236,640 C 222,730 210,800 250,872 C 290,900 360,900 420,850 L 604,850 C 664,900 734,900 774,872 C 814,800 802,730 788,640 C 762,520 780,420 762,300 C 742,170 644,96 512,104 Z';

const sideBack: readonly Lock[] = [
  lock(
    [
      [300, 300],
      [250, 460],
      [300, 560],
      [226, 800],
    ],
    [
      [330, 330],
      [300, 500],
      [330, 620],
      [300, 890],
    ],
    120,
    1.2,
  ),
  lock(
    [
      [330, 340],
      [300, 520],
      [350, 640],
      [290, 890],
    ],
    [
      [400, 420],
      [370, 560],
      [420, 700],
      [400, 880],
    ],
    120,
    0.6,
  ),
];

/** Behind face and neck. */
export const paintBackHair = (random: Random) => {
  const mirrored = sideBack.map(one => ({
    ...one,
    left: mirrorCurve(one.left),
    right: mirrorCurve(one.right),
    tone: one.tone - 0.3,
  }));
  return `<path d="${backOutline}" fill="#24110e"/>${paintLocks([...sideBack, ...mirrored], random)}`;
};

// The parting runs from [560, 118] at the crown to [552, 214] at the forehead.
const front: readonly Lock[] = [
  // the crown, left and right of the parting
  lock(
    [
      [560, 112],
      [430, 80],
      [290, 170],
      [270, 400],
    ],
    [
      [556, 150],
      [420, 140],
      [318, 240],
      [300, 420],
    ],
    190,
    2.3,
  ),
  lock(
    [
      [560, 112],
      [650, 84],
      [748, 180],
      [760, 400],
    ],
    [
      [556, 150],
      [650, 150],
      [716, 240],
      [728, 420],
    ],
    150,
    1.7,
  ),
  // the sweep over the forehead to the left
  lock(
    [
      [556, 146],
      [430, 140],
      [320, 240],
      [296, 440],
    ],
    [
      [553, 190],
      [470, 210],
      [356, 262],
      [326, 430],
    ],
    190,
    2.9,
  ),
  lock(
    [
      [553, 186],
      [480, 210],
      [370, 250],
      [318, 440],
    ],
    [
      [552, 216],
      [500, 248],
      [380, 278],
      [336, 400],
    ],
    110,
    2.2,
    2.6,
  ),
  // and to the right
  lock(
    [
      [556, 146],
      [640, 150],
      [706, 240],
      [726, 440],
    ],
    [
      [553, 206],
      [610, 216],
      [676, 268],
      [700, 420],
    ],
    150,
    2.1,
  ),
  lock(
    [
      [553, 190],
      [620, 214],
      [680, 268],
      [704, 440],
    ],
    [
      [552, 216],
      [600, 226],
      [660, 278],
      [690, 400],
    ],
    70,
    1.5,
    2.6,
  ),
  // down the left side in two waves
  lock(
    [
      [272, 380],
      [236, 520],
      [286, 640],
      [216, 800],
    ],
    [
      [306, 390],
      [282, 540],
      [336, 650],
      [276, 860],
    ],
    150,
    2.5,
  ),
  lock(
    [
      [300, 390],
      [286, 520],
      [344, 640],
      [270, 860],
    ],
    [
      [330, 380],
      [318, 520],
      [392, 660],
      [336, 880],
    ],
    150,
    1.8,
  ),
  // down the right side
  lock(
    [
      [756, 380],
      [790, 520],
      [738, 640],
      [808, 800],
    ],
    [
      [722, 390],
      [746, 540],
      [688, 650],
      [748, 860],
    ],
    150,
    1.8,
  ),
  lock(
    [
      [728, 390],
      [738, 520],
      [680, 640],
      [754, 860],
    ],
    [
      [698, 380],
      [706, 520],
      [632, 660],
      [688, 880],
    ],
    150,
    1.2,
  ),
];

const shines: readonly Lock[] = [
  lock(
    [
      [420, 150],
      [372, 176],
      [336, 220],
      [316, 280],
    ],
    [
      [456, 190],
      [410, 206],
      [370, 240],
      [346, 300],
    ],
    46,
    4.4,
    1.6,
  ),
  lock(
    [
      [620, 150],
      [664, 176],
      [696, 214],
      [716, 270],
    ],
    [
      [604, 184],
      [644, 204],
      [672, 236],
      [694, 290],
    ],
    26,
    3.6,
    1.5,
  ),
  lock(
    [
      [262, 520],
      [270, 580],
      [276, 620],
      [262, 680],
    ],
    [
      [300, 540],
      [312, 600],
      [312, 640],
      [290, 700],
    ],
    34,
    4,
    1.6,
  ),
];

const flyaways = (random: Random) =>
  Array.from({ length: 26 }, () => {
    const side = random.next() < 0.5 ? -1 : 1;
    const [x, y] = [512 + side * random.between(180, 250), random.between(130, 260)];
    return `<path d="M ${x},${y} q ${side * random.between(10, 40)},${random.between(10, 60)} ${side * random.between(0, 36)},${random.between(90, 200)}" stroke="${toneOf(2 + random.next() * 2)}" stroke-width="1.1" opacity="0.45"/>`;
  }).join('');

/** Over the face; with the shadow that it throws on it. */
export const paintFrontHair = (random: Random) => `
  <g filter="url(#soft8)" opacity="0.5" fill="#4a2018">
    <path d="M 552,222 C 480,262 384,300 340,430 L 300,440 L 300,200 L 560,150 Z"/>
    <path d="M 552,222 C 610,240 668,300 690,430 L 730,440 L 730,200 L 560,150 Z"/>
    <path d="M 330,420 C 326,540 350,640 400,700 L 340,760 L 290,420 Z"/>
    <path d="M 694,420 C 700,540 676,640 630,700 L 690,760 L 740,420 Z"/>
  </g>
  <path d="M 560,106 C 400,70 268,180 262,420 L 330,420 C 350,320 400,270 552,216 C 640,246 690,320 700,420 L 762,420 C 760,180 690,80 560,106 Z" fill="#2c1611"/>
  ${paintLocks(front, random)}
  <path d="M 561,108 C 558,140 554,180 552,214" fill="none" stroke="#2c1611" stroke-width="4" opacity="0.7" filter="url(#soft2)"/>
  ${paintLocks(shines, random)}
  <g fill="none" stroke-linecap="round">${flyaways(random)}</g>`;
