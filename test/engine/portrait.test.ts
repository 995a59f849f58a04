import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPortraitEngine } from '../../src/engine/portrait.ts';
import { openInput } from '../../src/media/av/input.ts';
import { pictures } from '../../src/media/av/video.ts';
import { createMedia } from '../../src/media/media.ts';
import type { EngineJob } from '../../src/server/engines/engine.ts';
import { speechLike, wavOf, writeCoded, writeVideo } from '../support/make-media.ts';
import { readMp4 } from '../support/mp4-boxes.ts';

// Each render starts processes and loads models: about a second, much more beside other tests.
vi.setConfig({ testTimeout: 120_000 });

const engine = createPortraitEngine();
const weights = { poseWeight: 1.4, faceWeight: 1, lipWeight: 1.2, faceExpandRatio: 1.2 };
let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-engine-'));
  await sharp('sandbox/samples/portrait.jpg').resize(480, 480).png().toFile(at('portrait.png'));
  await writeFile(at('voice.wav'), wavOf(speechLike(1.5, 44_100), 44_100));
});
beforeEach(() => rm(at('out.mp4'), { force: true }));
afterAll(() => rm(folder, { recursive: true }));

const render = (more: Partial<EngineJob> = {}) =>
  engine.render({
    ...{ portraitPath: at('portrait.png'), voicePath: at('voice.wav'), outputPath: at('out.mp4'), weights },
    ...{ signal: new AbortController().signal, onProgress: () => {}, ...more },
  });

/** The first pictures of a video, as I420. */
async function framesOf(path: string, maxCount: number): Promise<Uint8Array[]> {
  const input = await openInput(path, 'mov');
  if (input?.video === undefined) throw new Error('no video');
  const all: Uint8Array[] = [];
  for await (const picture of pictures(input, input.video, { width: 512, height: 512, fps: 25, maxCount }))
    all.push(picture.slice());
  await input.close();
  return all;
}

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

  it.each([0.3, 1.02, 1.999])('makes a video as long as a voice of %d s, within one picture', async seconds => {
    await writeFile(at('timed.wav'), wavOf(speechLike(seconds, 44_100), 44_100));
    expect(await render({ voicePath: at('timed.wav') })).toEqual({ ok: true });
    const made = readMp4(await readFile(at('out.mp4')));
    expect(made.seconds).toBeGreaterThanOrEqual(seconds - 0.001);
    expect(made.seconds).toBeLessThan(seconds + 0.04);
    expect(made.trackSeconds[0]).toBeCloseTo(Math.ceil(seconds * 25) / 25, 5);
  });

  it('keeps the colours of the portrait', async () => {
    await render();
    const [first] = await framesOf(at('out.mp4'), 1);
    const wanted = await sharp(at('portrait.png')).resize(512, 512).removeAlpha().raw().toBuffer();
    // A place of the backdrop that nothing moves.
    const [x, y] = [40, 60];
    const [red, green, blue] = wanted.subarray((y * 512 + x) * 3, (y * 512 + x) * 3 + 3);
    const luma = 16 + 0.182586 * (red ?? 0) + 0.614231 * (green ?? 0) + 0.062007 * (blue ?? 0);
    const chroma = 128 - 0.100644 * (red ?? 0) - 0.338572 * (green ?? 0) + 0.439216 * (blue ?? 0);
    expect(Math.abs((first?.[y * 512 + x] ?? 0) - luma)).toBeLessThan(5);
    expect(Math.abs((first?.[512 * 512 + (y / 2) * 256 + x / 2] ?? 0) - chroma)).toBeLessThan(4);
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

  it('stands still when all weights are 0 or no numbers', async () => {
    for (const none of [0, Number.NaN]) {
      const still = { poseWeight: none, faceWeight: none, lipWeight: none, faceExpandRatio: none };
      expect(await render({ weights: still })).toEqual({ ok: true });
      const [first, ...others] = await framesOf(at('out.mp4'), 50);
      // Not one pixel of the painted pictures differs; what the encoder makes of equal pictures differs by a breath.
      const worst = others.map(other =>
        other.reduce((most, value, index) => Math.max(most, Math.abs(value - (first?.[index] ?? 0))), 0),
      );
      expect(Math.max(...worst)).toBeLessThan(12);
    }
  });

  it('moves the mouth with the voice', async () => {
    await render();
    const all = await framesOf(at('out.mp4'), 50);
    const changes = all
      .slice(1)
      .map((frame, index) => frame.reduce((sum, value, at) => sum + Math.abs(value - (all[index]?.[at] ?? 0)), 0));
    expect(changes.filter(change => change > 100_000).length).toBeGreaterThan(10);
  });

  it('sets a portrait upright that lies on its side', async () => {
    await sharp(at('portrait.png')).rotate(90).png().toFile(at('lying.png'));
    expect(await render({ portraitPath: at('lying.png') })).toEqual({ ok: true });
    const [turned] = await framesOf(at('out.mp4'), 1);
    await render();
    const [upright] = await framesOf(at('out.mp4'), 1);
    const difference =
      upright?.slice(0, 512 * 512).reduce((sum, value, index) => sum + Math.abs(value - (turned?.[index] ?? 0)), 0) ?? 0;
    expect(difference / 512 / 512).toBeLessThan(2);
  });

  it('refuses pictures without a face, with several, damaged ones and bombs, each in clear words', async () => {
    const detailOf = async (name: string) => {
      const result = await render({ portraitPath: at(name) });
      return result.ok ? 'rendered' : result.detail;
    };
    const face = await sharp(at('portrait.png')).resize(300, 300).png().toBuffer();
    const plain = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#b45a3c' } });
    await plain(700, 500).png().toFile(at('plain.png'));
    await plain(1, 1).png().toFile(at('dot.png'));
    // A whole picture whose header claims 20,000 × 20,000: the chunk after the 8 bytes of signature, and its checksum.
    const bomb = await plain(8, 8).png().toBuffer();
    bomb.writeUInt32BE(20_000, 16);
    bomb.writeUInt32BE(20_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    await writeFile(at('bomb.png'), bomb);
    await plain(600, 300)
      .composite([
        { input: face, left: 0, top: 0 },
        { input: face, left: 300, top: 0 },
      ])
      .png()
      .toFile(at('two.png'));
    const whole = await readFile(at('portrait.png'));
    await writeFile(at('cut.png'), whole.subarray(0, whole.length / 2));
    expect(await detailOf('plain.png')).toMatch(/^cannot do a non-empty take from an empty axes/);
    expect(await detailOf('dot.png')).toMatch(/^cannot do a non-empty take from an empty axes/);
    expect(await detailOf('two.png')).toMatch(/^There are 2 faces/);
    expect(await detailOf('cut.png')).toBe('Read source image failed! The file is damaged.');
    expect(await detailOf('bomb.png')).toBe('Read source image failed! It has too many pixels.');
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
