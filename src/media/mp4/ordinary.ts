/**
 * Reads what nearly every video is: an mp4 of one file with one H.264 track and at most one AAC track, whole, its first picture a sound
 * sequence of units. Nothing is decoded and no native code runs, so this may look at foreign files in the bot's own process. Whatever is
 * otherwise is no verdict on the video: FFmpeg looks at it, in a child process.
 */
import { bodyAt, boxesOf, HEADER_BYTES, u32 } from './boxes.ts';
import type { Reader } from './reader.ts';

/** `offsets`: the tables of where chunks begin in the file, as views into `moov`; their numbers begin at byte 8. */
export type OrdinaryMp4 = { ftypEnd: number; moovStart: number; moov: Buffer; offsets: Buffer[] };

type Place = { type: string; start: number; end: number };

/** An index of a minute takes about 50 kB. */
const MOST_INDEX_BYTES = 1_000_000;
const MOST_PICTURE_BYTES = 4_000_000;
const MOST_TOP_BOXES = 16;
/** Others hold offsets of their own, or say that the index is not the whole one (fragments). */
const TOP_TYPES: ReadonlySet<string> = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide']);
const MOOV_TYPES: ReadonlySet<string> = new Set(['mvhd', 'iods', 'trak', 'udta', 'free']);
const UNIT_LENGTH_BYTES = 4;
/** H.264's type of a unit that starts a stream: a picture that needs no other. */
const WHOLE_PICTURE = 5;

/** The file as an ordinary mp4; undefined when it is anything else. */
export async function readOrdinaryMp4(file: Reader): Promise<OrdinaryMp4 | undefined> {
  const places = await topBoxes(file);
  const [ftyp] = places ?? [];
  const only = (type: string) => {
    const found = places?.filter(place => place.type === type);
    return found?.length === 1 ? found[0] : undefined;
  };
  const [moovPlace, mdat] = [only('moov'), only('mdat')];
  if (ftyp?.type !== 'ftyp' || only('ftyp') === undefined || moovPlace === undefined || mdat === undefined) return undefined;
  if (moovPlace.end - moovPlace.start > MOST_INDEX_BYTES) return undefined;
  // QuickTime keeps its titles elsewhere.
  const brand = (await file.at(ftyp.start, 12))?.toString('latin1', HEADER_BYTES);
  const moov = await file.at(moovPlace.start, moovPlace.end - moovPlace.start);
  if (brand === undefined || brand === 'qt  ' || moov === undefined) return undefined;
  const offsets = await readTracks(file, moov.subarray(HEADER_BYTES), mdat);
  return offsets && { ftypEnd: ftyp.end, moovStart: moovPlace.start, moov, offsets };
}

async function topBoxes({ at, sizeBytes }: Reader): Promise<Place[] | undefined> {
  const places: Place[] = [];
  for (let start = 0; start < sizeBytes; ) {
    const header = await at(start, HEADER_BYTES);
    const length = header === undefined ? 0 : u32(header, 0);
    const type = header?.toString('latin1', 4) ?? '';
    const end = start + length;
    if (length < HEADER_BYTES || end > sizeBytes || !TOP_TYPES.has(type) || places.length === MOST_TOP_BOXES) return undefined;
    places.push({ type, start, end });
    start = end;
  }
  return places;
}

/** The tables of offsets of all tracks, if all is in order. */
async function readTracks(file: Reader, moovBody: Buffer, mdat: Place): Promise<Buffer[] | undefined> {
  const boxes = boxesOf(moovBody);
  const movie = bodyAt(moovBody, 'mvhd');
  // Version 0 and a duration.
  if (boxes?.every(({ type }) => MOOV_TYPES.has(type)) !== true || movie === undefined) return undefined;
  if (movie[0] !== 0 || !(u32(movie, 16) > 0)) return undefined;
  const offsets: Buffer[] = [];
  const kinds: string[] = [];
  for (const { body } of boxes.filter(({ type }) => type === 'trak')) {
    const kind = bodyAt(body, 'mdia', 'hdlr')?.toString('latin1', 8, 12) ?? '';
    const table = bodyAt(body, 'mdia', 'minf', 'stbl');
    const chunks = bodyAt(table, 'stco');
    if (table === undefined || chunks === undefined || kinds.includes(kind) || !liesIn(chunks, mdat)) return undefined;
    // `saio` holds offsets of its own.
    if (bodyAt(table, 'saio') !== undefined) return undefined;
    const good = kind === 'vide' ? await hasPicture(file, table, mdat) : kind === 'soun' && sampleType(table) === 'mp4a';
    if (!good) return undefined;
    kinds.push(kind);
    offsets.push(chunks);
  }
  return kinds.includes('vide') ? offsets : undefined;
}

/** Whether there are chunks, and all of them begin in the data. */
function liesIn(chunks: Buffer, mdat: Place): boolean {
  const count = u32(chunks, 4);
  if (!(count > 0 && chunks.length === 8 + 4 * count)) return false;
  for (let at = 8; at < chunks.length; at += 4) {
    const offset = u32(chunks, at);
    if (offset < mdat.start + HEADER_BYTES || offset >= mdat.end) return false;
  }
  return true;
}

/** What the samples are, if all are the same. */
function sampleType(table: Buffer): string | undefined {
  const description = bodyAt(table, 'stsd');
  return description && u32(description, 4) === 1 ? description.toString('latin1', 12, 16) : undefined;
}

/** Whether the first picture is there: H.264 units that fill their sample exactly, one of them a picture that needs no other. */
async function hasPicture(file: Reader, table: Buffer, mdat: Place): Promise<boolean> {
  const [description, sizes, chunks] = [bodyAt(table, 'stsd'), bodyAt(table, 'stsz'), bodyAt(table, 'stco')];
  if (description === undefined || sizes === undefined || chunks === undefined || sampleType(table) !== 'avc1') return false;
  // Of the one entry, from byte 8: width and height stand at 32, its boxes begin at 86.
  const hasSize = description.length >= 94 && description.readUInt16BE(40) > 0 && description.readUInt16BE(42) > 0;
  const lengthBytes = ((bodyAt(description.subarray(94), 'avcC')?.[4] ?? 0) & 3) + 1;
  if (!hasSize || lengthBytes !== UNIT_LENGTH_BYTES) return false;
  const start = u32(chunks, 8);
  // Either all samples have one size, or the first of the table is the first sample's.
  const length = u32(sizes, 4) || u32(sizes, 12);
  if (!(length > 0 && length <= MOST_PICTURE_BYTES && start + length <= mdat.end)) return false;
  const picture = await file.at(start, length);
  return picture !== undefined && isWholePicture(picture);
}

function isWholePicture(sample: Buffer): boolean {
  let whole = false;
  for (let at = 0; at < sample.length; ) {
    const length = u32(sample, at);
    const head = sample[at + UNIT_LENGTH_BYTES];
    // The first bit of a unit is always 0.
    if (!(length > 0 && at + UNIT_LENGTH_BYTES + length <= sample.length) || head === undefined || head > 0x7f) return false;
    whole ||= (head & 0x1f) === WHOLE_PICTURE;
    at += UNIT_LENGTH_BYTES + length;
  }
  return whole;
}
