/** One picture and one voice to one mp4. Only for child processes: importing this loads native code. */
import { decodeSound } from '../media/av/audio.ts';
import { openInput } from '../media/av/input.ts';
import { sniff, voiceContainers } from '../media/sniff.ts';
import type { Curves } from './curves.ts';
import { createEncoder } from './encode.ts';
import type { FaceFinder } from './face/find.ts';
import { startPool } from './frames/pool.ts';
import { readScene } from './portrait-scene.ts';
import type { RenderInput } from './portrait-task.ts';
import { videoSide } from './rig/texture.ts';
import { voiceCurves } from './voice/voice.ts';

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

export async function renderPortrait(
  { portraitPath, voicePath, outputPath, maxSeconds, maxPixels, weights }: RenderInput,
  finder: FaceFinder,
  progress: (fraction: number) => void,
): Promise<{ ok: true } | Failure> {
  // All that takes time to start does so beside one another.
  const pool = startPool();
  const findOnce: FaceFinder['find'] = async picture => {
    const result = await finder.find(picture);
    void finder.close(); // its models take much memory
    return result;
  };
  try {
    const reading = readScene(portraitPath, maxPixels, findOnce);
    reading.catch(() => {}); // what is thrown counts below, where it is waited for
    const voice = await readVoice(voicePath, maxSeconds);
    if (!voice.ok) return voice;
    const portrait = await reading;
    if (!portrait.ok) return portrait;
    const { samples, curves } = voice;
    const frames = pool.frames({ ...portrait.scene, weights }, curves);
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
    for await (const data of frames) {
      await encoder.write({ format: 'i420', data });
      written += 1;
      if (written % 5 === 0) progress(written / curves.frames);
    }
    await encoder.finish();
    progress(1);
    return { ok: true };
  } finally {
    await pool.close();
  }
}
