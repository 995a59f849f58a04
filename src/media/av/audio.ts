/** Decoding a file's sound to mono samples. Only for child processes, see input.ts. */
import {
  AV_CHANNEL_LAYOUT_5POINT1,
  AV_CHANNEL_LAYOUT_7POINT1,
  AV_CHANNEL_LAYOUT_MONO,
  AV_CHANNEL_LAYOUT_QUAD,
  AV_CHANNEL_LAYOUT_STEREO,
  AV_CHANNEL_LAYOUT_SURROUND,
  AV_SAMPLE_FMT_FLT,
  type AVSampleFormat,
} from 'node-av/constants';
import { type Frame, SoftwareResampleContext } from 'node-av/lib';
import { check, claimedSeconds, framesOf, type MediaInput } from './input.ts';

/**
 * Mono samples from -1 to 1. `claimedSeconds` is what the file says of itself. `cut`: there is more sound than was asked for.
 */
export type Sound = { samples: Float32Array; sampleRate: number; claimedSeconds: number | undefined; cut: boolean };

/** 'none': the file has no sound at all. 'broken': it can't be decoded, or more of it is damaged than a listener would miss. */
export type SoundResult = { ok: true; sound: Sound } | { ok: false; problem: 'none' | 'broken' };

/** A rate of one sample a second would make hours out of kilobytes once it is resampled. */
const minSampleRate = 4_000;
const maxSampleRate = 192_000;
/** More undecodable packets than this share, and the file counts as broken. */
const maxBrokenShare = 0.1;
const bytesPerSample = 4;

/** Files may leave their layout open, which the resampler doesn't take: then the count decides. */
const layouts = new Map([
  [1, AV_CHANNEL_LAYOUT_MONO],
  [2, AV_CHANNEL_LAYOUT_STEREO],
  [3, AV_CHANNEL_LAYOUT_SURROUND],
  [4, AV_CHANNEL_LAYOUT_QUAD],
  [6, AV_CHANNEL_LAYOUT_5POINT1],
  [8, AV_CHANNEL_LAYOUT_7POINT1],
]);

/** Converts frames to mono float at one rate; starts anew where the stream changes its form. */
function createResampler(sampleRate: number) {
  let context: SoftwareResampleContext | undefined;
  let form = '';

  function convert(planes: Buffer[] | null, count: number): Float32Array {
    if (context === undefined) return new Float32Array(0);
    const room = Math.max(1, context.getOutSamples(count));
    const out = Buffer.alloc(room * bytesPerSample);
    const made = check(context.convertSync([out], room, planes, count), 'resample');
    return new Float32Array(out.buffer, out.byteOffset, made).slice();
  }

  return {
    /** Undefined when the frame's form can't be taken. */
    take(frame: Frame): Float32Array[] | undefined {
      const layout = layouts.get(frame.channels);
      if (layout === undefined || frame.sampleRate < minSampleRate || frame.sampleRate > maxSampleRate) return undefined;
      const before: Float32Array[] = [];
      const newForm = `${frame.format}/${frame.sampleRate}/${frame.channels}`;
      if (newForm !== form) {
        before.push(convert(null, 0));
        context?.free();
        context = new SoftwareResampleContext();
        const format = frame.format as AVSampleFormat;
        check(
          context.allocSetOpts2(AV_CHANNEL_LAYOUT_MONO, AV_SAMPLE_FMT_FLT, sampleRate, layout, format, frame.sampleRate),
          'resampler',
        );
        check(context.init(), 'resampler');
        form = newForm;
      }
      return [...before, convert(frame.extendedData, frame.nbSamples)];
    },
    /** What the filter still holds. */
    rest: () => convert(null, 0),
    close: () => context?.free(),
  };
}

function joined(chunks: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** Decodes the sound up to `maxSeconds`, counted in samples, so neither a false duration nor a long file costs more than that. */
export async function decodeSound(input: MediaInput, options: { sampleRate: number; maxSeconds: number }): Promise<SoundResult> {
  const { sampleRate, maxSeconds } = options;
  if (input.audio === undefined) return { ok: false, problem: 'none' };
  const resampler = createResampler(sampleRate);
  const chunks: Float32Array[] = [];
  const maxSamples = Math.ceil(maxSeconds * sampleRate);
  let count = 0;
  try {
    for await (const frame of framesOf(input, input.audio)) {
      const made = resampler.take(frame);
      if (made === undefined) return { ok: false, problem: 'broken' };
      chunks.push(...made);
      count += made.reduce((sum, chunk) => sum + chunk.length, 0);
      if (count > maxSamples) break;
    }
    if (count <= maxSamples) chunks.push(resampler.rest());
  } finally {
    resampler.close();
  }
  const samples = joined(chunks);
  const { packets, broken } = input.tally;
  if (samples.length === 0 || broken > packets * maxBrokenShare) return { ok: false, problem: 'broken' };
  return { ok: true, sound: { samples, sampleRate, claimedSeconds: claimedSeconds(input), cut: samples.length > maxSamples } };
}
