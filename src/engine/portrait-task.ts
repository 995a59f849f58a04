/** The portrait engine's work, run in a child process: one picture and one voice to one mp4. */
import { z } from 'zod';
import { decodeSound } from '../media/av/audio.ts';
import { openInput } from '../media/av/input.ts';
import type { Task } from '../media/isolate.ts';
import { sniff, voiceContainers } from '../media/sniff.ts';
import type { Curves } from './curves.ts';
import { createEncoder } from './encode.ts';
import { paintedFrames } from './frames/pool.ts';
import { readScene } from './portrait-scene.ts';
import { videoSide } from './rig/texture.ts';
import { voiceCurves } from './voice/voice.ts';

/** JSON has no NaN: what is no number comes as null, and counts as 0. */
const weight = z
  .number()
  .nullable()
  .transform(value => value ?? 0);

export const renderInput = z.object({
  portraitPath: z.string(),
  voicePath: z.string(),
  outputPath: z.string(),
  maxSeconds: z.number(),
  maxPixels: z.number(),
  weights: z.object({ poseWeight: weight, faceWeight: weight, lipWeight: weight, faceExpandRatio: weight }),
});

const fps = 25;
const sampleRate = 44_100;
const notice = 'AI-generated';

type Failure = { ok: false; detail: string };

type Voice = { ok: true; samples: Float32Array; curves: Curves };

/** The voice and what it moves. */
async function readVoice(path: string, maxSeconds: number): Promise<Voice | Failure> {
  const container = voiceContainers.get((await sniff(path)) ?? '');
  const input = container === undefined ? undefined : await openInput(path, container);
  if (input === undefined) return { ok: false, detail: 'Resample audio failed! It is no audio file that can be read.' };
  const result = await decodeSound(input, { sampleRate, maxSeconds });
  await input.close();
  if (!result.ok && result.problem === 'none')
    return { ok: false, detail: 'Resample audio failed! The file has no sound track.' };
  if (!result.ok) return { ok: false, detail: 'Resample audio failed! The file is damaged.' };
  if (result.sound.cut) return { ok: false, detail: `The driving audio is longer than ${maxSeconds} seconds.` };
  const { samples } = result.sound;
  // Up, so the last of the voice has a picture; longer than the voice by less than one frame.
  const frames = Math.ceil((samples.length * fps) / sampleRate);
  return { ok: true, samples, curves: voiceCurves(samples, sampleRate, frames) };
}

export const run: Task = async (order, { progress }) => {
  const { portraitPath, voicePath, outputPath, maxSeconds, maxPixels, weights } = renderInput.parse(order);
  // Beside one another: the face is looked for in a thread of its own.
  const [portrait, voice] = await Promise.all([readScene(portraitPath, maxPixels), readVoice(voicePath, maxSeconds)]);
  if (!portrait.ok) return portrait;
  if (!voice.ok) return voice;
  const { samples, curves } = voice;
  const encoder = await createEncoder({
    path: outputPath,
    width: videoSide,
    height: videoSide,
    fps,
    sound: { samples, sampleRate },
    rate: { crf: 18 },
    title: notice,
    comment: notice,
  });
  let written = 0;
  for await (const data of paintedFrames({ ...portrait.scene, weights }, curves)) {
    await encoder.write({ format: 'i420', data });
    written += 1;
    if (written % 5 === 0) progress(written / curves.frames);
  }
  await encoder.finish();
  progress(1);
  return { ok: true };
};
