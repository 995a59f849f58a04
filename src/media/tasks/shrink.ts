/** Encodes a video again so that it fits into so many bytes; runs in a child process. */
import { createEncoder } from '../../engine/encode.ts';
import { decodeSound } from '../av/audio.ts';
import { type MediaInput, openInput } from '../av/input.ts';
import { pictures, type VideoFacts, videoFacts, wholeFps } from '../av/video.ts';
import type { Task } from '../isolate.ts';
import { planShrink, type ShrinkPlan } from '../shrink-plan.ts';
import { sniff, videoContainers } from '../sniff.ts';
import { type ShrinkOutput, shrinkInput } from './orders.ts';

const sampleRate = 44_100;
/** Bounds the memory for the sound, which is held whole: 15 minutes are 160 MB. */
const maxSeconds = 15 * 60;
/** A bit rate is a wish: where the result is too large all the same, it is made again with less. */
const attempts = [1, 0.85, 0.7];

type Opened = { input: MediaInput; video: NonNullable<MediaInput['video']>; facts: VideoFacts };

async function open(path: string): Promise<Opened | undefined> {
  const container = videoContainers.get((await sniff(path)) ?? '');
  const input = container === undefined ? undefined : await openInput(path, container);
  if (input === undefined) return undefined;
  const facts = input.video === undefined ? undefined : videoFacts(input, input.video);
  if (input.video !== undefined && facts !== undefined) return { input, video: input.video, facts };
  await input.close();
  return undefined;
}

async function readSound(path: string): Promise<Float32Array | undefined> {
  const opened = await open(path);
  if (opened === undefined) return undefined;
  const result = await decodeSound(opened.input, { sampleRate, maxSeconds });
  await opened.input.close();
  return result.ok ? result.sound.samples : undefined;
}

/** One pass over the video; answers the size of the result, undefined when there was no picture in it. */
async function encodeOnce(
  path: string,
  outputPath: string,
  plan: ShrinkPlan,
  samples: Float32Array | undefined,
  onPicture: () => void,
) {
  const opened = await open(path);
  if (opened === undefined) return undefined;
  const { input, video, facts } = opened;
  const { width, height } = plan;
  const fps = wholeFps(facts.fps);
  const encoder = await createEncoder({
    ...{ path: outputPath, width, height, fps },
    sound: samples === undefined ? undefined : { samples, sampleRate },
    rate: { bitsPerSecond: plan.videoBitsPerSecond },
    soundBitsPerSecond: plan.soundBitsPerSecond,
    ...(input.context.metadata?.get('title') && { title: 'AI-generated', comment: 'AI-generated' }),
  });
  const maxCount = Math.ceil(Math.min(facts.seconds, maxSeconds) * fps) + 1;
  for await (const data of pictures(input, video, { width, height, fps, maxCount })) {
    await encoder.write({ format: 'i420', data });
    onPicture();
  }
  await input.close();
  const { bytes, frames } = await encoder.finish();
  return frames === 0 ? undefined : bytes;
}

export const run: Task = async (order, { progress }): Promise<ShrinkOutput> => {
  const { path, outputPath, bytes, maxBytes } = shrinkInput.parse(order);
  const opened = await open(path);
  if (opened === undefined) return { ok: false, problem: { code: 'video-broken' } };
  const { facts } = opened;
  await opened.input.close();
  const wontFit: ShrinkOutput = { ok: false, problem: { code: 'video-wont-fit', bytes, maxBytes, seconds: facts.seconds } };
  if (facts.seconds > maxSeconds) return wontFit;
  const samples = await readSound(path);
  for (const share of attempts) {
    const plan = planShrink({ ...facts, fps: wholeFps(facts.fps), hasSound: samples !== undefined }, maxBytes * share);
    if (plan === undefined) return wontFit;
    let done = 0;
    const made = await encodeOnce(path, outputPath, plan, samples, () => {
      done += 1;
      if (done % 25 === 0) progress(Math.min(1, done / (facts.seconds * wholeFps(facts.fps))));
    });
    if (made === undefined) return { ok: false, problem: { code: 'video-broken' } };
    if (made <= maxBytes) return { ok: true, bytes: made };
  }
  return wontFit;
};
