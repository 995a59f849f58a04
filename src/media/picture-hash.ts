/**
 * A perceptual hash: a picture stays near itself through resizing, re-encoding, mirroring, small crops and other brightness, and
 * different ones are far apart. It holds signs of low frequencies alone, from which no picture can be made again.
 *
 * The picture, squeezed into a square, is looked at through several windows: the whole, and what small crops would leave. Of each
 * window the signs of the lowest frequencies (DCT-II) are kept, one bit each. A crop of a known picture is one of its windows.
 */

/** Side of the grey picture that is hashed, in pixels. */
export const HASHED_SIDE = 128;

/** Side of the grid to which each window is averaged. */
const GRID = 32;
/** Frequencies below this in both directions; the mean alone (0, 0) is left out. */
const FREQUENCIES = 12;
const BITS = FREQUENCIES * FREQUENCIES;
const BYTES = BITS / 8;

/** Shares of a side that a small crop may take from either end of it. */
const CUTS = [0, 0.04, 0.08];
type Span = { start: number; share: number };
const SPANS: readonly Span[] = CUTS.flatMap(start => CUTS.map(end => ({ start, share: 1 - start - end })));
/** The whole comes first. */
const WINDOWS: readonly { across: Span; down: Span }[] = SPANS.flatMap(down => SPANS.map(across => ({ across, down })));

/** cos((2x + 1) u π / 2N), as DCT-II defines it. */
const COSINES = Array.from({ length: FREQUENCIES }, (_, u) =>
  Float64Array.from({ length: GRID }, (_, x) => Math.cos(((2 * x + 1) * u * Math.PI) / (2 * GRID))),
);

/**
 * Up to this distance two pictures count as the same. Between 0.126, the furthest of 660 changed pictures, and 0.182, the nearest of
 * 11,325 pairs of different ones: `npm run bench -- portrait-hash`.
 */
const SAME = 0.15;

export function isSamePicture(a: string, b: string): boolean {
  return pictureDistance(a, b) <= SAME;
}

/** The hash of a grey picture of HASHED_SIDE² bytes, row by row. */
export function hashPicture(grey: Uint8Array): string {
  if (grey.length !== HASHED_SIDE ** 2) throw new Error(`${HASHED_SIDE}² grey pixels are hashed, not ${grey.length}`);
  const sums = summed(grey);
  return Buffer.concat(WINDOWS.map(window => windowBits(sums, window))).toString('base64url');
}

/** Sums of all pixels above and to the left, one row and column larger than the picture. */
function summed(grey: Uint8Array): Float64Array {
  const side = HASHED_SIDE + 1;
  const sums = new Float64Array(side * side);
  for (let y = 1; y < side; y += 1) {
    let row = 0;
    for (let x = 1; x < side; x += 1) {
      row += grey[(y - 1) * HASHED_SIDE + x - 1] ?? 0;
      sums[y * side + x] = row + (sums[(y - 1) * side + x] ?? 0);
    }
  }
  return sums;
}

/** The sum up to a point between pixels, by linear interpolation. */
function sumAt(sums: Float64Array, x: number, y: number): number {
  const side = HASHED_SIDE + 1;
  const [left, top] = [Math.min(Math.floor(x), HASHED_SIDE - 1), Math.min(Math.floor(y), HASHED_SIDE - 1)];
  const [dx, dy] = [x - left, y - top];
  const at = (column: number, row: number) => sums[row * side + column] ?? 0;
  const upper = at(left, top) * (1 - dx) + at(left + 1, top) * dx;
  const lower = at(left, top + 1) * (1 - dx) + at(left + 1, top + 1) * dx;
  return upper * (1 - dy) + lower * dy;
}

function windowBits(sums: Float64Array, { across, down }: { across: Span; down: Span }): Uint8Array {
  const edge = ({ start, share }: Span, step: number) => (start + (share * step) / GRID) * HASHED_SIDE;
  const grid = new Float64Array(GRID * GRID);
  for (let y = 0; y < GRID; y += 1) {
    const [y0, y1] = [edge(down, y), edge(down, y + 1)];
    for (let x = 0; x < GRID; x += 1) {
      const [x0, x1] = [edge(across, x), edge(across, x + 1)];
      grid[y * GRID + x] = sumAt(sums, x1, y1) - sumAt(sums, x0, y1) - sumAt(sums, x1, y0) + sumAt(sums, x0, y0);
    }
  }
  const bits = new Uint8Array(BYTES);
  // First along the rows, then down the columns.
  const rows = COSINES.map(cosines =>
    Float64Array.from({ length: GRID }, (_, y) =>
      cosines.reduce((sum, cosine, x) => sum + cosine * (grid[y * GRID + x] ?? 0), 0),
    ),
  );
  rows.forEach((row, u) => {
    COSINES.forEach((cosines, v) => {
      const value = cosines.reduce((sum, cosine, y) => sum + cosine * (row[y] ?? 0), 0);
      if ((u > 0 || v > 0) && value > 0) setBit(bits, v * FREQUENCIES + u);
    });
  });
  return bits;
}

function setBit(bits: Uint8Array, index: number): void {
  bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
}

/** Mirrored left to right, exactly the odd horizontal frequencies change their sign. */
const MIRROR = (() => {
  const bits = new Uint8Array(BYTES);
  for (let index = 0; index < BITS; index += 1) if ((index % FREQUENCIES) % 2 === 1) setBit(bits, index);
  return bits;
})();

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** Bits in which two windows differ. */
function differing(a: Uint8Array, b: Uint8Array, mirrored: boolean): number {
  let count = 0;
  for (let i = 0; i < BYTES; i += 1) count += ONES[(a[i] ?? 0) ^ (b[i] ?? 0) ^ (mirrored ? (MIRROR[i] ?? 0) : 0)] ?? 0;
  return count;
}

/** How far apart two pictures are: the least share of bits that differ between the whole of one and a window of the other, 0 to 1. */
export function pictureDistance(a: string, b: string): number {
  const [windowsOfA, windowsOfB] = [windowsOf(a), windowsOf(b)];
  const [wholeOfA, wholeOfB] = [windowsOfA[0], windowsOfB[0]];
  if (wholeOfA === undefined || wholeOfB === undefined) return 1;
  let least = BITS;
  for (const mirrored of [false, true]) {
    for (const window of windowsOfB) least = Math.min(least, differing(wholeOfA, window, mirrored));
    for (const window of windowsOfA) least = Math.min(least, differing(wholeOfB, window, mirrored));
  }
  return least / (BITS - 1);
}

function windowsOf(hash: string): Uint8Array[] {
  const bytes = Buffer.from(hash, 'base64url');
  return bytes.length === WINDOWS.length * BYTES ? WINDOWS.map((_, i) => bytes.subarray(i * BYTES, (i + 1) * BYTES)) : [];
}
