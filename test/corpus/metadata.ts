import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { type Family, type HostileFile, type Kit, nthOf } from './hostile-file.ts';
import { box } from './movie-tricks.ts';
import { encodePicture, picture } from './samples.ts';

type Trick = readonly [what: string, make: (kit: Kit) => Promise<Buffer> | Buffer];

/** A segment of a JPEG; one holds 65,533 bytes. */
function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(Math.min(0xffff, data.length + 2), 2);
  return Buffer.concat([head, data.subarray(0, 0xfffd)]);
}
const intoJpeg = (jpg: Buffer, ...segments: Buffer[]) => Buffer.concat([jpg.subarray(0, 2), ...segments, jpg.subarray(2)]);

export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const words = Buffer.alloc(8);
  words.writeUInt32BE(data.length, 0);
  words.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([words.subarray(0, 4), body, words.subarray(4)]);
}
/** Behind the header, where most chunks belong. */
const intoPng = (png: Buffer, ...chunks: Buffer[]) => Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);

/** An EXIF block of one directory: entries of tag, type, count and value, big endian. */
function exif(entries: readonly (readonly [number, number, number, number])[], next = 0, tail = Buffer.alloc(0)): Buffer {
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16BE(entries.length, 0);
  entries.forEach(([tag, type, count, value], at) => {
    directory.writeUInt16BE(tag, 2 + at * 12);
    directory.writeUInt16BE(type, 4 + at * 12);
    directory.writeUInt32BE(count, 6 + at * 12);
    if (type === 3) directory.writeUInt16BE(value, 10 + at * 12);
    else directory.writeUInt32BE(value, 10 + at * 12);
  });
  directory.writeUInt32BE(next, directory.length - 4);
  return Buffer.concat([Buffer.from('Exif\0\0MM\0\x2a\0\0\0\x08', 'latin1'), directory, tail]);
}
const turned = (orientation: number) => exif([[0x0112, 3, 1, orientation]]);

async function turnedFile(orientation: number): Promise<Buffer> {
  return intoJpeg(await encodePicture(picture(160, 240), 'jpg'), segment(0xe1, turned(orientation)));
}

/** An ID3 tag; its size is written in seven bits a byte unless a lie is told. */
function id3(frames: Buffer, stated = frames.length): Buffer {
  const head = Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1');
  for (let at = 0; at < 4; at += 1) head[6 + at] = (stated >>> (7 * (3 - at))) & 0x7f;
  return Buffer.concat([head, frames]);
}
function id3Frame(name: string, data: Buffer): Buffer {
  const head = Buffer.alloc(10);
  head.write(name, 'latin1');
  for (let at = 0; at < 4; at += 1) head[4 + at] = (data.length >>> (7 * (3 - at))) & 0x7f;
  return Buffer.concat([head, data]);
}

const many = (count: number, make: (at: number) => Buffer) => Buffer.concat(Array.from({ length: count }, (_, at) => make(at)));
const chapter = (at: number) => id3Frame('CHAP', Buffer.concat([Buffer.from(`c${at}\0`), Buffer.alloc(16, 0xff)]));

/** A flac block of comments that says to hold more of them than the file has bytes. */
function flacComments(flac: Buffer, count: number): Buffer {
  const data = Buffer.alloc(12);
  data.writeUInt32LE(0xffff_fff0, 0);
  data.writeUInt32LE(count, 8);
  return Buffer.concat([flac.subarray(0, 4), Buffer.from([4, 0, 0, data.length]), data, flac.subarray(4)]);
}
const riffChunk = (name: string, data: Buffer) => {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data]);
};
const intoWav = (wav: Buffer, chunk: Buffer) => Buffer.concat([wav.subarray(0, 12), chunk, wav.subarray(12)]);

/** Zeros, packed a thousand to one. */
let packed: Buffer | undefined;
const bomb = () => {
  packed ??= deflateSync(Buffer.alloc(200_000_000), { level: 6 });
  return packed;
};

const pictureTricks: readonly Trick[] = [
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 65_535].map((way): Trick => [`EXIF turned ${way}`, () => turnedFile(way)]),
  ['EXIF that refers to itself', ({ samples }) => intoJpeg(samples.pictures.jpg, segment(0xe1, exif([[0x0112, 3, 1, 6]], 8)))],
  [
    'EXIF count beyond its end',
    ({ samples }) => intoJpeg(samples.pictures.jpg, segment(0xe1, exif([[0x010f, 2, 0xffff_ffff, 0xffff_fff0]]))),
  ],
  [
    'EXIF of 4,000 entries',
    ({ samples }) => intoJpeg(samples.pictures.jpg, segment(0xe1, exif(Array.from({ length: 4_000 }, () => [0x010f, 2, 4, 0])))),
  ],
  [
    'EXIF thumbnail of 60 kB',
    ({ samples }) =>
      intoJpeg(
        samples.pictures.jpg,
        segment(
          0xe1,
          exif(
            [
              [0x0201, 4, 1, 26],
              [0x0202, 4, 1, 60_000],
            ],
            0,
            Buffer.concat([samples.pictures.jpg, Buffer.alloc(50_000)]),
          ),
        ),
      ),
  ],
  [
    'EXIF of noise',
    ({ samples, dice }) =>
      intoJpeg(samples.pictures.jpg, segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), dice.bytes(5_000)]))),
  ],
  [
    '255 EXIF blocks',
    ({ samples }) =>
      intoJpeg(
        samples.pictures.jpg,
        many(255, way => segment(0xe1, turned(way))),
      ),
  ],
  [
    '10 MB of comments',
    ({ samples }) =>
      intoJpeg(
        samples.pictures.jpg,
        many(155, () => segment(0xfe, Buffer.alloc(0xfffd, 65))),
      ),
  ],
  [
    'ICC of 255 parts and 16 MB',
    ({ samples }) =>
      intoJpeg(
        samples.pictures.jpg,
        many(255, at =>
          segment(0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0'), Buffer.from([at + 1, 255]), Buffer.alloc(0xff00, 1)])),
        ),
      ),
  ],
  [
    'ICC of noise',
    async ({ dice }) =>
      intoPng(
        await encodePicture(picture(200, 200), 'png'),
        pngChunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), deflateSync(dice.bytes(3_000))])),
      ),
  ],
  [
    'ICC bomb of 200 MB',
    ({ samples }) => intoPng(samples.pictures.png, pngChunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), bomb()]))),
  ],
  [
    'text bomb of 200 MB',
    ({ samples }) => intoPng(samples.pictures.png, pngChunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), bomb()]))),
  ],
  [
    'international text bomb',
    ({ samples }) =>
      intoPng(samples.pictures.png, pngChunk('iTXt', Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\x01\0\0\0'), bomb()]))),
  ],
  [
    '20,000 texts',
    ({ samples }) =>
      intoPng(
        samples.pictures.png,
        many(20_000, at => pngChunk('tEXt', Buffer.from(`k${at}\0v`))),
      ),
  ],
  ['two headers', ({ samples }) => intoPng(samples.pictures.png, samples.pictures.png.subarray(8, 33))],
  [
    'XMP of 8 MB',
    ({ samples }) =>
      sharp(samples.pictures.webp)
        .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${'<a/>'.repeat(2_000_000)}</x:xmpmeta>`)
        .webp()
        .toBuffer(),
  ],
];

const voiceTricks: readonly Trick[] = [
  [
    'ID3 with a picture',
    ({ samples }) =>
      Buffer.concat([
        id3(id3Frame('APIC', Buffer.concat([Buffer.from('\0image/png\0\x03\0', 'latin1'), samples.pictures.png]))),
        samples.voices.mp3,
      ]),
  ],
  ['ID3 of 15 MB', ({ samples }) => Buffer.concat([id3(id3Frame('PRIV', Buffer.alloc(15_000_000))), samples.voices.mp3])],
  ['ID3 that is longer than the file', ({ samples }) => Buffer.concat([id3(Buffer.alloc(10), 0x0fff_ffff), samples.voices.mp3])],
  ['5,000 chapters', ({ samples }) => Buffer.concat([id3(many(5_000, chapter)), samples.voices.mp3])],
  [
    'a thousand ID3 tags',
    ({ samples }) => Buffer.concat([many(1_000, () => id3(id3Frame('TIT2', Buffer.from('\0x')))), samples.voices.mp3]),
  ],
  ['an ID3 tag alone', () => id3(id3Frame('TIT2', Buffer.from('\x03nothing else')))],
  ['ID3 in front of a wav', ({ samples }) => Buffer.concat([id3(Buffer.alloc(20)), samples.voices.wav])],
  ['4 billion comments', ({ samples }) => flacComments(samples.voices.flac, 0xffff_ffff)],
  [
    'a flac picture of lies',
    ({ samples }) =>
      Buffer.concat([
        samples.voices.flac.subarray(0, 4),
        Buffer.from([6, 0, 0, 32]),
        Buffer.alloc(32, 0xff),
        samples.voices.flac.subarray(4),
      ]),
  ],
  [
    'a LIST of 5 MB',
    ({ samples }) =>
      intoWav(samples.voices.wav, riffChunk('LIST', Buffer.concat([Buffer.from('INFOINAM'), Buffer.alloc(5_000_000, 1)]))),
  ],
  ['50,000 cue points', ({ samples }) => intoWav(samples.voices.wav, riffChunk('cue ', Buffer.alloc(4 + 24 * 50_000, 0xff)))],
  [
    '100,000 empty chunks',
    ({ samples }) =>
      intoWav(
        samples.voices.wav,
        many(100_000, () => riffChunk('junk', Buffer.alloc(0))),
      ),
  ],
  [
    'mp4 chapters',
    ({ samples }) =>
      Buffer.concat([
        samples.voices.m4a,
        box('moov', box('udta', box('chpl', Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 255]), Buffer.alloc(9 * 255)])))),
      ]),
  ],
  [
    'mp4 tags of 5 MB',
    ({ samples }) => Buffer.concat([samples.voices.m4a, box('udta', box('meta', Buffer.alloc(5_000_000, 0x41)))]),
  ],
];

/** Good pictures and voices that carry tags to choke on. */
export const metadata: Family = {
  name: 'metadata',
  weight: 9,
  async make(nth, kit): Promise<HostileFile> {
    const isPicture = nth % 2 === 0;
    const [what, make] = nthOf(isPicture ? pictureTricks : voiceTricks, Math.floor(nth / 2));
    const bytes = await make(kit);
    return isPicture ? { role: 'portrait', what, name: 'tagged.jpg', bytes } : { role: 'voice', what, name: 'tagged.mp3', bytes };
  },
};
