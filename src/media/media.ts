/**
 * Checking and preparing the files of a render. All decoding of foreign files happens in child processes with limits of time and
 * memory; what is wrong with a file is a value.
 */
import { rm } from 'node:fs/promises';
import type { z } from 'zod';
import type { Focus, QuarterTurns } from './crop.ts';
import { sha256Of, sized } from './files.ts';
import { type IsolateProblem, type JsonValue, runIsolated } from './isolate.ts';
import { defaultMediaLimits, type MediaLimits } from './limits.ts';
import { markOrdinaryMp4 } from './mp4/mark-ordinary.ts';
import type { MediaProblem, MediaSubject } from './problem.ts';
import { markOutput, portraitOutput, probeOutput, shrinkOutput, voiceOutput } from './tasks/orders.ts';
import { createTurns } from './turns.ts';

export { checkDeclaredPortrait, checkDeclaredVoice, type DeclaredFile, safeName } from './declared.ts';
export type { MediaLimits } from './limits.ts';
export { type MediaProblem, reasonOf } from './problem.ts';

export type MediaResult<T> = { ok: true; value: T } | { ok: false; problem: MediaProblem };

/** `changed: false`: nothing had to change, `path` is the file that was given and may be passed on by its own URL. */
export type PreparedPortrait = {
  path: string;
  contentType: 'image/jpeg' | 'image/png';
  extension: 'jpg' | 'png';
  width: number;
  height: number;
  changed: boolean;
  sha256: string;
  /** perceptual: picture-hash.ts */
  hash: string;
};
/** As PreparedPortrait; `seconds` is counted in samples. */
export type PreparedVoice = {
  path: string;
  contentType: 'audio/wav';
  extension: 'wav';
  seconds: number;
  changed: boolean;
  sha256: string;
};
export type ProbedVideo = {
  seconds: number;
  width: number;
  height: number;
  fps: number;
  videoCodec: string;
  audioCodec: string | undefined;
  bytes: number;
};

/** Every call rejects with the signal's reason when aborted. Upon a problem no output file is left. */
export type Media = {
  /**
   * Makes the portrait a square JPEG of at most 1024 pixels a side, without metadata; turned by `quarterTurns` beyond what the file says
   * of its way up, and then cropped around `focus`, where there are such.
   */
  preparePortrait(order: {
    path: string;
    outputPath: string;
    signal?: AbortSignal;
    focus?: Focus | undefined;
    quarterTurns?: QuarterTurns;
  }): Promise<MediaResult<PreparedPortrait>>;
  /** Makes the voice a mono 16-bit WAV with even loudness. `maxSeconds` defaults to the limits' 60. */
  prepareVoice(order: {
    path: string;
    outputPath: string;
    maxSeconds?: number;
    signal?: AbortSignal;
  }): Promise<MediaResult<PreparedVoice>>;
  /** Tells what a video is, having decoded its first picture. */
  probeVideo(order: { path: string; signal?: AbortSignal }): Promise<MediaResult<ProbedVideo>>;
  /**
   * Looks whether a file is a video, and writes into it that it is AI-generated, without encoding it again; one that says so already, or
   * whose streams no mp4 can hold, is answered as it is. An ordinary mp4 takes no child process; of others a picture is decoded.
   */
  markVideo(order: { path: string; outputPath: string; signal?: AbortSignal }): Promise<MediaResult<{ path: string }>>;
  /** Encodes a video as H.264 and AAC of at most `maxBytes`; one that fits already is answered as it is. */
  shrinkVideo(order: {
    path: string;
    outputPath: string;
    maxBytes: number;
    signal?: AbortSignal;
    onProgress?: (fraction: number) => void;
  }): Promise<MediaResult<{ path: string; bytes: number }>>;
};

export type MediaOptions = {
  limits?: Partial<MediaLimits>;
  /** For one portrait, voice or probe. */
  wallClockMs?: number;
  shrinkWallClockMs?: number;
  memoryBytes?: number;
  /** Child processes at once; more wait for their turn. */
  maxAtOnce?: number;
};

export function createMedia(options: MediaOptions = {}): Media {
  const { wallClockMs = 30_000, shrinkWallClockMs = 10 * 60_000, memoryBytes = 1_000_000_000, maxAtOnce = 2 } = options;
  const limits = { ...defaultMediaLimits, ...options.limits };
  const turns = createTurns(maxAtOnce);

  function problemOf({ kind, detail }: IsolateProblem, subject: MediaSubject, limitMs: number): MediaProblem {
    switch (kind) {
      case 'timeout':
        return { code: 'media-timeout', subject, seconds: limitMs / 1000 };
      case 'memory':
        return { code: 'media-memory', subject, maxBytes: memoryBytes };
      case 'crashed':
      case 'refused':
        return { code: 'media-crashed', subject, detail };
    }
  }

  type Answer<T> = T | { ok: false; problem: MediaProblem };
  async function perform<T extends { ok: boolean }>(order: {
    task: 'portrait' | 'voice' | 'probe' | 'mark' | 'shrink';
    subject: MediaSubject;
    input: JsonValue;
    schema: z.ZodType<T>;
    outputPath?: string;
    signal?: AbortSignal | undefined;
    onProgress?: ((fraction: number) => void) | undefined;
  }): Promise<Answer<T>> {
    const { task, subject, input, schema, outputPath, signal, onProgress } = order;
    const limitMs = task === 'shrink' ? shrinkWallClockMs : wallClockMs;
    const clean = async () => {
      if (outputPath !== undefined) await rm(outputPath, { force: true });
    };
    try {
      const result = await turns.take(
        () =>
          runIsolated({
            task: new URL(`./tasks/${task}.ts`, import.meta.url),
            ...{ input, schema, memoryBytes, wallClockMs: limitMs },
            ...(signal !== undefined && { signal }),
            ...(onProgress !== undefined && { onProgress }),
          }),
        signal,
      );
      const answer = result.ok ? result.value : { ok: false as const, problem: problemOf(result.problem, subject, limitMs) };
      if (!answer.ok) await clean();
      return answer;
    } catch (error) {
      await clean();
      throw error;
    }
  }

  return {
    async preparePortrait({ path, outputPath, signal, focus, quarterTurns = 0 }) {
      const size = await sized(path, 'portrait', limits.portraitMaxBytes);
      if (!size.ok) return size;
      const { portraitMaxPixels: maxPixels, portraitMinSide: minSide } = limits;
      const input = { path, outputPath, maxPixels, minSide, quarterTurns, ...(focus !== undefined && { focus }) };
      const made = await perform({ task: 'portrait', subject: 'portrait', input, schema: portraitOutput, outputPath, signal });
      if (!made.ok) return made;
      const { contentType, width, height, changed, hash } = made;
      const final = changed ? outputPath : path;
      const extension = contentType === 'image/png' ? 'png' : 'jpg';
      const value = { path: final, contentType, extension, width, height, changed, hash } as const;
      return { ok: true, value: { ...value, sha256: await sha256Of(final) } };
    },

    async prepareVoice({ path, outputPath, maxSeconds = limits.voiceMaxSeconds, signal }) {
      const size = await sized(path, 'voice', limits.voiceMaxBytes);
      if (!size.ok) return size;
      const input = { path, outputPath, minSeconds: limits.voiceMinSeconds, maxSeconds };
      const made = await perform({ task: 'voice', subject: 'voice', input, schema: voiceOutput, outputPath, signal });
      if (!made.ok) return made;
      const { seconds, changed } = made;
      const final = changed ? outputPath : path;
      const value = { path: final, contentType: 'audio/wav', extension: 'wav', seconds, changed } as const;
      return { ok: true, value: { ...value, sha256: await sha256Of(final) } };
    },

    async probeVideo({ path, signal }) {
      const size = await sized(path, 'video', limits.videoMaxBytes);
      if (!size.ok) return size;
      const made = await perform({ task: 'probe', subject: 'video', input: { path }, schema: probeOutput, signal });
      if (!made.ok) return made;
      const { seconds, width, height, fps, videoCodec, audioCodec } = made;
      return { ok: true, value: { seconds, width, height, fps, videoCodec, audioCodec, bytes: size.value } };
    },

    async markVideo({ path, outputPath, signal }) {
      const size = await sized(path, 'video', limits.videoMaxBytes);
      if (!size.ok) return size;
      const input = { path, outputPath };
      const ordinary = await markOrdinaryMp4({ ...input, signal }).catch(async (error: unknown) => {
        await rm(outputPath, { force: true });
        throw error;
      });
      if (ordinary !== undefined) return { ok: true, value: { path: ordinary.marked ? outputPath : path } };
      const made = await perform({ task: 'mark', subject: 'video', input, schema: markOutput, outputPath, signal });
      return made.ok ? { ok: true, value: { path: made.marked ? outputPath : path } } : made;
    },

    async shrinkVideo({ path, outputPath, maxBytes, signal, onProgress }) {
      const size = await sized(path, 'video', limits.videoMaxBytes);
      if (!size.ok) return size;
      if (size.value <= maxBytes) return { ok: true, value: { path, bytes: size.value } };
      const input = { path, outputPath, bytes: size.value, maxBytes };
      const made = await perform({
        task: 'shrink',
        subject: 'video',
        input,
        schema: shrinkOutput,
        outputPath,
        signal,
        onProgress,
      });
      return made.ok ? { ok: true, value: { path: outputPath, bytes: made.bytes } } : made;
    },
  };
}
