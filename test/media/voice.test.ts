import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureLoudness, peakLimit, targetDbfs } from '../../src/media/loudness.ts';
import { createMedia } from '../../src/media/media.ts';
import { codings, speechLike, wavOf, writeCoded, writeVideo } from '../support/make-media.ts';

const media = createMedia();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-voice-'));
});
afterAll(() => rm(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
async function put(name: string, content: Buffer | string): Promise<string> {
  await writeFile(at(name), content);
  return at(name);
}
const prepare = (path: string, maxSeconds = 10) => media.prepareVoice({ path, outputPath: at('out.wav'), maxSeconds });

/** The samples of a WAV file as this project writes it. */
async function samplesOf(path: string): Promise<Float32Array> {
  const file = await readFile(path);
  return Float32Array.from({ length: (file.length - 44) / 2 }, (_, index) => file.readInt16LE(44 + index * 2) / 32_767);
}

describe('a voice that is fine', () => {
  it.each(Object.keys(codings) as (keyof typeof codings)[])('is made an even mono WAV from %s', async name => {
    const { sampleRate } = codings[name];
    const path = at(`voice.${name}`);
    await writeCoded(path, name, speechLike(1.5, sampleRate, 0.05));
    const result = await prepare(path);
    if (!result.ok) throw new Error(JSON.stringify(result.problem));
    expect(result.value).toMatchObject({ path: at('out.wav'), contentType: 'audio/wav', extension: 'wav', changed: true });
    expect(Math.abs(result.value.seconds - 1.5)).toBeLessThan(0.06);
    const file = await readFile(at('out.wav'));
    expect([file.readUInt16LE(22), file.readUInt32LE(24), file.readUInt16LE(34)]).toEqual([1, 44_100, 16]);
    const samples = await samplesOf(at('out.wav'));
    expect(samples.length / 44_100).toBe(result.value.seconds);
    const { dbfs = 0, peak } = measureLoudness(samples, 44_100);
    expect(Math.abs(dbfs - targetDbfs)).toBeLessThan(1);
    expect(peak).toBeLessThanOrEqual(peakLimit + 0.0001);
  });

  it.each([
    [1, 16_000],
    [2, 44_100],
    [2, 48_000],
    [6, 48_000],
  ])('is taken from a WAV of %i channels at %i Hz, exact to the sample', async (channels, rate) => {
    const path = await put('in.wav', wavOf(speechLike(1, rate, 0.05), rate, { channels }));
    expect(await prepare(path)).toMatchObject({ ok: true, value: { changed: true, seconds: 1 } });
  });

  it('needs no second change: what was prepared is passed on as it is', async () => {
    const path = await put('quiet.wav', wavOf(speechLike(2, 44_100, 0.02), 44_100));
    expect(await prepare(path)).toMatchObject({ ok: true, value: { changed: true } });
    const again = await media.prepareVoice({ path: at('out.wav'), outputPath: at('again.wav') });
    expect(again).toMatchObject({ ok: true, value: { changed: false, path: at('out.wav'), seconds: 2 } });
    expect(existsSync(at('again.wav'))).toBe(false);
  });

  it('is brought down when it is far too loud, without clipping', async () => {
    const path = await put('loud.wav', wavOf(speechLike(1, 44_100, 3), 44_100));
    expect(await prepare(path)).toMatchObject({ ok: true, value: { changed: true } });
    const { dbfs = 0, peak } = measureLoudness(await samplesOf(at('out.wav')), 44_100);
    expect(Math.abs(dbfs - targetDbfs)).toBeLessThan(1);
    expect(peak).toBeLessThanOrEqual(peakLimit + 0.0001);
  });

  it('is known by its content, not by its name', async () => {
    await writeCoded(at('photo.jpg'), 'mp3', speechLike(1, 44_100));
    expect(await prepare(at('photo.jpg'))).toMatchObject({ ok: true });
  });

  it('may be the sound of a video', async () => {
    await writeVideo(at('clip.mp4'), { seconds: 1, width: 64, height: 64 });
    expect(await prepare(at('clip.mp4'))).toMatchObject({ ok: true, value: { seconds: 1 } });
  });

  it('gives the same bytes twice', async () => {
    const path = await put('same.wav', wavOf(speechLike(1, 48_000, 0.1), 48_000, { channels: 2 }));
    const [first, second] = [await prepare(path), await prepare(path)];
    expect(first).toEqual(second);
    expect(first).toMatchObject({ value: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  });

  it('that is cut off is taken as far as it goes', async () => {
    const whole = wavOf(speechLike(2, 44_100, 0.1), 44_100);
    expect(await prepare(await put('cut.wav', whole.subarray(0, 44 + 88_200)))).toMatchObject({
      ok: true,
      value: { seconds: 1 },
    });
    await writeCoded(at('cut.mp3'), 'mp3', speechLike(2, 44_100));
    await put('cut.mp3', (await readFile(at('cut.mp3'))).subarray(0, 12_000));
    expect(await prepare(at('cut.mp3'))).toMatchObject({ ok: true });
  });
});

describe('a voice that is refused', () => {
  const problemOf = async (path: string, maxSeconds?: number) => {
    await rm(at('out.wav'), { force: true });
    const result = await prepare(path, maxSeconds);
    expect(existsSync(at('out.wav'))).toBe(false);
    return result.ok ? undefined : result.problem;
  };

  it('is empty', async () => {
    expect(await problemOf(await put('empty.wav', ''))).toEqual({ code: 'file-empty', subject: 'voice' });
  });

  it('is too large', async () => {
    const small = createMedia({ limits: { voiceMaxBytes: 1000 } });
    const path = await put('large.wav', wavOf(speechLike(1, 44_100), 44_100));
    const result = await small.prepareVoice({ path, outputPath: at('out.wav') });
    expect(result).toEqual({ ok: false, problem: { code: 'file-too-large', subject: 'voice', bytes: 88_244, maxBytes: 1000 } });
  });

  it('is a text, or a picture named like a sound', async () => {
    expect(await problemOf(await put('text.mp3', 'just words, no sound'))).toEqual({ code: 'not-audio' });
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    expect(await problemOf(await put('picture.mp3', png))).toEqual({ code: 'not-audio', found: 'image/png' });
  });

  it('has no sound track', async () => {
    await writeVideo(at('mute.mp4'), { seconds: 0.4, width: 64, height: 64, silent: true });
    expect(await problemOf(at('mute.mp4'))).toEqual({ code: 'no-sound', found: 'video/mp4' });
  });

  it.each(['m4a', 'ogg', 'webm', 'flac'] as const)('is a %s of which only the first bytes came', async name => {
    await writeCoded(at(`stump.${name}`), name, speechLike(1, codings[name].sampleRate));
    await put(`stump.${name}`, (await readFile(at(`stump.${name}`))).subarray(0, 200));
    expect(await problemOf(at(`stump.${name}`))).toEqual({ code: 'audio-broken' });
  });

  it('is damaged all through', async () => {
    await writeCoded(at('damaged.mp3'), 'mp3', speechLike(1, 44_100));
    const file = await readFile(at('damaged.mp3'));
    for (let index = 1000; index < file.length; index += 1) file[index] = (index * 7919) & 0x7f;
    expect(await problemOf(await put('damaged.mp3', file))).toEqual({ code: 'audio-broken' });
  });

  it.each([1, 3_000])('states the absurd sample rate of %i Hz', async rate => {
    const file = wavOf(speechLike(1, 44_100), 44_100);
    file.writeUInt32LE(rate, 24);
    expect(await problemOf(await put('rate.wav', file))).toEqual({ code: 'audio-broken' });
  });

  it('is too short', async () => {
    const path = await put('short.wav', wavOf(speechLike(0.2, 44_100), 44_100));
    expect(await problemOf(path)).toEqual({ code: 'voice-too-short', seconds: 0.2, minSeconds: 0.3 });
  });

  it('is too long, and says how long', async () => {
    const path = await put('long.wav', wavOf(speechLike(5, 44_100), 44_100));
    expect(await problemOf(path, 2)).toEqual({ code: 'voice-too-long', seconds: 5, maxSeconds: 2 });
  });

  it('is too long although its header says otherwise', async () => {
    await writeCoded(at('long.flac'), 'flac', speechLike(5, 44_100));
    const file = await readFile(at('long.flac'));
    file.writeUInt32BE(44_100, 22); // the low 32 bits of STREAMINFO's count of samples: one second
    expect(await problemOf(await put('long.flac', file), 2)).toMatchObject({ code: 'voice-too-long' });
  });

  it('is silent', async () => {
    expect(await problemOf(await put('silent.wav', wavOf(new Float32Array(44_100), 44_100)))).toEqual({
      code: 'voice-silent',
      seconds: 1,
    });
    const hum = await put('hum.wav', wavOf(speechLike(1, 44_100, 0.0005), 44_100));
    expect(await problemOf(hum)).toMatchObject({ code: 'voice-silent' });
  });

  it('but not one with a duration that is stated too long', async () => {
    await writeCoded(at('claims.flac'), 'flac', speechLike(1, 44_100));
    const file = await readFile(at('claims.flac'));
    file.writeUInt32BE(44_100 * 9_000, 22);
    expect(await prepare(await put('claims.flac', file))).toMatchObject({ ok: true, value: { seconds: 1 } });
  });

  it('costs no more time and memory than its first seconds, however long it is', async () => {
    const dataBytes = 1 << 30; // three hours, which the disk holds as a hole
    const path = await put('hours.wav', wavOf(new Float32Array(0), 44_100, { statedBytes: dataBytes }));
    await truncate(path, 44 + dataBytes);
    const lenient = createMedia({ limits: { voiceMaxBytes: 2 * dataBytes }, memoryBytes: 400e6 });
    const result = await lenient.prepareVoice({ path, outputPath: at('out.wav'), maxSeconds: 2 });
    expect(result).toMatchObject({ ok: false, problem: { code: 'voice-too-long', maxSeconds: 2 } });
  });
});
