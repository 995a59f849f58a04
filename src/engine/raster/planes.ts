/** A texture taken apart as encoders take pictures: brightness apart from colour, which has half the resolution. */
import { lumaOf, uOf, vOf } from './i420.ts';

/**
 * `luma` at each of the means (see meansOf in rig/texture.ts). `chroma` has half their side: the mean of 4 × 4 texels, U in the
 * low 16 bits and V in the high ones; the middle of its first value is where four means meet that are two apart.
 */
export type Planes = { luma: Uint8Array; chroma: Int32Array };

export function planesOf(means: Int32Array, side: number): Planes {
  const luma = new Uint8Array(means.length);
  for (let at = 0; at < luma.length; at += 1) luma[at] = lumaOf(means[at] ?? 0);
  const half = side >> 1;
  const chroma = new Int32Array(half * half);
  for (let row = 0, at = 0; row < half; row += 1) {
    const below = 2 * row + 2 < side ? 2 * side : 0;
    for (let column = 0; column < half; column += 1, at += 1) {
      const right = 2 * column + 2 < side ? 2 : 0;
      const from = 2 * row * side + 2 * column;
      const a = means[from] ?? 0;
      const b = means[from + right] ?? 0;
      const c = means[from + below] ?? 0;
      const d = means[from + right + below] ?? 0;
      const red = (a & 255) + (b & 255) + (c & 255) + (d & 255);
      const green = ((a >>> 8) & 255) + ((b >>> 8) & 255) + ((c >>> 8) & 255) + ((d >>> 8) & 255);
      const blue = ((a >>> 16) & 255) + ((b >>> 16) & 255) + ((c >>> 16) & 255) + ((d >>> 16) & 255);
      chroma[at] = uOf(red, green, blue) | (vOf(red, green, blue) << 16);
    }
  }
  return { luma, chroma };
}
