/** The portrait engine's work, run in a child process: one picture and one voice to one mp4. */
import { z } from 'zod';
import { decodeSound } from '../media/av/audio.ts';
import { openInput } from '../media/av/input.ts';
import { imageFacts, squarePicture } from '../media/image.ts';
import type { Task } from '../media/isolate.ts';
import { portraitTypes, sniff, voiceContainers } from '../media/sniff.ts';
import { rgbaToI420 } from './colour.ts';
import { createEncoder } from './encode.ts';

export const renderInput = z.object({
  portraitPath: z.string(),
  voicePath: z.string(),
  outputPath: z.string(),
  maxSeconds: z.number(),
  maxPixels: z.number(),
});

const side = 512;
const fps = 25;
const sampleRate = 44_100;
const notice = 'AI-generated';

type Failure = { ok: false; detail: string };

async function readPortrait(path: string, maxPixels: number): Promise<{ ok: true; i420: Uint8Array } | Failure> {
  const type = await sniff(path);
  const facts = type === undefined || !portraitTypes.has(type) ? undefined : await imageFacts(path);
  if (facts === undefined)
    return { ok: false, detail: 'Read source image failed! It is no JPEG, PNG, WebP, AVIF or GIF picture.' };
  if (facts.width * facts.height > maxPixels) return { ok: false, detail: 'Read source image failed! It has too many pixels.' };
  const rgba = await squarePicture(path, facts, maxPixels)
    .resize(side, side, { kernel: 'lanczos3' })
    .ensureAlpha()
    .raw()
    .toBuffer()
    .catch(() => undefined);
  if (rgba === undefined) return { ok: false, detail: 'Read source image failed! The file is damaged.' };
  return { ok: true, i420: rgbaToI420(rgba, side, side) };
}

async function readVoice(path: string, maxSeconds: number): Promise<{ ok: true; samples: Float32Array } | Failure> {
  const container = voiceContainers.get((await sniff(path)) ?? '');
  const input = container === undefined ? undefined : await openInput(path, container);
  if (input === undefined) return { ok: false, detail: 'Resample audio failed! It is no audio file that can be read.' };
  const result = await decodeSound(input, { sampleRate, maxSeconds });
  await input.close();
  if (!result.ok && result.problem === 'none')
    return { ok: false, detail: 'Resample audio failed! The file has no sound track.' };
  if (!result.ok) return { ok: false, detail: 'Resample audio failed! The file is damaged.' };
  if (result.sound.cut) return { ok: false, detail: `The driving audio is longer than ${maxSeconds} seconds.` };
  return { ok: true, samples: result.sound.samples };
}

export const run: Task = async (order, { progress }) => {
  const { portraitPath, voicePath, outputPath, maxSeconds, maxPixels } = renderInput.parse(order);
  const portrait = await readPortrait(portraitPath, maxPixels);
  if (!portrait.ok) return portrait;
  const voice = await readVoice(voicePath, maxSeconds);
  if (!voice.ok) return voice;
  // Up, so the last of the voice has a picture; longer than the voice by less than one frame.
  const frames = Math.ceil((voice.samples.length * fps) / sampleRate);
  const encoder = await createEncoder({
    path: outputPath,
    width: side,
    height: side,
    fps,
    sound: { samples: voice.samples, sampleRate },
    rate: { crf: 18 },
    title: notice,
    comment: notice,
  });
  for (let frame = 0; frame < frames; frame += 1) {
    await encoder.write({ format: 'i420', data: portrait.i420 });
    if (frame % fps === 0) progress(frame / frames);
  }
  await encoder.finish();
  progress(1);
  return { ok: true };
};
