/** Pictures as the encoder takes them: 8 bit, 4:2:0, BT.709, limited range. */

/** Bytes of an I420 picture (a full plane of luma, two quarter planes of chroma); sides must be even. */
export function i420Bytes(width: number, height: number): number {
  return (width * height * 3) / 2;
}

/** Converts RGBA (alpha is ignored) to I420 with the BT.709 matrix; chroma is the mean of four pixels. */
export function rgbaToI420(rgba: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(i420Bytes(width, height));
  const uAt = width * height;
  const vAt = uAt + uAt / 4;
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let corner = 0; corner < 4; corner += 1) {
        const pixel = (y + (corner >> 1)) * width + x + (corner & 1);
        const r = rgba[pixel * 4] ?? 0;
        const g = rgba[pixel * 4 + 1] ?? 0;
        const b = rgba[pixel * 4 + 2] ?? 0;
        out[pixel] = Math.round(16 + 0.182586 * r + 0.614231 * g + 0.062007 * b);
        red += r;
        green += g;
        blue += b;
      }
      const chroma = (y / 2) * (width / 2) + x / 2;
      out[uAt + chroma] = Math.round(128 + (-0.100644 * red - 0.338572 * green + 0.439216 * blue) / 4);
      out[vAt + chroma] = Math.round(128 + (0.439216 * red - 0.398942 * green - 0.040274 * blue) / 4);
    }
  }
  return out;
}
