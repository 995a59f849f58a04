import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { InputProblem } from '../core/render.ts';
import type { Downloader } from './download.ts';
import type { Media, MediaLimits } from './media.ts';
import { inputProblem } from './render-media.ts';

export type HashAnswer = { ok: true; hash: string } | { ok: false; problem: InputProblem };

/** Fetches a picture and answers its perceptual hash. Nothing of it is kept. */
export function createAttachmentHasher(deps: {
  media: Media;
  attachments: Downloader;
  limits: MediaLimits;
  workDirectory: string;
}): (url: string, signal: AbortSignal) => Promise<HashAnswer> {
  return async (url, signal) => {
    await mkdir(deps.workDirectory, { recursive: true });
    const directory = await mkdtemp(join(deps.workDirectory, 'picture-'));
    try {
      const path = join(directory, 'picture');
      const fetched = await deps.attachments.download(url, path, { maxBytes: deps.limits.portraitMaxBytes, signal });
      if (!fetched.ok) return { ok: false, problem: { code: 'download-failed', facts: { subject: 'portrait' } } };
      const prepared = await deps.media.preparePortrait({ path, outputPath: `${path}.prepared`, signal });
      return prepared.ok ? { ok: true, hash: prepared.value.hash } : { ok: false, problem: inputProblem(prepared.problem) };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  };
}
