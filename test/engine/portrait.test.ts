import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPortraitEngine } from '../../src/engine/portrait.ts';
import { createMedia } from '../../src/media/media.ts';
import type { EngineJob } from '../../src/server/engines/engine.ts';
import { speechLike, wavOf, writeCoded, writeVideo } from '../support/make-media.ts';
import { readMp4 } from '../support/mp4-boxes.ts';

const engine = createPortraitEngine();
const weights = { poseWeight: 1.4, faceWeight: 1, lipWeight: 1.2, faceExpandRatio: 1.2 };
let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-engine-'));
  const ground = { r: 180, g: 90, b: 60 };
  await sharp({ create: { width: 700, height: 500, channels: 3, background: ground } })
    .png()
    .toFile(at('portrait.png'));
  await writeFile(at('voice.wav'), wavOf(speechLike(2.05, 44_100), 44_100));
});
beforeEach(() => rm(at('out.mp4'), { force: true }));
afterAll(() => rm(folder, { recursive: true }));

const render = (more: Partial<EngineJob> = {}) =>
  engine.render({
    ...{ portraitPath: at('portrait.png'), voicePath: at('voice.wav'), outputPath: at('out.mp4'), weights },
    ...{ signal: new AbortController().signal, onProgress: () => {}, ...more },
  });

describe('the portrait engine', () => {
  it('renders 512×512 H.264 with AAC at 25 pictures a second, the index first, marked as AI-generated', async () => {
    expect(await render()).toEqual({ ok: true });
    const probed = await createMedia().probeVideo({ path: at('out.mp4') });
    expect(probed).toMatchObject({
      ok: true,
      value: { width: 512, height: 512, fps: 25, videoCodec: 'h264', audioCodec: 'aac' },
    });
    const file = await readFile(at('out.mp4'));
    const { order } = readMp4(file);
    expect(order.indexOf('moov')).toBeLessThan(order.indexOf('mdat'));
    expect(order.indexOf('moov')).toBeGreaterThan(0);
    expect(file.toString('latin1').match(/AI-generated/g)).toHaveLength(2);
  });

  it.each([0.3, 1, 1.02, 2.05, 3.999])('makes a video as long as a voice of %d s, within one picture', async seconds => {
    await writeFile(at('timed.wav'), wavOf(speechLike(seconds, 44_100), 44_100));
    expect(await render({ voicePath: at('timed.wav') })).toEqual({ ok: true });
    const made = readMp4(await readFile(at('out.mp4')));
    expect(made.seconds).toBeGreaterThanOrEqual(seconds - 0.001);
    expect(made.seconds).toBeLessThan(seconds + 0.04);
    expect(made.trackSeconds[0]).toBeCloseTo(Math.ceil(seconds * 25) / 25, 5);
  });

  it('keeps the colours of the portrait', async () => {
    await render();
    const { pictures } = await import('../../src/media/av/video.ts');
    const { openInput } = await import('../../src/media/av/input.ts');
    const input = await openInput(at('out.mp4'), 'mov');
    if (input?.video === undefined) throw new Error('no video');
    const first = await pictures(input, input.video, { width: 512, height: 512, fps: 25, maxCount: 1 }).next();
    await input.close();
    const picture = first.value ?? new Uint8Array();
    const middle = 256 * 512 + 256;
    // BT.709, limited range, of 180 90 60.
    const wanted = [108, 106, 170];
    const seen = [picture[middle], picture[512 * 512 + middle / 4], picture[512 * 512 * 1.25 + middle / 4]];
    expect(
      seen.every((value, index) => Math.abs((value ?? 0) - (wanted[index] ?? 0)) <= 3),
      `${seen}`,
    ).toBe(true);
  });

  it('gives the same bytes for the same inputs', async () => {
    await render();
    const first = await readFile(at('out.mp4'));
    await render();
    expect(first.equals(await readFile(at('out.mp4')))).toBe(true);
  });

  it('tells its progress, rising to 1', async () => {
    const seen: number[] = [];
    await render({ onProgress: fraction => seen.push(fraction) });
    expect(seen.length).toBeGreaterThan(2);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
  });

  it('takes coded voices too', async () => {
    await writeCoded(at('voice.mp3'), 'mp3', speechLike(1, 44_100));
    expect(await render({ voicePath: at('voice.mp3') })).toEqual({ ok: true });
  });

  it('says what fails, and leaves no file', async () => {
    await writeFile(at('text.txt'), 'words');
    await writeVideo(at('mute.mp4'), { seconds: 0.4, width: 64, height: 64, silent: true });
    const detailOf = async (more: Partial<EngineJob>) => {
      const result = await render(more);
      expect(existsSync(at('out.mp4'))).toBe(false);
      return result.ok ? '' : result.detail;
    };
    expect(await detailOf({ portraitPath: at('text.txt') })).toMatch(/^Read source image failed! It is no/);
    expect(await detailOf({ voicePath: at('text.txt') })).toMatch(/^Resample audio failed! It is no audio/);
    expect(await detailOf({ voicePath: at('mute.mp4') })).toMatch(/^Resample audio failed! The file has no sound/);
    const [brief, narrow] = [createPortraitEngine({ wallClockMs: 50 }), createPortraitEngine({ maxSeconds: 1 })];
    const job = { portraitPath: at('portrait.png'), voicePath: at('voice.wav'), outputPath: at('out.mp4'), weights };
    const rest = { signal: new AbortController().signal, onProgress: () => {} };
    expect(await brief.render({ ...job, ...rest })).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^Rendering failed! \(timeout/),
    });
    expect(await narrow.render({ ...job, ...rest })).toEqual({
      ok: false,
      detail: 'The driving audio is longer than 1 seconds.',
    });
  });

  it('rejects with the reason of an abort in the middle, and leaves no file', async () => {
    await writeFile(at('long.wav'), wavOf(speechLike(60, 16_000), 16_000));
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const running = render({
      voicePath: at('long.wav'),
      signal: controller.signal,
      onProgress: fraction => {
        if (fraction > 0) controller.abort(reason);
      },
    });
    await expect(running).rejects.toBe(reason);
    expect(existsSync(at('out.mp4'))).toBe(false);
  });
});
