import { eyeLineY, eyeOffsetX, middleX, mouthHalfWidth, mouthY, outlineShare } from './anatomy.ts';

/**
 * The face as a relief: a dome with hills and hollows, lit by a large warm light from the upper left and a cool fill, then
 * coloured by how much light each spot gets.
 */

const bell = (distance: number, width: number) => Math.exp(-0.5 * (distance / width) ** 2);
const blob = (x: number, y: number, centreX: number, centreY: number, widthX: number, widthY: number) =>
  Math.exp(-0.5 * (((x - centreX) / widthX) ** 2 + ((y - centreY) / widthY) ** 2));
export const smoothStep = (low: number, high: number, value: number) => {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
};

/** The same hill on both halves of the face; `side` is the signed distance from its middle. */
const pair = (side: number, y: number, offset: number, centreY: number, widthX: number, widthY: number) =>
  blob(side, y, offset, centreY, widthX, widthY) + blob(side, y, -offset, centreY, widthX, widthY);

const nose = (side: number, y: number) => {
  const rise = smoothStep(eyeLineY - 40, 552, y);
  const fall = 1 - smoothStep(560, 594, y);
  const bridge = (4 * smoothStep(370, 440, y) + 27 * rise ** 1.3) * fall * bell(side, 15 + 12 * rise);
  const root = 7 * blob(side, y, 0, eyeLineY - 26, 24, 44);
  const tip = 17 * blob(side, y, 0, 560, 19, 17) + 6 * blob(side, y, 0, 574, 11, 9);
  const wings = 15 * pair(side, y, 35, 569, 12, 13) - 5 * pair(side, y, 51, 564, 6, 15);
  return bridge + root + tip + wings;
};

const mouth = (side: number, y: number) => {
  const muzzle = 15 * blob(side, y, 0, mouthY - 4, 74, 44);
  const philtrum = -2.4 * blob(side, y, 0, 602, 6, 11) + 1.6 * pair(side, y, 13, 603, 6, 12);
  const upper = 5 * blob(side, y, 0, mouthY - 9, 42, 8);
  const lower = 9 * blob(side, y, 0, mouthY + 17, 38, 12);
  const corners = -7 * pair(side, y, mouthHalfWidth + 7, mouthY - 2, 12, 14);
  const underLip = -7 * blob(side, y, 0, mouthY + 46, 42, 12);
  return muzzle + philtrum + upper + lower + corners + underLip;
};

const sockets = (side: number, y: number) => {
  const inner = -19 * pair(side, y, eyeOffsetX - 24, eyeLineY - 6, 32, 26);
  const outer = -11 * pair(side, y, eyeOffsetX + 14, eyeLineY, 44, 26);
  const balls = 12 * pair(side, y, eyeOffsetX, eyeLineY, 36, 24);
  const brows = 6 * pair(side, y, eyeOffsetX + 4, eyeLineY - 62, 66, 18);
  const bags = -1.8 * pair(side, y, eyeOffsetX - 6, eyeLineY + 40, 36, 8);
  return inner + outer + balls + brows + bags;
};

const folds = (side: number, y: number) => {
  const t = Math.min(1, Math.max(0, (y - 560) / 76));
  const line = bell(Math.abs(side) - (62 + 42 * t ** 1.2), 10);
  return -2 * line * smoothStep(560, 592, y) * (1 - smoothStep(606, 650, y));
};

/** Height of the relief, in canvas units. */
export const reliefAt = (x: number, y: number) => {
  const side = x - middleX;
  const share = Math.min(1, outlineShare(x, y));
  const dome = 165 * (1 - share ** 2.5) ** 0.62;
  const cheeks = 15 * pair(side, y, 112, 540, 50, 44);
  const chin = 15 * blob(side, y, 0, 697, 36, 22);
  const forehead = 11 * blob(side, y, 0, 300, 120, 64);
  return dome + cheeks + chin + forehead + nose(side, y) + mouth(side, y) + sockets(side, y) + folds(side, y);
};

type Colour = readonly [number, number, number];
const ramp: readonly (readonly [at: number, colour: Colour])[] = [
  [0, [86, 42, 38]],
  [0.2, [136, 72, 58]],
  [0.4, [184, 112, 86]],
  [0.6, [219, 154, 120]],
  [0.8, [240, 187, 153]],
  [0.93, [250, 212, 182]],
  [1.1, [255, 236, 214]],
];

const onRamp = (light: number): Colour => {
  for (let index = 1; index < ramp.length; index += 1) {
    const [low, from] = ramp[index - 1] ?? [0, [0, 0, 0]];
    const [high, to] = ramp[index] ?? [1, [0, 0, 0]];
    if (light > high && index < ramp.length - 1) continue;
    const t = Math.min(1, Math.max(0, (light - low) / (high - low)));
    return [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t, from[2] + (to[2] - from[2]) * t];
  }
  return [0, 0, 0];
};

const unit = (x: number, y: number, z: number): Colour => {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
};
const key = unit(-0.42, -0.4, 1);
const fill = unit(0.7, 0.05, 0.75);
const half = unit(-0.25, -0.32, 1.1);

/** Redness that belongs to the skin itself: cheeks, tip of the nose, chin, around the eyes. */
const flushAt = (side: number, y: number) =>
  0.55 * pair(side, y, 118, 552, 46, 34) +
  0.32 * blob(side, y, 0, 562, 28, 20) +
  0.16 * blob(side, y, 0, 697, 40, 22) +
  0.24 * pair(side, y, eyeOffsetX, eyeLineY + 2, 60, 28);

/** Corners that little light reaches: beside the root of the nose, under its tip, under the lip. */
const shadeAt = (side: number, y: number) =>
  0.1 * pair(side, y, 40, eyeLineY - 14, 18, 22) +
  0.08 * blob(side, y, 0, 590, 34, 10) +
  0.05 * blob(side, y, 0, mouthY + 42, 36, 9) +
  0.07 * pair(side, y, eyeOffsetX, eyeLineY - 28, 48, 9);

const colourAt = (x: number, y: number): Colour => {
  const step = 0.75;
  const slopeX = (reliefAt(x + step, y) - reliefAt(x - step, y)) / (2 * step);
  const slopeY = (reliefAt(x, y + step) - reliefAt(x, y - step)) / (2 * step);
  const [nx, ny, nz] = unit(-slopeX, -slopeY, 1);
  const side = x - middleX;
  const towards = (light: Colour) => nx * light[0] + ny * light[1] + nz * light[2];
  const wrapped = Math.max(0, (towards(key) + 0.45) / 1.45);
  const shine = Math.max(0, towards(half)) ** 26;
  const light = 0.1 + 0.78 * wrapped ** 1.15 + 0.14 * Math.max(0, towards(fill)) + 0.05 * shine - shadeAt(side, y);
  const [red, green, blue] = onRamp(light);
  const flush = flushAt(side, y);
  const cool = 0.12 * Math.max(0, nx) * (1 - nz);
  return [red * (1 + 0.02 * flush) - 14 * cool, green * (1 - 0.19 * flush), blue * (1 - 0.2 * flush) + 60 * cool];
};

/** The face as RGBA pixels; transparent outside its outline. */
export const paintSkin = (sizePx: number, canvasUnits: number): Uint8Array => {
  const pixels = new Uint8Array(sizePx * sizePx * 4);
  const scale = canvasUnits / sizePx;
  for (let row = 0; row < sizePx; row += 1) {
    for (let column = 0; column < sizePx; column += 1) {
      const x = (column + 0.5) * scale;
      const y = (row + 0.5) * scale;
      const share = outlineShare(x, y);
      if (share > 1) continue;
      const [red, green, blue] = colourAt(x, y);
      const offset = (row * sizePx + column) * 4;
      pixels[offset] = Math.min(255, Math.max(0, red));
      pixels[offset + 1] = Math.min(255, Math.max(0, green));
      pixels[offset + 2] = Math.min(255, Math.max(0, blue));
      pixels[offset + 3] = 255 * (1 - smoothStep(0.99, 1, share));
    }
  }
  return pixels;
};
