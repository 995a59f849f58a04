/** The portrait as the engine works with it: a square of packed pixels, 0xAABBGGRR, in memory that workers share. */

/** Side of the texture and of the stage it is painted on; the video has half of it, so every video pixel is the mean of four. */
export const stageSide = 1024;
export const videoSide = stageSide / 2;

export type Texture = Int32Array;

/** Packs RGBA bytes of stageSide × stageSide. */
export function packTexture(rgba: Uint8Array): Texture {
  const texture = new Int32Array(new SharedArrayBuffer(stageSide * stageSide * 4));
  new Uint8Array(texture.buffer).set(rgba);
  return texture;
}

/** Brightness (0-255) of the texel that a place lies in. */
export function lumaAt(texture: Texture, x: number, y: number): number {
  const column = Math.min(stageSide - 1, Math.max(0, Math.floor(x)));
  const row = Math.min(stageSide - 1, Math.max(0, Math.floor(y)));
  const texel = texture[row * stageSide + column] ?? 0;
  return 0.2126 * (texel & 255) + 0.7152 * ((texel >>> 8) & 255) + 0.0722 * ((texel >>> 16) & 255);
}

export type Rgb = [red: number, green: number, blue: number];

/** Mean colour of a disc. */
export function meanColour(texture: Texture, x: number, y: number, radius: number): Rgb {
  const sum: Rgb = [0, 0, 0];
  let count = 0;
  for (let dy = -radius; dy <= radius; dy += 1) {
    for (let dx = -radius; dx <= radius; dx += 1) {
      const column = Math.floor(x + dx);
      const row = Math.floor(y + dy);
      if (dx * dx + dy * dy > radius * radius || column < 0 || row < 0 || column >= stageSide || row >= stageSide) continue;
      const texel = texture[row * stageSide + column] ?? 0;
      sum[0] += texel & 255;
      sum[1] += (texel >>> 8) & 255;
      sum[2] += (texel >>> 16) & 255;
      count += 1;
    }
  }
  return count === 0 ? [128, 128, 128] : [sum[0] / count, sum[1] / count, sum[2] / count];
}

/** How much of a texel its neighbours on either side take in a softened texture. */
const softness = 0.16;

/**
 * A copy for parts that are drawn with one sample a pixel of the video: softened a little, so that fine strokes don't flicker
 * when they move by a fraction of a pixel.
 */
export function softTexture(texture: Texture): Texture {
  const between = new Int32Array(texture.length);
  const out = new Int32Array(texture.length);
  const pass = (from: Int32Array, to: Int32Array, step: number) => {
    const own = Math.round(256 * (1 - 2 * softness));
    const side = (256 - own) / 2;
    for (let at = 0; at < from.length; at += 1) {
      const a = from[at - step] ?? from[at] ?? 0;
      const b = from[at] ?? 0;
      const c = from[at + step] ?? b;
      const redBlue = Math.imul(b & 0xff00ff, own) + Math.imul(a & 0xff00ff, side) + Math.imul(c & 0xff00ff, side) + 0x800080;
      const green = Math.imul(b & 0xff00, own) + Math.imul(a & 0xff00, side) + Math.imul(c & 0xff00, side) + 0x8000;
      to[at] = ((redBlue >>> 8) & 0xff00ff) | ((green >>> 8) & 0xff00);
    }
  };
  pass(texture, between, 1);
  pass(between, out, stageSide);
  return out;
}
