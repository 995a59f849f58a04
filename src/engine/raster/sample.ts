/** Reading a packed texture between its texels. */

/**
 * The colour at (x, y), in texels times 65536 and counted from the middle of the first texel, mixed of the four texels around.
 * The four weights are 8 bits each and sum up to 256. Red and blue are mixed in one multiplication: they are 16 bits apart,
 * and 255 · 256 fits in between. x and y must lie inside the texture; the texel to the right and below is read too, so its
 * last row and column are for that alone.
 */
export function sampleFixed(texture: Int32Array, side: number, x: number, y: number): number {
  const at = (y >> 16) * side + (x >> 16);
  const fx = (x >> 8) & 255;
  const fy = (y >> 8) & 255;
  const w11 = (fx * fy) >> 8;
  const w10 = fx - w11;
  const w01 = fy - w11;
  const w00 = 256 - fx - w01;
  const c00 = texture[at] ?? 0;
  const c10 = texture[at + 1] ?? 0;
  const c01 = texture[at + side] ?? 0;
  const c11 = texture[at + side + 1] ?? 0;
  const redBlue =
    (Math.imul(c00 & 0xff00ff, w00) +
      Math.imul(c10 & 0xff00ff, w10) +
      Math.imul(c01 & 0xff00ff, w01) +
      Math.imul(c11 & 0xff00ff, w11) +
      0x800080) |
    0;
  const green =
    (Math.imul(c00 & 0xff00, w00) +
      Math.imul(c10 & 0xff00, w10) +
      Math.imul(c01 & 0xff00, w01) +
      Math.imul(c11 & 0xff00, w11) +
      0x8000) |
    0;
  return ((redBlue >>> 8) & 0xff00ff) | ((green >>> 8) & 0xff00) | 0xff000000;
}

/** The same of one byte a texel: first along both rows, then between them. */
export function sampleLuma(luma: Uint8Array, side: number, x: number, y: number): number {
  const at = (y >> 16) * side + (x >> 16);
  const fx = (x >> 8) & 255;
  const fy = (y >> 8) & 255;
  const c00 = luma[at] ?? 0;
  const c10 = luma[at + 1] ?? 0;
  const c01 = luma[at + side] ?? 0;
  const c11 = luma[at + side + 1] ?? 0;
  const upper = (c00 << 8) + Math.imul(c10 - c00, fx);
  const lower = (c01 << 8) + Math.imul(c11 - c01, fx);
  return ((upper << 8) + Math.imul(lower - upper, fy) + 0x8000) >> 16;
}

/** The same of two bytes a texel, 16 bits apart. */
export function sampleChroma(chroma: Int32Array, side: number, x: number, y: number): number {
  const at = (y >> 16) * side + (x >> 16);
  const fx = (x >> 8) & 255;
  const fy = (y >> 8) & 255;
  const w11 = (fx * fy) >> 8;
  const w10 = fx - w11;
  const w01 = fy - w11;
  const w00 = 256 - fx - w01;
  const sum =
    Math.imul(chroma[at] ?? 0, w00) +
    Math.imul(chroma[at + 1] ?? 0, w10) +
    Math.imul(chroma[at + side] ?? 0, w01) +
    Math.imul(chroma[at + side + 1] ?? 0, w11) +
    0x800080;
  return (sum >>> 8) & 0xff00ff;
}

/** The colour at a place in pixels of the stage (the first texel's middle is 0.5); outside, the border goes on. */
export function sampleAt(texture: Int32Array, side: number, x: number, y: number): number {
  const limit = side - 1.01;
  const u = x - 0.5;
  const v = y - 0.5;
  const cx = u < 0 ? 0 : u > limit ? limit : u;
  const cy = v < 0 ? 0 : v > limit ? limit : v;
  return sampleFixed(texture, side, Math.round(cx * 65536), Math.round(cy * 65536));
}
