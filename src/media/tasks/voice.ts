/** Makes a voice of any accepted format a mono 16-bit WAV with even loudness; runs in a child process. */
import { readFile, writeFile } from 'node:fs/promises';
import type { z } from 'zod';
import { decodeSound, type SoundResult } from '../av/audio.ts';
import { openInput } from '../av/input.ts';
import type { Task } from '../isolate.ts';
import { isEven, levelled, measureLoudness } from '../loudness.ts';
import type { MediaProblem } from '../problem.ts';
import { sniff, voiceContainers } from '../sniff.ts';
import { encodeWav, plainWavRate } from '../wav.ts';
import { type VoiceOutput, voiceInput } from './orders.ts';

/** Every voice that has to be changed gets this rate: whole for the AAC of the videos, and more than speech needs. */
const sampleRate = 44_100;
/** Rates at which a finished WAV is passed on as it is. */
const acceptedRates = { min: 16_000, max: 48_000 };
/** Codecs pad: a clip of exactly the longest length must not fail by that. */
const toleranceSeconds = 0.1;

const refused = (problem: MediaProblem): VoiceOutput => ({ ok: false, problem });

async function decode(
  path: string,
  maxSeconds: number,
): Promise<SoundResult | { ok: false; problem: 'not-audio'; found?: string }> {
  const type = await sniff(path);
  const container = type === undefined ? undefined : voiceContainers.get(type);
  if (container === undefined) return { ok: false, problem: 'not-audio', ...(type !== undefined && { found: type }) };
  const input = await openInput(path, container);
  if (input === undefined) return { ok: false, problem: 'broken' };
  try {
    // A second more than allowed: enough to know that it is too long.
    return await decodeSound(input, { sampleRate, maxSeconds: maxSeconds + 1 });
  } finally {
    await input.close();
  }
}

async function isFinished(path: string): Promise<boolean> {
  const rate = plainWavRate(await readFile(path));
  return rate !== undefined && rate >= acceptedRates.min && rate <= acceptedRates.max;
}

async function prepare(order: z.infer<typeof voiceInput>): Promise<VoiceOutput> {
  const { path, outputPath, minSeconds, maxSeconds } = order;
  const decoded = await decode(path, maxSeconds);
  if (!decoded.ok) {
    switch (decoded.problem) {
      case 'not-audio':
        return refused({ code: 'not-audio', found: decoded.found });
      case 'none':
        return refused({ code: 'no-sound', found: await sniff(path) });
      case 'broken':
        return refused({ code: 'audio-broken' });
    }
  }
  const { samples, claimedSeconds = 0 } = decoded.sound;
  const seconds = samples.length / sampleRate;
  if (seconds > maxSeconds + toleranceSeconds) {
    return refused({ code: 'voice-too-long', seconds: Math.max(seconds, claimedSeconds), maxSeconds });
  }
  if (seconds < minSeconds) return refused({ code: 'voice-too-short', seconds, minSeconds });
  const { dbfs, peak } = measureLoudness(samples, sampleRate);
  if (dbfs === undefined) return refused({ code: 'voice-silent', seconds });
  if (isEven({ dbfs, peak }) && (await isFinished(path))) return { ok: true, seconds, changed: false };
  await writeFile(outputPath, encodeWav(levelled(samples, { dbfs, peak }), sampleRate));
  return { ok: true, seconds, changed: true };
}

export const run: Task = async order => prepare(voiceInput.parse(order));
