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

/**
 * The mean of each four texels: the one at an index, the next, and both below; its middle is where they meet. One sample of
 * these between their middles equals the mean of four samples of the texture (both are linear in between), so the video, which
 * has half the stage's side, is drawn with one look a pixel.
 */
export function meansOf(texture: Texture, side: number = stageSide): Int32Array {
  const out = new Int32Array(texture.length);
  for (let y = 0, at = 0; y < side; y += 1) {
    const down = y + 1 < side ? side : 0;
    for (let x = 0; x < side; x += 1, at += 1) {
      const right = x + 1 < side ? 1 : 0;
      out[at] = meanOfFour(
        ...([texture[at] ?? 0, texture[at + right] ?? 0, texture[at + down] ?? 0, texture[at + down + right] ?? 0] as const),
      );
    }
  }
  return out;
}

/** Of packed colours. Red and blue are summed in one addition: they are 16 bits apart, and four times 255 fits in between. */
export function meanOfFour(a: number, b: number, c: number, d: number): number {
  const redBlue = (a & 0xff00ff) + (b & 0xff00ff) + (c & 0xff00ff) + (d & 0xff00ff) + 0x20002;
  const green = (a & 0xff00) + (b & 0xff00) + (c & 0xff00) + (d & 0xff00) + 0x200;
  return ((redBlue >>> 2) & 0xff00ff) | ((green >>> 2) & 0xff00) | 0xff000000;
}
