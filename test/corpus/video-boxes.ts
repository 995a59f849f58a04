import { type Family, type HostileFile, type Kit, nthOf } from './hostile-file.ts';
import { box } from './movie-tricks.ts';

/** Where a box stands in a file: its size at `start`, its type behind that. */
type Place = { type: string; start: number; end: number };

const CONTAINERS: ReadonlySet<string> = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'udta']);

/** All boxes of a good mp4, outer ones before their inner ones. */
function placesOf(bytes: Buffer, from = 0, to = bytes.length): Place[] {
  const places: Place[] = [];
  for (let start = from; start + 8 <= to; ) {
    const end = start + bytes.readUInt32BE(start);
    const type = bytes.toString('latin1', start + 4, start + 8);
    places.push({ type, start, end }, ...(CONTAINERS.has(type) ? placesOf(bytes, start + 8, end) : []));
    start = end;
  }
  return places;
}

/** The good video with something else at a number of a box; `offset` counts from the box's beginning. */
function withNumber({ samples }: Kit, type: string, offset: number, value: number): Buffer {
  const changed = Buffer.from(samples.video);
  const place = placesOf(changed).find(each => each.type === type);
  if (place === undefined) throw new Error(`the sample has no ${type}`);
  changed.writeUInt32BE(value >>> 0, place.start + offset);
  return changed;
}

/** The good video with one of its boxes, chosen by the dice, made into something else. */
function withBox({ samples, dice }: Kit, make: (whole: Buffer) => Buffer): Buffer {
  const { start, end } = dice.pick(placesOf(samples.video));
  const { video } = samples;
  return Buffer.concat([video.subarray(0, start), make(video.subarray(start, end)), video.subarray(end)]);
}

/** The good video with more in its index. Its data moves, and its tables don't know. */
function withinIndex({ samples }: Kit, more: Buffer): Buffer {
  const { video } = samples;
  const moov = placesOf(video).find(({ type }) => type === 'moov');
  if (moov === undefined) throw new Error('the sample has no index');
  const index = box('moov', video.subarray(moov.start + 8, moov.end), more);
  return Buffer.concat([video.subarray(0, moov.start), index, video.subarray(moov.end)]);
}

function manyOf(count: number, bytes: Uint8Array): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => bytes));
}

function nested(type: string, depth: number): Buffer {
  let inner: Buffer = Buffer.alloc(0);
  for (let level = 0; level < depth; level += 1) inner = box(type, inner);
  return inner;
}

const SIZES = [0, 1, 7, 8, 9, 0x7fff_ffff, 0xffff_ffff] as const;
const TYPES = ['free', 'uuid', 'meta', 'mdat', 'moov', 'moof', 'cmov', '\0\0\0\0', '\u00a9nam'] as const;

type Trick = readonly [what: string, bytes: (kit: Kit) => Buffer];
const tricks: readonly Trick[] = [
  [
    'a size that lies',
    kit =>
      withBox(kit, whole => {
        const changed = Buffer.from(whole);
        changed.writeUInt32BE(kit.dice.pick([...SIZES, whole.length - 1, whole.length + 1]), 0);
        return changed;
      }),
  ],
  [
    'an odd atom',
    kit =>
      withBox(kit, whole =>
        Buffer.concat([whole.subarray(0, 4), Buffer.from(kit.dice.pick(TYPES), 'latin1'), whole.subarray(8)]),
      ),
  ],
  ['a box that is not there', kit => withBox(kit, () => Buffer.alloc(0))],
  ['a box twice', kit => withBox(kit, whole => Buffer.concat([whole, whole]))],
  ['a box of zeros', kit => withBox(kit, whole => Buffer.concat([whole.subarray(0, 8), Buffer.alloc(whole.length - 8)]))],
  ['a box of noise', kit => withBox(kit, whole => Buffer.concat([whole.subarray(0, 8), kit.dice.bytes(whole.length - 8)]))],
  ['cut off', ({ samples, dice }) => samples.video.subarray(0, dice.below(samples.video.length))],
  ['4 billion chunks', kit => withNumber(kit, 'stco', 12, 0xffff_ffff)],
  ['no chunk', kit => withNumber(kit, 'stco', 12, 0)],
  ['a chunk in the index', kit => withNumber(kit, 'stco', 16, 40)],
  ['a chunk behind the end', kit => withNumber(kit, 'stco', 16, kit.samples.video.length)],
  ['a chunk far away', kit => withNumber(kit, 'stco', 16, 0xffff_ffff)],
  ['a first picture of 4 GB', kit => withNumber(kit, 'stsz', 12, 0xffff_ffff)],
  ['a first picture of 3 bytes', kit => withNumber(kit, 'stsz', 12, 3)],
  ['4 billion pictures', kit => withNumber(kit, 'stsz', 16, 0xffff_ffff)],
  ['136 years of video', kit => withNumber(kit, 'mvhd', 24, 0xffff_ffff)],
  ['no time', kit => withNumber(kit, 'mvhd', 24, 0)],
  ['4 billion kinds of samples', kit => withNumber(kit, 'stsd', 12, 0xffff_ffff)],
  ['65,535 pixels a side', kit => withNumber(kit, 'stsd', 48, 0xffff_ffff)],
  ['100,000 empty boxes in the index', kit => withinIndex(kit, manyOf(100_000, box('free')))],
  ['boxes 5,000 deep in the index', kit => withinIndex(kit, nested('udta', 5_000))],
  [
    'a title without end',
    kit => withinIndex(kit, box('udta', box('meta', Buffer.alloc(4), box('ilst', nested('\u00a9nam', 3_000))))),
  ],
  ['an index of 40 MB', kit => withinIndex(kit, box('free', Buffer.alloc(40_000_000)))],
  [
    'a thousand tracks',
    kit => {
      const track = placesOf(kit.samples.video).find(({ type }) => type === 'trak');
      const whole = kit.samples.video.subarray(track?.start, track?.end);
      return withinIndex(kit, manyOf(1_000, whole));
    },
  ],
  ['100,000 empty boxes', ({ samples }) => Buffer.concat([samples.video, manyOf(100_000, box('free'))])],
  [
    'an ordinary beginning, then a page',
    ({ samples }) => Buffer.concat([samples.video.subarray(0, 2_000), Buffer.from('<html>'.repeat(999))]),
  ],
];

/** Videos that a provider might answer with: nearly ordinary, so that the bot's own reader of boxes looks at them. */
export const videoBoxes: Family = {
  name: 'video boxes',
  weight: 12,
  make(nth, kit): HostileFile {
    const [what, make] = nthOf(tricks, nth);
    return { role: 'video', what, name: 'video.mp4', bytes: make(kit) };
  },
};
