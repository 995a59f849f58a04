import { goodFile } from './damaged.ts';
import { type Family, type HostileFile, type Kit, nthOf } from './hostile-file.ts';

/** A number in a file that says how long or how many, and that parsers believe. */
type Field = { at: number; width: 1 | 2 | 4; bigEndian: boolean };

const containers = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'dinf', 'edts', 'udta', 'iprp', 'ipco']);
/** Boxes whose counts and tables follow their flags. */
const tables = new Set(['stts', 'stsc', 'stsz', 'stco', 'ctts', 'elst', 'mvhd', 'mdhd', 'tkhd', 'iloc', 'ispe', 'dref', 'stsd']);

/** The sizes of boxes, and the numbers at the beginning of their tables. */
function boxFields(file: Buffer, from = 0, end = file.length): Field[] {
  const fields: Field[] = [];
  for (let at = from; at + 8 <= end; ) {
    const size = file.readUInt32BE(at);
    const name = file.toString('latin1', at + 4, at + 8);
    fields.push({ at, width: 4, bigEndian: true });
    const inner = name === 'meta' ? at + 12 : at + 8;
    if (containers.has(name) || name === 'meta') fields.push(...boxFields(file, inner, Math.min(end, at + size)));
    if (tables.has(name))
      for (let step = 12; step < Math.min(size, 44); step += 4) fields.push({ at: at + step, width: 4, bigEndian: true });
    if (size < 8) break;
    at += size;
  }
  return fields;
}

/** The sizes of RIFF chunks, and the words of those that describe the rest. */
function riffFields(file: Buffer): Field[] {
  const fields: Field[] = [{ at: 4, width: 4, bigEndian: false }];
  for (let at = 12; at + 8 <= file.length; ) {
    const size = file.readUInt32LE(at + 4);
    fields.push({ at: at + 4, width: 4, bigEndian: false });
    for (let step = 8; step < Math.min(8 + size, 24); step += 2) fields.push({ at: at + step, width: 2, bigEndian: false });
    at += 8 + size + (size % 2);
  }
  return fields;
}

function pngFields(file: Buffer): Field[] {
  const fields: Field[] = [16, 20].map(at => ({ at, width: 4, bigEndian: true }));
  for (let at = 8; at + 8 <= file.length; at += 12 + file.readUInt32BE(at)) fields.push({ at, width: 4, bigEndian: true });
  return fields;
}

function jpegFields(file: Buffer): Field[] {
  const fields: Field[] = [];
  for (let at = 2; at + 4 <= file.length && file[at] === 0xff && file[at + 1] !== 0xda; at += 2 + file.readUInt16BE(at + 2)) {
    for (const step of [2, 4, 5, 7]) fields.push({ at: at + step, width: 2, bigEndian: true });
  }
  return fields;
}

/** The words of ogg pages: their flags, positions, numbers and segment counts. */
function oggFields(file: Buffer): Field[] {
  const fields: Field[] = [];
  for (let at = file.indexOf('OggS'); at >= 0; at = file.indexOf('OggS', at + 4)) {
    for (const step of [4, 6, 10, 14, 18]) fields.push({ at: at + step, width: 4, bigEndian: false });
    for (const step of [26, 27, 28, 39, 40, 44]) fields.push({ at: at + step, width: 1, bigEndian: false });
  }
  return fields;
}

/** Every byte of the beginning, where formats without a walker of their own (flac, webm, mp3, gif) keep what counts. */
function headFields(file: Buffer): Field[] {
  return Array.from({ length: Math.min(300, file.length - 4) }, (_, at) => ({ at: at + 4, width: 1, bigEndian: true }));
}

function fieldsOf({ what }: HostileFile, file: Buffer): Field[] {
  switch (what) {
    case 'mp4':
    case 'm4a':
    case 'avif':
      return boxFields(file);
    case 'wav':
    case 'webp':
      return riffFields(file);
    case 'png':
      return pngFields(file);
    case 'jpg':
      return jpegFields(file);
    case 'ogg':
    case 'opus':
      return oggFields(file);
    default:
      return headFields(file);
  }
}

function overwrite(file: Buffer, { at, width, bigEndian }: Field, dice: Kit['dice']): void {
  if (at + width > file.length) return;
  const top = 2 ** (8 * width);
  const before = bigEndian ? file.readUIntBE(at, width) : file.readUIntLE(at, width);
  const values = [0, 1, 2, 7, 8, before - 1, before + 1, before * 2, file.length, top / 2 - 1, top / 2, top - 8, top - 1];
  const value = Math.min(top - 1, Math.max(0, dice.pick(values)));
  if (bigEndian) file.writeUIntBE(value, at, width);
  else file.writeUIntLE(value, at, width);
}

/** Good files in which one to three of the numbers that parsers believe are lies. */
export const sizes: Family = {
  name: 'wrong sizes',
  weight: 15,
  make(nth, kit) {
    const good = goodFile(nth, kit);
    const bytes = Buffer.from(good.bytes);
    const fields = fieldsOf(good, bytes);
    const lies = 1 + kit.dice.below(3);
    const seen = Array.from({ length: lies }, () => nthOf(fields, kit.dice.below(fields.length)));
    for (const field of seen) overwrite(bytes, field, kit.dice);
    return { ...good, what: `${good.what}, lies at ${seen.map(({ at }) => at).join(', ')}`, bytes };
  },
};
