import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { type Family, type HostileFile, type Kit, nthOf, type Role } from './hostile-file.ts';
import { pngChunk } from './metadata.ts';
import { encodeVoice, sampleRateOf, type VoiceFormat } from './samples.ts';

type Bomb = {
  role: Role;
  what: string;
  name: string;
  make(kit: Kit): Promise<Buffer> | Buffer;
  /** Too much of it by its own header. */
  mustBeRefused?: boolean;
};

const flat = (width: number, height: number): Sharp => sharp({ create: { width, height, channels: 3, background: '#777' } });

/** A PNG of nothing: rows of zeros, as many as are asked for, whatever its header says. */
function png(
  width: number,
  height: number,
  form: { bits?: number; colour?: number; interlaced?: boolean; rows?: number } = {},
): Buffer {
  const { bits = 8, colour = 2, interlaced = false, rows = height } = form;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, colour, 0, 0, interlaced ? 1 : 0], 8);
  const channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colour] ?? 1;
  const rowBytes = 1 + Math.ceil((Math.min(width, 20_000) * channels * bits) / 8);
  const data = deflateSync(Buffer.alloc(Math.min(500_000_000, rowBytes * rows)), { level: 1 });
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([start, pngChunk('IHDR', header), pngChunk('IDAT', data), pngChunk('IEND', Buffer.alloc(0))]);
}

/** A progressive JPEG whose last scan is repeated; each costs a pass over the whole picture. */
async function scans(count: number): Promise<Buffer> {
  const jpg = await flat(2_000, 2_000).jpeg({ progressive: true }).toBuffer();
  const last = jpg.lastIndexOf(Buffer.from([0xff, 0xda]));
  const scan = jpg.subarray(last, jpg.length - 2);
  return Buffer.concat([jpg.subarray(0, jpg.length - 2), ...Array.from({ length: count }, () => scan), jpg.subarray(-2)]);
}

/** A GIF of one small frame on a screen of any size, with as many frames as wanted. */
function gif(width: number, height: number, frames: number, frameSide = 1): Buffer {
  const head = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  head.writeUInt16LE(width, 6);
  head.writeUInt16LE(height, 8);
  const frame = Buffer.from('\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0\0\0\0\0\0\x02\x02\x44\x01\0', 'latin1');
  frame.writeUInt16LE(frameSide, 13);
  frame.writeUInt16LE(frameSide, 15);
  return Buffer.concat([head, ...Array.from({ length: frames }, () => frame), Buffer.from(';')]);
}

/** A little silence, coded. */
const silence = (format: Exclude<VoiceFormat, 'wav'>, seconds: number) =>
  encodeVoice(format, new Float32Array(seconds * sampleRateOf(format)));

/** What is behind the head, over and over: a chain of streams, or frames without end. */
async function repeated(whole: Promise<Buffer>, times: number, headBytes = 0): Promise<Buffer> {
  const bytes = await whole;
  return Buffer.concat([bytes, ...Array.from({ length: times - 1 }, () => bytes.subarray(headBytes))]);
}

/** 16,383 by 16,383 pixels of one colour in 38 bytes. */
const largestWebp = Buffer.from('UklGRh4AAABXRUJQVlA4TBEAAAAv/r//DwfQu971rv+BiOh/AAA=', 'base64');

const picture = (what: string, name: string, make: Bomb['make'], mustBeRefused = true): Bomb => ({
  role: 'portrait',
  what,
  name,
  make,
  mustBeRefused,
});
const voice = (what: string, name: string, make: Bomb['make'], mustBeRefused = true): Bomb => ({
  role: 'voice',
  what,
  name,
  make,
  mustBeRefused,
});

const bombs: readonly Bomb[] = [
  picture('claims 2 billion pixels a side', 'claim.png', () => png(0x7fff_ffff, 0x7fff_ffff, { rows: 4 })),
  voice('10 minutes of flac', 'long.flac', () => repeated(silence('flac', 30), 20, 8_300)),
  picture('claims 60,000 pixels a side', 'claim.png', () => png(60_000, 60_000, { rows: 4 })),
  voice('an hour of opus', 'long.opus', () => repeated(silence('opus', 10), 360)),
  picture('49 megapixels of nothing', 'flat.png', () => png(7_000, 7_000), false),
  picture('a line of 40 million pixels', 'line.png', () => png(40_000_000, 1, { rows: 1 })),
  picture('49 megapixels at 16 bits with alpha', 'deep.png', () => png(7_000, 7_000, { bits: 16, colour: 6 }), false),
  picture('49 megapixels interlaced', 'laced.png', () => png(7_000, 7_000, { interlaced: true }), false),
  picture('49 megapixels of 1 bit', 'bits.png', () => png(7_000, 7_000, { bits: 1, colour: 0 }), false),
  picture('400 megapixels of 1 bit', 'bits.png', () => png(20_000, 20_000, { bits: 1, colour: 0 })),
  picture('49 megapixels of jpeg', 'flat.jpg', () => flat(7_000, 7_000).jpeg().toBuffer(), false),
  picture('progressive jpeg of 2,000 scans', 'scans.jpg', () => scans(2_000), false),
  picture('a webp of 268 megapixels', 'flat.webp', () => largestWebp),
  picture('49 megapixels of webp', 'flat.webp', () => flat(7_000, 7_000).webp({ effort: 0 }).toBuffer(), false),
  picture('36 megapixels of avif', 'flat.avif', () => flat(6_000, 6_000).avif({ effort: 0 }).toBuffer(), false),
  picture('a gif of 4 gigapixels', 'screen.gif', () => gif(65_535, 65_535, 1)),
  picture('a gif of 49 megapixels', 'screen.gif', () => gif(7_000, 7_000, 1), false),
  picture('a gif of 100,000 frames', 'frames.gif', () => gif(300, 300, 100_000), false),
  picture('a gif whose frame is larger than its screen', 'over.gif', () => gif(300, 300, 2, 65_535), false),
  voice('20 minutes of mp3', 'long.mp3', () => repeated(silence('mp3', 10), 120)),
  voice('20 minutes of vorbis', 'long.ogg', () => repeated(silence('ogg', 10), 120)),
  voice('2 minutes of aac', 'long.m4a', () => silence('m4a', 120)),
  voice('2 minutes of webm', 'long.webm', () => silence('webm', 120)),
];

const made = new Map<Bomb, Promise<Buffer>>();

/** Small files that become large: pixels, duration, compression. Making one takes a while, so it is kept and varied. */
export const bombFamily: Family = {
  name: 'bombs',
  weight: 3,
  async make(nth, kit): Promise<HostileFile> {
    const bomb = nthOf(bombs, nth);
    const { role, what, name, mustBeRefused = false } = bomb;
    const whole = made.get(bomb) ?? Promise.resolve(bomb.make(kit));
    made.set(bomb, whole);
    const bytes = Buffer.from(await whole);
    const isVaried = nth >= bombs.length;
    if (isVaried) bytes[kit.dice.below(bytes.length)] = kit.dice.below(256);
    return { role, what: isVaried ? `${what}, a byte changed` : what, name, bytes, mustBeRefused: mustBeRefused && !isVaried };
  },
};
