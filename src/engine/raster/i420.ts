/** From the video's pixels to I420, as encoders take it. */
import { videoSide } from '../rig/texture.ts';

const uAt = videoSide * videoSide;
const vAt = uAt + uAt / 4;
export const frameBytes = (videoSide * videoSide * 3) / 2;

/** The BT.709 matrix to limited range, times 65536: luma of red, green, blue; then U and V. */
const [yr, yg, yb] = [11_966, 40_254, 4_064] as const;
const [ur, ug, ub] = [-6_596, -22_189, 28_784] as const;
const [vr, vg, vb] = [28_784, -26_145, -2_639] as const;
/** A half, for rounding, and what black and grey are in limited range. */
const lumaZero = (16 << 16) + 32_768;
/** Chroma is divided by four more: it is the mean of four pixels. */
const chromaZero = (128 << 18) + 131_072;

/** Converts a box of the video (even numbers) to BT.709 in limited range; chroma is the mean of four pixels. */
export function toI420(video: Int32Array, out: Uint8Array, left: number, top: number, width: number, height: number): void {
  for (let y = top; y < top + height; y += 2) {
    let at = y * videoSide + left;
    let chroma = (y >> 1) * (videoSide >> 1) + (left >> 1);
    for (const end = at + width; at < end; at += 2, chroma += 1) {
      const a = video[at] ?? 0;
      const b = video[at + 1] ?? 0;
      const c = video[at + videoSide] ?? 0;
      const d = video[at + videoSide + 1] ?? 0;
      out[at] = lumaOf(a);
      out[at + 1] = lumaOf(b);
      out[at + videoSide] = lumaOf(c);
      out[at + videoSide + 1] = lumaOf(d);
      const red = (a & 255) + (b & 255) + (c & 255) + (d & 255);
      const green = ((a >>> 8) & 255) + ((b >>> 8) & 255) + ((c >>> 8) & 255) + ((d >>> 8) & 255);
      const blue = ((a >>> 16) & 255) + ((b >>> 16) & 255) + ((c >>> 16) & 255) + ((d >>> 16) & 255);
      out[uAt + chroma] = uOf(red, green, blue);
      out[vAt + chroma] = vOf(red, green, blue);
    }
  }
}

/** Of a packed pixel. */
export const lumaOf = (pixel: number): number =>
  (yr * (pixel & 255) + yg * ((pixel >>> 8) & 255) + yb * ((pixel >>> 16) & 255) + lumaZero) >> 16;

/** Of the sums of four pixels. */
export const uOf = (red: number, green: number, blue: number): number => (ur * red + ug * green + ub * blue + chromaZero) >> 18;
export const vOf = (red: number, green: number, blue: number): number => (vr * red + vg * green + vb * blue + chromaZero) >> 18;
