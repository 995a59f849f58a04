/** From the stage to the video: means of four pixels, and I420 as encoders take it. */
import { stageSide, videoSide } from '../rig/texture.ts';

const uAt = videoSide * videoSide;
const vAt = uAt + uAt / 4;
export const frameBytes = (videoSide * videoSide * 3) / 2;

/** Each pixel of the video becomes the mean of its four on the stage, in the box of the video at (left, top). */
export function shrink(stage: Int32Array, video: Int32Array, left: number, top: number, width: number, height: number): void {
  for (let y = top; y < top + height; y += 1) {
    let at = y * 2 * stageSide + left * 2;
    const start = y * videoSide + left;
    for (let out = start; out < start + width; out += 1, at += 2) {
      const a = stage[at] ?? 0;
      const b = stage[at + 1] ?? 0;
      const c = stage[at + stageSide] ?? 0;
      const d = stage[at + stageSide + 1] ?? 0;
      // Red and blue summed in one addition: 16 bits apart, four times 255 fits.
      const redBlue = (a & 0xff00ff) + (b & 0xff00ff) + (c & 0xff00ff) + (d & 0xff00ff) + 0x20002;
      const green = (a & 0xff00) + (b & 0xff00) + (c & 0xff00) + (d & 0xff00) + 0x200;
      video[out] = ((redBlue >>> 2) & 0xff00ff) | ((green >>> 2) & 0xff00);
    }
  }
}

/** Converts a box of the video (even numbers) to BT.709 in limited range; chroma is the mean of four pixels. */
export function toI420(video: Int32Array, out: Uint8Array, left: number, top: number, width: number, height: number): void {
  for (let y = top; y < top + height; y += 2) {
    for (let x = left; x < left + width; x += 2) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let corner = 0; corner < 4; corner += 1) {
        const at = (y + (corner >> 1)) * videoSide + x + (corner & 1);
        const pixel = video[at] ?? 0;
        const r = pixel & 255;
        const g = (pixel >>> 8) & 255;
        const b = (pixel >>> 16) & 255;
        out[at] = 16.5 + 0.182586 * r + 0.614231 * g + 0.062007 * b;
        red += r;
        green += g;
        blue += b;
      }
      const chroma = (y >> 1) * (videoSide >> 1) + (x >> 1);
      out[uAt + chroma] = 128.5 + (-0.100644 * red - 0.338572 * green + 0.439216 * blue) / 4;
      out[vAt + chroma] = 128.5 + (0.439216 * red - 0.398942 * green - 0.040274 * blue) / 4;
    }
  }
}
