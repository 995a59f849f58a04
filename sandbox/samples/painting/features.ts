import { eyeLineY, eyeOffsetX, middleX, mouthHalfWidth, mouthY } from './anatomy.ts';
import type { Random } from './random.ts';

/** Eyes, brows, nostrils and lips, as SVG over the skin. Shapes are drawn for the right half and mirrored. */

const lidTop = 'C -32,-8 -16,-22 4,-22.5 C 23,-22.5 37,-12 46,-2';
const lidBottom = 'C 37,11 20,17 3,17 C -16,17 -32,14 -43,8';
const opening = `M -43,8 ${lidTop} ${lidBottom} Z`;

/** A point on the upper lid, 0 at the inner corner, 1 at the outer. */
const onUpperLid = (t: number) => {
  const half = t < 0.5 ? [-43, 8, -32, -8, -16, -22, 4, -22.5] : [4, -22.5, 23, -22.5, 37, -12, 46, -2];
  const u = t < 0.5 ? t * 2 : t * 2 - 1;
  const at = (offset: number) => {
    const [a = 0, b = 0, c = 0, d = 0] = [half[offset], half[offset + 2], half[offset + 4], half[offset + 6]];
    return a * (1 - u) ** 3 + 3 * b * u * (1 - u) ** 2 + 3 * c * u * u * (1 - u) + d * u ** 3;
  };
  return [at(0), at(1)] as const;
};

const lashes = (random: Random) =>
  Array.from({ length: 30 }, (_, index) => {
    const t = 0.16 + (0.84 * index) / 29;
    const [x, y] = onUpperLid(t);
    const length = 7 + 12 * t ** 1.5 + 2 * random.around();
    const lean = -0.55 + 1.5 * t + 0.12 * random.around();
    const tipX = x + length * Math.sin(lean);
    const tipY = y - length * Math.cos(lean) * 0.85;
    const bendX = x + length * 0.5 * Math.sin(lean) + 2.4 * lean;
    return `<path d="M ${x - 1},${y + 1} Q ${bendX},${y - length * 0.3} ${tipX},${tipY} Q ${bendX + 1},${y - length * 0.2} ${x + 1.4},${y + 1} Z"/>`;
  }).join('');

const lowerLashes = (random: Random) =>
  Array.from({ length: 13 }, (_, index) => {
    const t = index / 12;
    const x = -14 + 52 * t;
    const y = 16.8 - 12 * Math.max(0, t - 0.35) ** 1.6 * 1.7;
    const length = 4 + 2.5 * random.next();
    return `<path d="M ${x},${y} q ${1 + 2 * t},${length * 0.6} ${1 + 3.5 * t},${length}"/>`;
  }).join('');

const irisFibres = (random: Random) =>
  Array.from({ length: 54 }, (_, index) => {
    const angle = (index / 54) * Math.PI * 2 + 0.05 * random.around();
    const [near, far] = [9 + 2 * random.next(), 15 + 5 * random.next()];
    const colour = random.next() < 0.5 ? '#c9b46a' : '#2f4a3c';
    return `<line x1="${near * Math.cos(angle)}" y1="${near * Math.sin(angle)}" x2="${far * Math.cos(angle)}" y2="${far * Math.sin(angle)}" stroke="${colour}" stroke-width="0.9" opacity="${0.25 + 0.35 * random.next()}"/>`;
  }).join('');

const iris = (flip: number, random: Random) => `
  <g transform="translate(1.5,-4)">
    <circle r="22.5" fill="#1f2f29"/><circle r="21.4" fill="url(#iris)"/>
    ${irisFibres(random)}
    <circle r="21.6" fill="none" stroke="#16231f" stroke-width="2.4" opacity="0.75" filter="url(#soft1)"/>
    <circle r="9.4" fill="#0d0b0c"/><circle r="10.5" fill="none" stroke="#0d0b0c" stroke-width="1.6" opacity="0.5"/>
    <ellipse cx="${flip * 3}" cy="12" rx="12" ry="6" fill="#d8d08c" opacity="0.32" filter="url(#soft2)"/>
    <ellipse cx="${flip * -8}" cy="-8" rx="5" ry="5.6" fill="#ffffff" opacity="0.96"/>
    <circle cx="${flip * 8}" cy="7.5" r="2.1" fill="#ffffff" opacity="0.6"/>
  </g>`;

const eye = (flip: 1 | -1, random: Random) => `
  <g transform="translate(${middleX + flip * eyeOffsetX},${eyeLineY}) scale(${flip * 1.08},1.12)">
    <path d="M -48,10 C -36,-20 -14,-38 6,-38 C 28,-38 46,-22 56,-4 C 40,-14 24,-25 4,-25 C -16,-25 -32,-10 -43,8 Z" fill="#9a5a44" opacity="0.5" filter="url(#soft4)"/>
    <path d="M 4,-26 C 24,-26 42,-12 56,-6 C 44,6 30,12 46,0 Z" fill="#6e3a30" opacity="0.5" filter="url(#soft4)"/>
    <path d="M -40,12 C -26,25 -8,28 6,27 C 24,26 40,16 48,4 C 36,14 20,19 3,19 C -16,19 -32,15 -43,8 Z" fill="#a8614c" opacity="0.42" filter="url(#soft3)"/>
    <clipPath id="opening${flip}"><path d="${opening}"/></clipPath>
    <g clip-path="url(#opening${flip})">
      <rect x="-60" y="-40" width="120" height="80" fill="url(#sclera)"/>
      <ellipse cx="-41" cy="8" rx="8" ry="6" fill="#d98b7c" filter="url(#soft1)"/>
      <ellipse cx="46" cy="2" rx="9" ry="9" fill="#b98f84" opacity="0.8" filter="url(#soft2)"/>
      ${iris(flip, random)}
      <path d="M -46,6 ${lidTop} L 50,4 C 36,-6 22,-13 4,-14 C -14,-14 -30,-2 -44,12 Z" fill="#2a1618" opacity="0.5" filter="url(#soft3)"/>
      <path d="M -43,8 ${lidBottom.replace('C', 'M 46,-1 C')}" fill="none" stroke="#f3c8b4" stroke-width="3" opacity="0.85"/>
    </g>
    <path d="M -43,8 C -32,14.4 -16,17.6 3,17.6 C 20,17.6 37,11.4 46,-2" fill="none" stroke="#7a4237" stroke-width="1.7" opacity="0.75" filter="url(#soft1)"/>
    <g fill="none" stroke="#4a2a24" stroke-width="0.9" opacity="0.32" stroke-linecap="round">${lowerLashes(random)}</g>
    <path d="M -45,9 ${lidTop} C 48,-2 52,-4 56,-8.5 C 47,-9 38,-21.5 4,-26 C -18,-26 -35,-10 -45,9 Z" fill="#2b1715"/>
    <g fill="#2b1715">${lashes(random)}</g>
    <path d="M -44,-6 C -32,-26 -14,-37.5 6,-37.5 C 28,-37 44,-23 55,-9" fill="none" stroke="#7c4235" stroke-width="2.6" opacity="0.75" stroke-linecap="round" filter="url(#soft1)"/>
    <path d="M -34,-8 C -22,-24 -10,-31 6,-31 C 20,-31 32,-25 40,-18" fill="none" stroke="#ffe2cc" stroke-width="3.4" opacity="0.4" filter="url(#soft2)"/>
  </g>`;

/** The brow's two edges at `t`, 0 at the nose and 1 at the temple, as [x, yUnder, yOver] from the eye's centre. */
const browAt = (t: number) => {
  const arch = -57 - 17 * Math.sin(Math.PI * Math.min(1, 0.1 + t * 0.76)) + 12 * t ** 3;
  const thick = 8.4 * (1 - t) ** 0.55 * (0.42 + 0.58 * Math.min(1, t * 3.2)) + 0.7;
  return [-50 + 113 * t, arch + thick, arch - thick * 0.85] as const;
};

const brow = (flip: 1 | -1, random: Random) => {
  const steps = Array.from({ length: 13 }, (_, index) => browAt(index / 12));
  const under = steps.map(([x, low]) => `${x},${low}`).join(' L ');
  const over = steps
    .map(([x, , high]) => `${x},${high}`)
    .reverse()
    .join(' L ');
  const hairs = Array.from({ length: 190 }, () => {
    const t = random.next();
    const [x, low, high] = browAt(t);
    const from = low + (high - low) * (0.1 + 0.5 * random.next());
    const lean = 0.62 + 0.85 * Math.min(1, t * 2) + 0.15 * random.around();
    const length = 14 - 4 * t + 3 * random.around();
    const [tipX, tipY] = [x + length * Math.sin(lean), from - length * Math.cos(lean) + 5 * t * t];
    return `<path d="M ${x},${from} Q ${x + length * 0.3 * Math.sin(lean)},${from - length * 0.6 * Math.cos(lean)} ${tipX},${tipY}" stroke-width="${0.9 + 0.8 * random.next()}" opacity="${(0.25 + 0.35 * random.next()) * (0.4 + 0.6 * Math.min(1, t * 4))}"/>`;
  }).join('');
  return `<g transform="translate(${middleX + flip * eyeOffsetX},${eyeLineY}) scale(${flip},1)">
    <path d="M ${under} L ${over} Z" fill="#4a2a1f" opacity="0.72" filter="url(#soft3)"/>
    <g fill="none" stroke="#3a2018" stroke-linecap="round">${hairs}</g></g>`;
};

const nostrils = [1, -1]
  .map(
    flip => `<g transform="translate(${middleX},0) scale(${flip},1)">
    <path d="M 9,580 C 12,573 23,569 31,574 C 34,578 30,584 23,583 C 18,583 12,585 9,580 Z" fill="#552620" opacity="0.85" filter="url(#soft1)"/>
    <path d="M 45,551 C 53,560 53,575 45,581 C 41,584 37,583 34,580" fill="none" stroke="#97523f" stroke-width="2.8" opacity="0.62" stroke-linecap="round" filter="url(#soft1)"/>
    <path d="M 0,588 C 14,590 28,588 44,583" fill="none" stroke="#8c4b3a" stroke-width="4" opacity="0.4" filter="url(#soft3)"/>
    <ellipse cx="38" cy="562" rx="5" ry="7" fill="#ffe2cc" opacity="0.22" filter="url(#soft3)"/></g>`,
  )
  .join('')
  .concat(`<ellipse cx="${middleX - 5}" cy="557" rx="9" ry="7" fill="#fff1e2" opacity="0.5" filter="url(#soft4)"/>`);

const lips = () => {
  const [w, y, m] = [mouthHalfWidth, mouthY, middleX];
  const seam = `C ${m - 50},${y - 1} ${m - 24},${y + 1} ${m},${y + 3} C ${m + 24},${y + 1} ${m + 50},${y - 1} ${m + w},${y - 12}`;
  const seamBack = `C ${m + 50},${y - 1} ${m + 24},${y + 1} ${m},${y + 3} C ${m - 24},${y + 1} ${m - 50},${y - 1} ${m - w},${y - 12}`;
  const bow = `C ${m - 52},${y - 12} ${m - 28},${y - 22} ${m - 13},${y - 21} C ${m - 7},${y - 20} ${m - 4},${y - 17} ${m},${y - 17} C ${m + 4},${y - 17} ${m + 7},${y - 20} ${m + 13},${y - 21} C ${m + 28},${y - 22} ${m + 52},${y - 12} ${m + w},${y - 12}`;
  const bottom = `C ${m + 54},${y + 18} ${m + 30},${y + 31} ${m},${y + 31} C ${m - 30},${y + 31} ${m - 54},${y + 18} ${m - w},${y - 12}`;
  const start = `M ${m - w},${y - 12}`;
  return `
    <g filter="url(#soft1)">
      <path d="${start} ${bow} ${seamBack} Z" fill="url(#upperLip)"/>
      <path d="${start} ${seam} ${bottom} Z" fill="url(#lowerLip)"/>
    </g>
    <ellipse cx="${m - 14}" cy="${y + 15}" rx="24" ry="5" fill="#ffd9cf" opacity="0.55" filter="url(#soft3)"/>
    <ellipse cx="${m - 8}" cy="${y + 14}" rx="9" ry="2.2" fill="#fff1ea" opacity="0.42" filter="url(#soft1)"/>
    <path d="M ${m - 13},${y - 22} C ${m - 7},${y - 21} ${m - 4},${y - 18} ${m},${y - 18} C ${m + 4},${y - 18} ${m + 7},${y - 21} ${m + 13},${y - 22}" fill="none" stroke="#ffe0cc" stroke-width="2.4" opacity="0.4" filter="url(#soft1)"/>
    <path d="M ${m - w - 2},${y - 13} ${seam} l 2,-1" fill="none" stroke="#5a1f22" stroke-width="3" opacity="0.88" stroke-linecap="round" filter="url(#soft1)"/>
    <path d="M ${m - w - 5},${y - 18} q 2,5 7,6 M ${m + w + 5},${y - 18} q -2,5 -7,6" fill="none" stroke="#7a3530" stroke-width="3.2" opacity="0.38" stroke-linecap="round" filter="url(#soft2)"/>
    <path d="M ${m - 30},${y + 36} Q ${m},${y + 43} ${m + 30},${y + 36}" fill="none" stroke="#96523f" stroke-width="6" opacity="0.4" filter="url(#soft4)"/>`;
};

export const featureDefs = `
  <radialGradient id="iris"><stop offset="0.25" stop-color="#8a7236"/><stop offset="0.5" stop-color="#6f8a58"/><stop offset="0.8" stop-color="#4d7566"/><stop offset="1" stop-color="#243b36"/></radialGradient>
  <linearGradient id="sclera" x1="0" y1="0" x2="0" y2="1"><stop offset="0.2" stop-color="#b7a7a2"/><stop offset="0.5" stop-color="#efe6df"/><stop offset="0.75" stop-color="#e6d5cc"/></linearGradient>
  <linearGradient id="upperLip" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#c9726a"/><stop offset="1" stop-color="#a24a4a"/></linearGradient>
  <linearGradient id="lowerLip" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#b95a58"/><stop offset="0.45" stop-color="#d9827a"/><stop offset="1" stop-color="#c4706a"/></linearGradient>`;

const freckles = (random: Random) =>
  Array.from({ length: 64 }, () => {
    const side = random.around() * 150;
    const y = 528 + 34 * random.around() - 0.06 * Math.abs(side);
    return `<circle cx="${middleX + side}" cy="${y}" r="${random.between(0.9, 2)}" opacity="${random.between(0.1, 0.3)}"/>`;
  }).join('');

/** All features of the face. */
export const paintFeatures = (random: Random) =>
  `<g fill="#a3573c">${freckles(random)}</g>${nostrils}${lips()}${eye(-1, random)}${eye(1, random)}${brow(-1, random)}${brow(1, random)}`;
