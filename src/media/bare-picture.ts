/** Whether a picture file holds its picture and nothing else: no comments, no tags, no other file behind its end. */

/** Markers of a JPEG that describe the picture: frames, tables, restart intervals, scans, and the JFIF header. */
const jpegMarkers: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2, 0xc4, 0xda, 0xdb, 0xdd, 0xe0]);
const jfifBytes = 16;

function isBareJpeg(file: Buffer): boolean {
  let at = 2;
  while (at + 4 <= file.length) {
    const marker = file[at + 1] ?? 0;
    if (file[at] !== 0xff || !jpegMarkers.has(marker)) return false;
    const length = file.readUInt16BE(at + 2);
    if (marker === 0xe0 && length !== jfifBytes) return false; // with a thumbnail
    at += 2 + length;
    if (marker !== 0xda) continue;
    // The scan's data: FF is followed by 00 or a restart marker until the next segment.
    while (at + 1 < file.length && !(file[at] === 0xff && file[at + 1] !== 0 && ((file[at + 1] ?? 0) & 0xf8) !== 0xd0)) at += 1;
    if (file[at + 1] === 0xd9) return at + 2 === file.length;
  }
  return false;
}

const pngChunks: ReadonlySet<string> = new Set(['IHDR', 'IDAT', 'IEND', 'sRGB', 'gAMA', 'cHRM', 'pHYs']);

function isBarePng(file: Buffer): boolean {
  for (let at = 8; at + 12 <= file.length; at += 12 + file.readUInt32BE(at)) {
    const name = file.toString('latin1', at + 4, at + 8);
    if (!pngChunks.has(name)) return false;
    if (name === 'IEND') return at + 12 === file.length;
  }
  return false;
}

/** Expects a file that was told to be a JPEG or PNG by its first bytes. */
export function isBarePicture(file: Buffer): boolean {
  return file[0] === 0xff ? isBareJpeg(file) : isBarePng(file);
}
