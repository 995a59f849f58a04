import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startFaceFinder } from '../../src/engine/face/find.ts';
import { createPortraitEngine } from '../../src/engine/portrait.ts';
import { readScene } from '../../src/engine/portrait-scene.ts';
import { openInput } from '../../src/media/av/input.ts';
import { pictures } from '../../src/media/av/video.ts';
import { createMedia } from '../../src/media/media.ts';
import type { EngineJob } from '../../src/server/engines/engine.ts';
import { speechLike, wavOf, writeCoded, writeVideo } from '../support/make-media.ts';
import { readMp4 } from '../support/mp4-boxes.ts';

// Each render starts processes and loads models: about a second, much more beside other tests. So most tests look at one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const engine = createPortraitEngine();
const weights = { poseWeight: 1.4, faceWeight: 1, lipWeight: 1.2, faceExpandRatio: 1.2 };
const voiceSeconds = 1.02;
let folder: string;
const at = (name: string) => join(folder, name);

/** What the shared render made, and what it told meanwhile. */
let made: { file: Buffer; frames: Uint8Array[]; progress: number[] };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-engine-'));
  await sharp('sandbox/samples/portrait.jpg').resize(480, 480).png().toFile(at('portrait.png'));
  await writeFile(at('voice.wav'), wavOf(speechLike(voiceSeconds, 44_100), 44_100));
  const progress: number[] = [];
  expect(await render({ onProgress: fraction => progress.push(fraction) })).toEqual({ ok: true });
  made = { file: await readFile(at('out.mp4')), frames: await framesOf(at('out.mp4'), 50), progress };
  await rename(at('out.mp4'), at('made.mp4'));
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

/** A video is as long as its voice, and at most one picture longer. */
function expectLength(file: Buffer, seconds: number) {
  const video = readMp4(file);
  expect(video.seconds).toBeGreaterThanOrEqual(seconds - 0.001);
  expect(video.seconds).toBeLessThan(seconds + 0.04);
  expect(video.trackSeconds[0]).toBeCloseTo(Math.ceil(seconds * 25) / 25, 5);
}

describe('the portrait engine', () => {
  it('renders 512×512 H.264 with AAC at 25 pictures a second, the index first, marked as AI-generated', async () => {
    const probed = await createMedia().probeVideo({ path: at('made.mp4') });
    expect(probed).toMatchObject({
      ok: true,
      value: { width: 512, height: 512, fps: 25, videoCodec: 'h264', audioCodec: 'aac' },
    });
    const { order } = readMp4(made.file);
    expect(order.indexOf('moov')).toBeLessThan(order.indexOf('mdat'));
    expect(order.indexOf('moov')).toBeGreaterThan(0);
    expect(made.file.toString('latin1').match(/AI-generated/g)).toHaveLength(2);
  });

  it('writes H.264 High and the tags of BT.709 in limited range', () => {
    const settings = made.file.subarray(made.file.indexOf('avcC', 0, 'latin1') + 4);
    expect([settings[0], settings[1]]).toEqual([1, 100]);
    // Primaries, transfer, matrix, and the bit for full range.
    const colours = made.file.indexOf('colrnclx', 0, 'latin1') + 8;
    const tags = [0, 2, 4].map(offset => made.file.readUInt16BE(colours + offset));
    expect([...tags, (made.file[colours + 6] ?? 0) >> 7]).toEqual([1, 1, 1, 0]);
  });

  it('makes a video as long as the voice, within one picture', () => {
    expectLength(made.file, voiceSeconds);
    expect(made.frames).toHaveLength(Math.ceil(voiceSeconds * 25));
  });

  it('keeps the colours of the portrait', async () => {
    const [first] = made.frames;
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
    expect(made.file.equals(await readFile(at('out.mp4')))).toBe(true);
  });

  it('tells its progress, rising to 1', () => {
    expect(made.progress.length).toBeGreaterThan(2);
    expect(made.progress).toEqual([...made.progress].sort((a, b) => a - b));
    expect(made.progress.at(-1)).toBe(1);
  });

  it('moves the mouth with the voice', () => {
    const changes = made.frames
      .slice(1)
      .map((frame, index) => frame.reduce((sum, value, at) => sum + Math.abs(value - (made.frames[index]?.[at] ?? 0)), 0));
    expect(changes.filter(change => change > 100_000).length).toBeGreaterThan(8);
  });

  it('stands still when all weights are 0 or no numbers, as long as a voice shorter than its last picture', async () => {
    await writeFile(at('short.wav'), wavOf(speechLike(0.3, 44_100), 44_100));
    const still = { poseWeight: 0, faceWeight: Number.NaN, lipWeight: 0, faceExpandRatio: Number.NaN };
    expect(await render({ weights: still, voicePath: at('short.wav') })).toEqual({ ok: true });
    expectLength(await readFile(at('out.mp4')), 0.3);
    const [first, ...others] = await framesOf(at('out.mp4'), 50);
    // Not one pixel of the painted pictures differs; what the encoder makes of equal pictures differs by a breath.
    const worst = others.map(other =>
      other.reduce((most, value, index) => Math.max(most, Math.abs(value - (first?.[index] ?? 0))), 0),
    );
    expect(Math.max(...worst)).toBeLessThan(12);
  });

  it('sets a portrait upright that lies on its side, and takes coded voices too', async () => {
    await sharp(at('portrait.png')).rotate(90).png().toFile(at('lying.png'));
    await writeCoded(at('voice.mp3'), 'mp3', speechLike(0.4, 44_100));
    expect(await render({ portraitPath: at('lying.png'), voicePath: at('voice.mp3') })).toEqual({ ok: true });
    const [turned] = await framesOf(at('out.mp4'), 1);
    const [upright] = made.frames;
    const difference =
      upright?.slice(0, 512 * 512).reduce((sum, value, index) => sum + Math.abs(value - (turned?.[index] ?? 0)), 0) ?? 0;
    expect(difference / 512 / 512).toBeLessThan(2);
  });

  it('says what fails, and leaves no file', async () => {
    await writeFile(at('text.txt'), 'words');
    await writeVideo(at('mute.mp4'), { seconds: 0.4, width: 64, height: 64, silent: true });
    const job = { portraitPath: at('portrait.png'), voicePath: at('voice.wav'), outputPath: at('out.mp4'), weights };
    const detailOf = async (more: Partial<EngineJob>, by = engine) => {
      const result = await by.render({ ...job, signal: new AbortController().signal, onProgress: () => {}, ...more });
      expect(existsSync(at('out.mp4'))).toBe(false);
      return result.ok ? '' : result.detail;
    };
    expect(await detailOf({ portraitPath: at('text.txt') })).toMatch(/^Read source image failed! It is no/);
    expect(await detailOf({ voicePath: at('text.txt') })).toMatch(/^Resample audio failed! It is no audio/);
    expect(await detailOf({ voicePath: at('mute.mp4') })).toMatch(/^Resample audio failed! The file has no sound/);
    expect(await detailOf({}, createPortraitEngine({ wallClockMs: 50 }))).toMatch(/^Rendering failed! \(timeout/);
    const narrow = createPortraitEngine({ maxSeconds: 1 });
    expect(await detailOf({}, narrow)).toBe('The driving audio is longer than 1 seconds.');
  });

  it('refuses pictures without a face, with several, damaged ones and bombs, each in clear words', async () => {
    const finder = startFaceFinder();
    const detailOf = async (name: string) => {
      const result = await readScene(at(name), 50_000_000, finder.find);
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
    await finder.close();
  });

  it('rejects with the reason of an abort in the middle, and leaves no file', async () => {
    await writeFile(at('long.wav'), wavOf(speechLike(20, 16_000), 16_000));
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
