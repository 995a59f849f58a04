/** Looks at a finished video, run in a child process: how its mouth goes with the voice, a poster, a contact sheet. */
import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { z } from 'zod';
import { decodeSound } from '../../media/av/audio.ts';
import { openInput } from '../../media/av/input.ts';
import type { Task } from '../../media/isolate.ts';
import { sniff, voiceContainers } from '../../media/sniff.ts';
import { createFaceModel } from '../face/human.ts';
import type { Rgb } from '../face/landmarks.ts';
import { faceHeight } from './face-measures.ts';
import { judgedFps, openFrames } from './frames.ts';
import { posterFrame } from './poster.ts';
import { type Cut, drawSheet, mouthFrames, wholeFrames } from './sheet.ts';
import { energyDb, syncOf } from './sync.ts';
import { type Watched, watch } from './watch.ts';

export const judgeInput = z.object({
  videoPath: z.string(),
  voicePath: z.string(),
  /** Faces are looked for in each `every`-th frame. */
  every: z.number().int().min(1),
  maxSeconds: z.number(),
  posterPath: z.string().nullable(),
  sheetPath: z.string().nullable(),
});
type JudgeInput = z.infer<typeof judgeInput>;

const sampleRate = 16_000;
const failed = (detail: string) => ({ ok: false, detail });

async function readVoice(path: string, maxSeconds: number): Promise<Float32Array | undefined> {
  const container = voiceContainers.get((await sniff(path)) ?? '');
  const input = container === undefined ? undefined : await openInput(path, container);
  if (input === undefined) return undefined;
  const result = await decodeSound(input, { sampleRate, maxSeconds });
  await input.close();
  return result.ok ? result.sound.samples : undefined;
}

/** Around the mouth of the first face, wide enough for the head's motion. */
function mouthCutOf(mesh: Float32Array, width: number, height: number): Cut {
  const side = faceHeight(mesh);
  const middle = (axis: 0 | 1) => ((mesh[61 * 3 + axis] ?? 0) + (mesh[291 * 3 + axis] ?? 0)) / 2;
  const cut = { width: Math.round(Math.min(width, side * 0.72)), height: Math.round(Math.min(height, side * 0.45)) };
  const within = (value: number, most: number) => Math.round(Math.min(most, Math.max(0, value)));
  return {
    ...cut,
    left: within(middle(0) - cut.width / 2, width - cut.width),
    top: within(middle(1) - cut.height * 0.42, height - cut.height),
  };
}

/** Goes through the video once more for the frames that are shown. */
async function pick(input: JudgeInput, wanted: readonly number[]): Promise<Map<number, Rgb>> {
  const video = await openFrames(input.videoPath, input.maxSeconds);
  const picked = new Map<number, Rgb>();
  if (video === undefined) return picked;
  const last = Math.max(...wanted);
  for await (const { frame, picture } of video.frames(1)) {
    if (wanted.includes(frame)) picked.set(frame, picture);
    if (frame >= last) break;
  }
  await video.close();
  return picked;
}

async function show(input: JudgeInput, watched: Watched, energy: Float32Array): Promise<void> {
  const { frames, seen, mesh } = watched;
  const poster = posterFrame(seen, frames);
  const [wholes, mouths] = [wholeFrames(frames), mesh === undefined ? [] : mouthFrames(seen, frames)];
  const picked = await pick(input, input.sheetPath === null ? [poster] : [poster, ...wholes, ...mouths]);
  const shown = (list: readonly number[]) =>
    list.flatMap(frame => {
      const picture = picked.get(frame);
      return picture === undefined ? [] : [{ frame, picture }];
    });
  const [best] = shown([poster]);
  if (input.posterPath !== null && best !== undefined) {
    const { data, width, height } = best.picture;
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(input.posterPath);
  }
  if (input.sheetPath === null || best === undefined) return;
  const { width, height } = best.picture;
  const content = { frames, seen, energy, sync: syncOf(seen, energy), wholes: shown(wholes), mouths: shown(mouths) };
  const mouthCut = mesh === undefined ? undefined : mouthCutOf(mesh, width, height);
  await writeFile(input.sheetPath, await drawSheet({ ...content, mouthCut }));
}

export const run: Task = async (order, { progress }) => {
  const input = judgeInput.parse(order);
  const voice = await readVoice(input.voicePath, input.maxSeconds);
  if (voice === undefined) return failed('The voice cannot be read.');
  const video = await openFrames(input.videoPath, input.maxSeconds);
  if (video === undefined) return failed('The video cannot be read.');
  const watched = await watch(video, await createFaceModel(), input.every);
  await video.close();
  if (watched.frames === 0) return failed('The video has no pictures.');
  progress(0.8);
  const energy = energyDb(voice, sampleRate, watched.frames, judgedFps);
  if (input.posterPath !== null || input.sheetPath !== null) await show(input, watched, energy);
  const { seen, missed, frames } = watched;
  return { ok: true, judgement: { frames, missed, sync: syncOf(seen, energy), seen } };
};
