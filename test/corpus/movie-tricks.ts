import { type Family, type HostileFile, type Kit, nthOf } from './hostile-file.ts';

/** An mp4 box around its parts. */
export function box(name: string, ...parts: Buffer[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0), 0);
  head.write(name, 4, 'latin1');
  return Buffer.concat([head, ...parts]);
}
const words = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => void bytes.writeUInt32BE(value >>> 0, at * 4));
  return bytes;
};

const fileType = box('ftyp', Buffer.from('M4A '), words(0), Buffer.from('M4A mp42isom'));
const matrix = words(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000);

type Movie = {
  /** What says where the samples lie; a flag of 1 would mean: in this file. */
  reference: Buffer;
  sampleCount?: number;
  sampleSize?: number;
  /** In units of 8,000 a second. */
  delta?: number;
  entries?: number;
};

/** A movie of 16-bit sound whose samples lie where the reference says, by tables of the given sizes. */
function movie({ reference, sampleCount = 8_000, sampleSize = 2, delta = 1, entries = 1 }: Movie): Buffer {
  const duration = Math.min(0xffff_ffff, sampleCount * delta);
  const format = Buffer.concat([words(0, 1, 0, 0), Buffer.from([0, 1, 0, 16, 0, 0, 0, 0]), words(8_000 << 16)]);
  const tables = box(
    'stbl',
    box('stsd', words(0, 1), box('sowt', format)),
    box('stts', words(0, entries), ...Array.from({ length: Math.min(entries, 50_000) }, () => words(sampleCount, delta))),
    box('stsc', words(0, 1, 1, sampleCount, 1)),
    box('stsz', words(0, sampleSize, sampleCount)),
    box('stco', words(0, 1, 44)),
  );
  const information = box('minf', box('smhd', words(0, 0)), box('dinf', box('dref', words(0, 1), reference)), tables);
  const media = box(
    'mdia',
    box('mdhd', words(0, 0, 0, 8_000, duration, 0)),
    box('hdlr', words(0, 0), Buffer.from('soun'), words(0, 0, 0)),
    information,
  );
  const header = box('tkhd', words(7, 0, 0, 1, 0, duration, 0, 0, 0, 0x0100_0000), matrix, words(0, 0));
  const movieHeader = box(
    'mvhd',
    words(0, 0, 0, 8_000, duration, 0x10000, 0x0100_0000, 0, 0),
    matrix,
    words(0, 0, 0, 0, 0, 0, 2),
  );
  return Buffer.concat([fileType, box('moov', movieHeader, box('trak', header, media))]);
}

const inThisFile = box('url ', words(1));

/** A Macintosh alias record by which FFmpeg finds another file, where it may follow it. */
function alias(path: string): Buffer {
  const record = Buffer.alloc(150);
  const name = path.split('/').at(-1) ?? '';
  record.writeUInt16BE(2, 8);
  record[10] = 3;
  record.write('mac', 11, 'latin1');
  record[50] = name.length;
  record.write(name.slice(0, 63), 51, 'latin1');
  record.writeInt16BE(1, 130);
  record.writeInt16BE(1, 132);
  const absolute = Buffer.from(path);
  const tagged = (tag: number, data: Buffer) => {
    const head = Buffer.alloc(4);
    head.writeInt16BE(tag, 0);
    head.writeInt16BE(data.length, 2);
    return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
  };
  return box('alis', words(0), record, tagged(2, absolute), tagged(18, absolute), tagged(-1, Buffer.alloc(0)));
}

function nested(depth: number): Buffer {
  let inner: Buffer = Buffer.alloc(0);
  for (let level = 0; level < depth; level += 1) inner = box(level % 2 === 0 ? 'udta' : 'moov', inner);
  return Buffer.concat([fileType, inner]);
}

type Trick = readonly [what: string, bytes: (kit: Kit) => Buffer, refused: boolean];
const tricks: readonly Trick[] = [
  ['data in another file, by alias', ({ bait }) => movie({ reference: alias(bait.path) }), true],
  ['data in a neighbour, by alias', ({ bait }) => movie({ reference: alias(bait.path.split('/').at(-1) ?? '') }), true],
  ['data at a URL', ({ bait }) => movie({ reference: box('url ', words(0), Buffer.from(`${bait.url}/voice\0`)) }), true],
  ['data at a file URL', ({ bait }) => movie({ reference: box('url ', words(0), Buffer.from(`file://${bait.path}\0`)) }), true],
  ['data by resource', ({ bait }) => movie({ reference: box('rsrc', words(0), Buffer.from(bait.path)) }), true],
  [
    'another movie',
    ({ bait }) =>
      Buffer.concat([
        fileType,
        box(
          'moov',
          box(
            'rmra',
            box('rmda', box('rdrf', words(0), Buffer.from('url '), words(bait.url.length + 1), Buffer.from(`${bait.url}\0`))),
          ),
        ),
      ]),
    true,
  ],
  ['4 billion samples', () => movie({ reference: inThisFile, sampleCount: 0xffff_ffff }), true],
  ['4 billion samples of no bytes', () => movie({ reference: inThisFile, sampleCount: 0xffff_ffff, sampleSize: 0 }), true],
  ['samples of 2 GB', () => movie({ reference: inThisFile, sampleSize: 0x7fff_ffff }), true],
  ['a sample an hour', () => movie({ reference: inThisFile, delta: 28_800_000 }), false],
  ['times that overflow', () => movie({ reference: inThisFile, delta: 0xffff_ffff }), false],
  ['4 billion time entries', () => movie({ reference: inThisFile, entries: 0xffff_ffff }), false],
  ['50,000 time entries', () => movie({ reference: inThisFile, entries: 50_000 }), false],
  ['boxes 5,000 deep', () => nested(5_000), true],
  [
    'a thousand tracks',
    ({ samples }) =>
      Buffer.concat([
        fileType,
        box('moov', ...Array.from({ length: 1_000 }, () => box('trak', samples.voices.m4a.subarray(-500)))),
      ]),
    false,
  ],
  [
    '100,000 empty boxes',
    ({ samples }) => Buffer.concat([fileType, ...Array.from({ length: 100_000 }, () => box('free')), samples.voices.m4a]),
    false,
  ],
  [
    'a fragment without a movie',
    () => Buffer.concat([fileType, box('moof', box('mfhd', words(0, 1))), box('mdat', Buffer.alloc(5_000))]),
    true,
  ],
  [
    'a compressed header',
    () =>
      Buffer.concat([
        fileType,
        box('moov', box('cmov', box('dcom', Buffer.from('zlib')), box('cmvd', words(0x7fff_ffff), Buffer.alloc(100)))),
      ]),
    true,
  ],
];

/** Movies whose tables lead elsewhere, or nowhere. */
export const movieTricks: Family = {
  name: 'movie tricks',
  weight: 4,
  make(nth, kit): HostileFile {
    const [what, make, mustBeRefused] = nthOf(tricks, nth);
    const whole = make(kit);
    const noise = kit.dice.below(3) === 0 ? kit.dice.bytes(200) : Buffer.alloc(0);
    const role = nth % 4 === 3 ? 'video' : 'voice';
    return { role, what, name: 'voice.m4a', bytes: Buffer.concat([whole, box('mdat', noise)]), mustBeRefused };
  },
};
