import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Demuxer } from 'node-av/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMedia } from '../../src/media/media.ts';
import { planShrink } from '../../src/media/shrink-plan.ts';
import { speechLike, writeCoded, writeVideo } from '../support/make-media.ts';
import { readMp4 } from '../support/mp4-boxes.ts';

const media = createMedia();
let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-video-'));
  await writeVideo(at('clip.mp4'), { seconds: 3, width: 320, height: 320 });
});
afterAll(() => rm(folder, { recursive: true }));

/** The packets of a file's streams, as they are. */
async function packetsOf(path: string): Promise<string[]> {
  await using input = await Demuxer.open(path);
  const found: string[] = [];
  for await (using packet of input.packets()) {
    if (packet?.data) found.push(createHash('sha256').update(packet.data).digest('hex'));
  }
  return found.sort();
}

describe('the mark of a video that was made', () => {
  const text = async (path: string) => (await readFile(path)).toString('latin1');

  it('is written beside the packets, which stay as they are, with the index first', async () => {
    const answer = await media.markVideo({ path: at('clip.mp4'), outputPath: at('marked.mp4') });
    expect(answer).toEqual({ ok: true, value: { path: at('marked.mp4') } });
    await using marked = await Demuxer.open(at('marked.mp4'));
    expect(marked.getFormatContext().metadata?.getAll()).toMatchObject({
      title: 'AI-generated video',
      comment: expect.stringContaining('AI-generated'),
    });
    expect(await packetsOf(at('marked.mp4'))).toEqual(await packetsOf(at('clip.mp4')));
    const [before, after] = [readMp4(await readFile(at('clip.mp4'))), readMp4(await readFile(at('marked.mp4')))];
    expect(after.order.indexOf('moov')).toBeLessThan(after.order.indexOf('mdat'));
    expect([after.seconds, ...after.trackSeconds]).toEqual([before.seconds, ...before.trackSeconds]);
    const grown = (await stat(at('marked.mp4'))).size - (await stat(at('clip.mp4'))).size;
    expect(grown).toBeLessThan(1_000);
  });

  it('is there already: the file is left alone', async () => {
    const answer = await media.markVideo({ path: at('marked.mp4'), outputPath: at('twice.mp4') });
    expect(answer).toEqual({ ok: true, value: { path: at('marked.mp4') } });
    expect(existsSync(at('twice.mp4'))).toBe(false);
  });

  it('outlives being made smaller', async () => {
    const maxBytes = Math.floor((await stat(at('marked.mp4'))).size * 0.8);
    const answer = await media.shrinkVideo({ path: at('marked.mp4'), outputPath: at('small.mp4'), maxBytes });
    expect(answer).toMatchObject({ ok: true });
    expect(await text(at('small.mp4'))).toContain('AI-generated');
  });

  it('is not written into what is no video', async () => {
    await writeFile(at('page.mp4'), '<html>Bad gateway</html>');
    const answer = await media.markVideo({ path: at('page.mp4'), outputPath: at('never.mp4') });
    expect(answer).toEqual({ ok: false, problem: { code: 'not-a-video' } });
    expect(existsSync(at('never.mp4'))).toBe(false);
  });
});

describe('a video', () => {
  it('is probed', async () => {
    const { size } = await stat(at('clip.mp4'));
    expect(await media.probeVideo({ path: at('clip.mp4') })).toEqual({
      ok: true,
      value: { seconds: 3, width: 320, height: 320, fps: 25, videoCodec: 'h264', audioCodec: 'aac', bytes: size },
    });
  });

  it('may be without sound', async () => {
    await writeVideo(at('mute.mp4'), { seconds: 0.4, width: 64, height: 64, silent: true });
    expect(await media.probeVideo({ path: at('mute.mp4') })).toMatchObject({
      ok: true,
      value: { audioCodec: undefined, seconds: 0.4 },
    });
  });

  it('is none when it is empty, a text, or sound alone', async () => {
    await writeFile(at('empty.mp4'), '');
    await writeFile(at('text.mp4'), '<html>Bad gateway</html>');
    await writeCoded(at('sound.mp4'), 'mp4', speechLike(1, 48_000));
    expect(await media.probeVideo({ path: at('empty.mp4') })).toEqual({
      ok: false,
      problem: { code: 'file-empty', subject: 'video' },
    });
    expect(await media.probeVideo({ path: at('text.mp4') })).toEqual({ ok: false, problem: { code: 'not-a-video' } });
    expect(await media.probeVideo({ path: at('sound.mp4') })).toEqual({
      ok: false,
      problem: { code: 'not-a-video', found: 'video/mp4' },
    });
  });

  it('is broken when no picture can be decoded', async () => {
    const file = await readFile(at('clip.mp4'));
    await writeFile(at('cut.mp4'), file.subarray(0, 1_000));
    expect(await media.probeVideo({ path: at('cut.mp4') })).toEqual({ ok: false, problem: { code: 'video-broken' } });
    const data = file.indexOf('mdat');
    await writeFile(at('hollow.mp4'), Buffer.concat([file.subarray(0, data + 4), Buffer.alloc(file.length - data - 4)]));
    expect(await media.probeVideo({ path: at('hollow.mp4') })).toEqual({ ok: false, problem: { code: 'video-broken' } });
  });

  it('is made to fit, in the same length and still with its sound', async () => {
    const { size } = await stat(at('clip.mp4'));
    const maxBytes = 120_000;
    expect(size).toBeGreaterThan(2 * maxBytes);
    const seen: number[] = [];
    const onProgress = (fraction: number) => seen.push(fraction);
    const result = await media.shrinkVideo({ path: at('clip.mp4'), outputPath: at('small.mp4'), maxBytes, onProgress });
    if (!result.ok) throw new Error(JSON.stringify(result.problem));
    expect(result.value).toEqual({ path: at('small.mp4'), bytes: (await stat(at('small.mp4'))).size });
    expect(result.value.bytes).toBeLessThanOrEqual(maxBytes);
    expect(result.value.bytes).toBeGreaterThan(maxBytes / 4);
    const probed = await media.probeVideo({ path: at('small.mp4') });
    expect(probed).toMatchObject({ ok: true, value: { fps: 25, videoCodec: 'h264', audioCodec: 'aac' } });
    expect(probed.ok && Math.abs(probed.value.seconds - 3)).toBeLessThanOrEqual(0.05);
    expect(seen.length).toBeGreaterThan(1);
  });

  it.each([9_000, 12_000, 20_000, 40_000])('of a moment never becomes larger than %i bytes', async maxBytes => {
    await writeVideo(at('moment.mp4'), { seconds: 0.3, width: 200, height: 200 });
    const result = await media.shrinkVideo({ path: at('moment.mp4'), outputPath: at('moment-small.mp4'), maxBytes });
    if (result.ok) expect((await stat(at('moment-small.mp4'))).size).toBeLessThanOrEqual(maxBytes);
    else expect(result.problem).toMatchObject({ code: 'video-wont-fit', maxBytes });
  });

  it('that fits already is left alone', async () => {
    const { size } = await stat(at('clip.mp4'));
    const result = await media.shrinkVideo({ path: at('clip.mp4'), outputPath: at('same.mp4'), maxBytes: size });
    expect(result).toEqual({ ok: true, value: { path: at('clip.mp4'), bytes: size } });
    expect(existsSync(at('same.mp4'))).toBe(false);
  });

  it('that can not fit at a quality worth watching is refused, without a file', async () => {
    const result = await media.shrinkVideo({ path: at('clip.mp4'), outputPath: at('tiny.mp4'), maxBytes: 15_000 });
    expect(result).toMatchObject({ ok: false, problem: { code: 'video-wont-fit', maxBytes: 15_000, seconds: 3 } });
    expect(existsSync(at('tiny.mp4'))).toBe(false);
  });
});

describe('the plan of a shrunken video', () => {
  const clip = { width: 512, height: 512, fps: 25, seconds: 60, hasSound: true };
  it('keeps the size while there is room, then halves it, then gives up', () => {
    expect(planShrink(clip, 10_000_000)).toMatchObject({ width: 512, height: 512, soundBitsPerSecond: 96_000 });
    expect(planShrink(clip, 1_000_000)).toMatchObject({ width: 256, height: 256 });
    expect(planShrink(clip, 500_000)).toBeUndefined();
    expect(planShrink(clip, 1_000)).toBeUndefined();
  });
  it('never plans more bits than fit', () => {
    for (let maxBytes = 700_000; maxBytes < 12_000_000; maxBytes += 250_000) {
      const plan = planShrink(clip, maxBytes);
      const bytes = plan === undefined ? 0 : ((plan.videoBitsPerSecond + plan.soundBitsPerSecond) * clip.seconds) / 8;
      expect(bytes).toBeLessThan(maxBytes * 0.93);
    }
  });
});
