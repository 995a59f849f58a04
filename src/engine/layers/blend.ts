/** Mixes two packed colours; `share` 0 is the first, 256 the second. */
export function blend(first: number, second: number, share: number): number {
  const rest = 256 - share;
  const redBlue = ((Math.imul(first & 0xff00ff, rest) + Math.imul(second & 0xff00ff, share) + 0x800080) >>> 8) & 0xff00ff;
  const green = (((first >>> 8) & 255) * rest + ((second >>> 8) & 255) * share + 128) >>> 8;
  return redBlue | (green << 8) | 0xff000000;
}

/** Makes a packed colour darker: `light` 256 leaves it, 0 is black. */
export function darken(colour: number, light: number): number {
  const redBlue = (Math.imul(colour & 0xff00ff, light) >>> 8) & 0xff00ff;
  const green = (((colour >>> 8) & 255) * light) >>> 8;
  return redBlue | (green << 8) | 0xff000000;
}
