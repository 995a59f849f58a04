import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEncoder } from '../../../src/engine/encode.ts';
import { judgeVideo } from '../../../src/engine/judge/judge.ts';
import { wavOf } from '../../support/make-media.ts';

const side = 256;
const frames = 50;
/** Two syllables a second; the picture's "mouth" below follows them. */
const loudness = (seconds: number) => Math.max(0, Math.sin(2 * Math.PI * 2 * seconds));
const samples = Float32Array.from({ length: 32_000 }, (_, at) => 0.4 * loudness(at / 16_000) ** 2 * Math.sin(at / 7));
let folder: string;
const at = (name: string) => join(folder, name);

/** The bundled portrait; the lower half of the face drops by `open`, a dark mouth appears in between. */
async function portraits(): Promise<(open: number) => Promise<Uint8Array>> {
  const path = fileURLToPath(new URL('../../../sandbox/samples/portrait.jpg', import.meta.url));
  const image = await sharp(path).resize(side, side).removeAlpha().png().toBuffer();
  const lips = Math.round(side * 0.605);
  const mouth = Math.round(side * 0.17);
  return async open => {
    const drop = Math.round(open * 10);
    const jaw = await sharp(image)
      .extract({ left: 0, top: lips, width: side, height: side - lips - drop })
      .png()
      .toBuffer();
    const dark = `<svg width="${mouth}" height="${drop + 1}"><ellipse cx="${mouth / 2}" cy="${drop / 2}" rx="${mouth / 2}" ry="${drop / 2}" fill="#301010"/></svg>`;
    return sharp(image)
      .composite([
        { input: jaw, left: 0, top: lips + drop },
        { input: Buffer.from(dark), left: Math.round(side / 2 - mouth / 2), top: lips },
      ])
      .ensureAlpha()
      .raw()
      .toBuffer();
  };
}

async function writeVideo(path: string, picture: (frame: number) => Promise<Uint8Array>): Promise<void> {
  const encoder = await createEncoder({ path, width: side, height: side, fps: 25, sound: undefined, rate: { crf: 18 } });
  for (let frame = 0; frame < frames; frame += 1) await encoder.write({ format: 'rgba', data: await picture(frame) });
  await encoder.finish();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-judge-'));
  await writeFile(at('voice.wav'), wavOf(samples, 16_000));
  const portrait = await portraits();
  await writeVideo(at('speaking.mp4'), frame => portrait(loudness((frame + 0.5) / 25)));
  await writeVideo(at('empty.mp4'), async frame => new Uint8Array(side * side * 4).fill(60 + frame));
});
afterAll(() => rm(folder, { recursive: true }));

describe('looking at a finished video', { timeout: 60_000 }, () => {
  it('finds a mouth that goes with the voice, and draws a poster and a sheet', async () => {
    const paths = { posterPath: at('poster.png'), sheetPath: at('sheet.png') };
    const result = await judgeVideo({ videoPath: at('speaking.mp4'), voicePath: at('voice.wav'), every: 2, ...paths });
    expect(result).toMatchObject({ ok: true, judgement: { frames, missed: 0 } });
    if (!result.ok) return;
    expect(result.judgement.sync.correlation).toBeGreaterThan(0.6);
    expect(Math.abs(result.judgement.sync.lag)).toBeLessThanOrEqual(1);
    expect(await sharp(paths.posterPath).metadata()).toMatchObject({ format: 'png', width: side, height: side });
    const sheet = await sharp(paths.sheetPath).metadata();
    expect(sheet).toMatchObject({ format: 'png', width: 1_600 });
    expect(sheet.height).toBeGreaterThan(900);
  });

  it('says that there is no face, and draws a sheet all the same', async () => {
    const sheetPath = at('empty.png');
    const result = await judgeVideo({ videoPath: at('empty.mp4'), voicePath: at('voice.wav'), every: 5, sheetPath });
    expect(result).toMatchObject({ ok: true, judgement: { missed: 10, seen: [], sync: { correlation: 0, lag: 0 } } });
    expect(await sharp(sheetPath).metadata()).toMatchObject({ format: 'png', width: 1_600 });
  });

  it('says what cannot be read', async () => {
    await writeFile(at('broken.mp4'), 'no video');
    const broken = await judgeVideo({ videoPath: at('broken.mp4'), voicePath: at('voice.wav') });
    expect(broken).toEqual({ ok: false, detail: 'The video cannot be read.' });
    const mute = await judgeVideo({ videoPath: at('speaking.mp4'), voicePath: at('broken.mp4') });
    expect(mute).toEqual({ ok: false, detail: 'The voice cannot be read.' });
  });
});
