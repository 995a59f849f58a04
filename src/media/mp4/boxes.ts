/** Boxes of an mp4 (ISO/IEC 14496-12): 4 bytes of size, 4 of type, a body that may hold boxes again. What is out of line has no value. */

/** `whole` and `body` are views: what is written into them is written into the bytes that were read. */
export type Box = { type: string; whole: Buffer; body: Buffer };

export const HEADER_BYTES = 8;
/** Real files have a dozen on a level; hostile ones could have as many as they have bytes. */
const MOST_BOXES = 64;

/** The boxes that these bytes are; undefined when they don't fill them exactly. */
export function boxesOf(bytes: Buffer): Box[] | undefined {
  const boxes: Box[] = [];
  for (let at = 0; at < bytes.length; ) {
    const sizeBytes = u32(bytes, at);
    // Also false for NaN. Sizes of 0 and 1 mean "to the end" and "64 bits": rare, and left to FFmpeg.
    if (!(sizeBytes >= HEADER_BYTES && at + sizeBytes <= bytes.length) || boxes.length === MOST_BOXES) return undefined;
    const whole = bytes.subarray(at, at + sizeBytes);
    boxes.push({ type: whole.toString('latin1', 4, HEADER_BYTES), whole, body: whole.subarray(HEADER_BYTES) });
    at += sizeBytes;
  }
  return boxes;
}

/** The body of the first box at the end of a path of types. */
export function bodyAt(bytes: Buffer | undefined, ...path: string[]): Buffer | undefined {
  let body = bytes;
  for (const type of path) body = body && boxesOf(body)?.find(box => box.type === type)?.body;
  return body;
}

export function box(type: string, ...bodies: Buffer[]): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(bodies.reduce((sum, body) => sum + body.length, HEADER_BYTES));
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, ...bodies]);
}

/** NaN beyond the end, so that every comparison with it fails. */
export function u32(bytes: Buffer, at: number): number {
  return at + 4 <= bytes.length ? bytes.readUInt32BE(at) : Number.NaN;
}
