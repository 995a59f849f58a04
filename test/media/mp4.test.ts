import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Demuxer } from 'node-av/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMedia } from '../../src/media/media.ts';
import { box, boxesOf } from '../../src/media/mp4/boxes.ts';
import { markOrdinaryMp4 } from '../../src/media/mp4/mark-ordinary.ts';
import { readMp4 } from '../support/mp4-boxes.ts';

let folder: string;
let video: Buffer;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-mp4-'));
  // Its index lies before its data, as that of most videos on the web.
  video = await readFile(new URL('../../src/server/faults/instant.mp4', import.meta.url));
});
afterAll(() => rm(folder, { recursive: true }));

async function mark(bytes: Buffer) {
  await writeFile(at('given.mp4'), bytes);
  return markOrdinaryMp4({ path: at('given.mp4'), outputPath: at('marked.mp4') });
}

/** Title and packets as FFmpeg reads them. */
async function read(path: string) {
  await using input = await Demuxer.open(path);
  const packets: string[] = [];
  for await (using packet of input.packets()) {
    const hash = packet?.data && createHash('sha256').update(packet.data).digest('hex');
    packets.push(`${packet?.streamIndex} ${packet?.pts} ${packet?.dts} ${hash}`);
  }
  return { said: input.getFormatContext().metadata?.getAll(), packets };
}

/** The same video with its index behind its data, as an encoder leaves it that writes in one go. */
function indexLast(bytes: Buffer): Buffer {
  const boxes = boxesOf(bytes) ?? [];
  const moov = boxes.find(({ type }) => type === 'moov');
  if (moov === undefined) throw new Error('no index');
  const others = boxes.filter(each => each !== moov).map(({ whole }) => whole);
  const whole = Buffer.from(moov.whole);
  for (let found = whole.indexOf('stco'); found >= 0; found = whole.indexOf('stco', found + 4)) {
    const count = whole.readUInt32BE(found + 8);
    for (let index = 0; index < count; index++) {
      const place = found + 12 + 4 * index;
      whole.writeUInt32BE(whole.readUInt32BE(place) - whole.length, place);
    }
  }
  return Buffer.concat([...others, whole]);
}

describe('an ordinary mp4', () => {
  it.each([
    ['first', (bytes: Buffer) => bytes],
    ['last', indexLast],
  ])('whose index comes %s is marked with every packet and time as it was, the index first', async (_, made) => {
    const given = made(video);
    expect(await mark(given)).toEqual({ marked: true });
    const [before, after] = [await read(at('given.mp4')), await read(at('marked.mp4'))];
    expect(before.packets.length).toBeGreaterThan(2);
    expect(after.packets).toEqual(before.packets);
    expect(after.said).toMatchObject({
      title: 'AI-generated video',
      comment: expect.stringContaining('AI-generated'),
    });
    // What was said before is gone.
    expect(after.said).not.toHaveProperty('encoder');
    const { order } = readMp4(await readFile(at('marked.mp4')));
    expect(order.slice(0, 2)).toEqual(['ftyp', 'moov']);
  });

  it('that is marked is left alone', async () => {
    await mark(video);
    expect(await mark(await readFile(at('marked.mp4')))).toEqual({ marked: false });
  });

  it('is marked without a child process', async () => {
    await writeFile(at('given.mp4'), video);
    // No child does anything within a millisecond.
    const media = createMedia({ wallClockMs: 1 });
    const order = { path: at('given.mp4'), outputPath: at('marked.mp4') };
    expect(await media.markVideo(order)).toEqual({ ok: true, value: { path: at('marked.mp4') } });
  });
});

describe('what is no ordinary mp4', () => {
  const data = () => video.indexOf('mdat') + 4;
  it.each<[string, () => Buffer]>([
    ['empty', () => Buffer.alloc(0)],
    ['a page', () => Buffer.from('<html>Bad gateway</html>')],
    ['cut off', () => video.subarray(0, -100)],
    ['without data', () => video.subarray(0, data() - 8)],
    ['hollow', () => Buffer.concat([video.subarray(0, data()), Buffer.alloc(video.length - data())])],
    ['noise', () => Buffer.concat([video.subarray(0, data()), Buffer.alloc(video.length - data(), 0xa5)])],
    ['in fragments', () => Buffer.concat([video, box('moof')])],
    ['with two indices', () => Buffer.concat([video, boxesOf(video)?.[1]?.whole ?? Buffer.alloc(0)])],
    ['sound alone', () => Buffer.from(video.toString('latin1').replace('vide', 'soun'), 'latin1')],
  ])('is left to FFmpeg: %s', async (_, made) => {
    expect(await mark(made())).toBeUndefined();
  });

  it('and has no picture is no video in the end', async () => {
    await writeFile(at('given.mp4'), Buffer.concat([video.subarray(0, data()), Buffer.alloc(video.length - data())]));
    const answer = await createMedia().markVideo({ path: at('given.mp4'), outputPath: at('never.mp4') });
    expect(answer).toEqual({ ok: false, problem: { code: 'video-broken' } });
  });

  it('never throws, whatever bytes of its boxes are others', async () => {
    const indexEnd = data();
    const change = fc.tuple(fc.nat(indexEnd), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async changes => {
        const bytes = Buffer.from(video);
        for (const [place, value] of changes) bytes[place] = value;
        const answer = await mark(bytes);
        expect([undefined, true, false]).toContain(answer?.marked);
      }),
      { numRuns: 300 },
    );
  });
});
