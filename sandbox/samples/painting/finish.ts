import { canvasUnits, eyeLineY, middleX, mouthY } from './anatomy.ts';
import type { Random } from './random.ts';

/**
 * Turns smooth gradients into dabs of paint on canvas: a Kuwahara filter (each pixel takes the mean of the calmest of the four
 * squares around it), mixed in where no fine drawing must be kept, then the weave of the canvas.
 */

const radiusPx = 4;

/** 1 where dabs are welcome, lower at eyes, brows and mouth. */
const dabShare = (x: number, y: number) => {
  const near = (centreY: number, widthX: number, widthY: number) =>
    Math.exp(-(((x - middleX) / widthX) ** 4) - ((y - centreY) / widthY) ** 4);
  return 0.8 * (1 - 0.75 * Math.max(near(eyeLineY - 20, 170, 70), near(mouthY, 100, 40)));
};

const meanOfCalmest = (rgb: Uint8Array, sizePx: number, column: number, row: number, out: Float64Array) => {
  let calmest = Number.POSITIVE_INFINITY;
  for (let quadrant = 0; quadrant < 4; quadrant += 1) {
    const fromX = quadrant % 2 ? column : column - radiusPx;
    const fromY = quadrant > 1 ? row : row - radiusPx;
    let [red, green, blue, sum, squares, count] = [0, 0, 0, 0, 0, 0];
    for (let y = Math.max(0, fromY); y <= Math.min(sizePx - 1, fromY + radiusPx); y += 1) {
      for (let x = Math.max(0, fromX); x <= Math.min(sizePx - 1, fromX + radiusPx); x += 1) {
        const at = (y * sizePx + x) * 3;
        const [r, g, b] = [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0];
        red += r;
        green += g;
        blue += b;
        const light = 0.3 * r + 0.6 * g + 0.1 * b;
        sum += light;
        squares += light * light;
        count += 1;
      }
    }
    const variance = squares / count - (sum / count) ** 2;
    if (variance >= calmest) continue;
    calmest = variance;
    out[0] = red / count;
    out[1] = green / count;
    out[2] = blue / count;
  }
};

/** Applies the finish to RGB pixels and returns new ones. */
export const finish = (rgb: Uint8Array, sizePx: number, random: Random): Uint8Array => {
  const result = new Uint8Array(rgb.length);
  const mean = new Float64Array(3);
  const scale = canvasUnits / sizePx;
  for (let row = 0; row < sizePx; row += 1) {
    for (let column = 0; column < sizePx; column += 1) {
      const share = dabShare(column * scale, row * scale);
      meanOfCalmest(rgb, sizePx, column, row, mean);
      const weave = 3 * Math.sin(column * 1.3) * Math.sin(row * 1.3) + 3 * random.around();
      const at = (row * sizePx + column) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        const was = rgb[at + channel] ?? 0;
        result[at + channel] = Math.min(255, Math.max(0, was + ((mean[channel] ?? was) - was) * share + weave));
      }
    }
  }
  return result;
};
