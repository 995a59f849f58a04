import { readFile, rm, stat } from 'node:fs/promises';
import type { Render } from '../../core/render.ts';
import type { UploadFile } from '../multipart.ts';
import type { Texts } from '../texts/texts.ts';
import { videoAlt } from '../views/outcome.ts';

/** A video as it is uploaded: the file, and its entry among the message's attachments. */
export type VideoUpload = { file: UploadFile; sizeBytes: number; attachment: { filename: string; description: string } };

export type VideoFilesDeps = {
  texts: Texts;
  /** a local path of a finished video, as long as it is kept */
  videoPath(render: Render): Promise<string | undefined>;
  /** Re-encodes into a new file of at most so many bytes; undefined where that can't be. The new file is deleted here after use. */
  shrink(path: string, maxBytes: number): Promise<string | undefined>;
  log(renderId: string, event: string, facts?: Record<string, string | number | boolean | null>): void;
};

/** Finished videos, small enough to be uploaded. */
export type VideoFiles = {
  /** A moderator may be told before anything is sent. */
  isKept(render: Render): Promise<boolean>;
  /** Undefined: no longer kept, or not to be made that small. Never throws. */
  fitting(render: Render, maxBytes: number): Promise<VideoUpload | undefined>;
};

export function createVideoFiles({ texts, videoPath, shrink, log }: VideoFilesDeps): VideoFiles {
  function upload(render: Render, data: Buffer): VideoUpload {
    const name = videoFileName(render);
    return {
      file: { name, data, contentType: 'video/mp4' },
      sizeBytes: data.length,
      attachment: { filename: name, description: videoAlt(render, texts) },
    };
  }
  async function load(render: Render, maxBytes: number): Promise<VideoUpload | undefined> {
    const path = await videoPath(render);
    if (path === undefined) return undefined;
    if ((await stat(path)).size <= maxBytes) return upload(render, await readFile(path));
    const smaller = await shrink(path, maxBytes);
    if (smaller === undefined) return undefined;
    try {
      const data = await readFile(smaller);
      return data.length <= maxBytes ? upload(render, data) : undefined;
    } finally {
      await rm(smaller, { force: true });
    }
  }
  return {
    isKept: async render => (await videoPath(render)) !== undefined,
    async fitting(render, maxBytes) {
      try {
        return await load(render, maxBytes);
      } catch (error) {
        // The text must not be lost with the file: without one, the link is given.
        log(render.id, 'video-file-unreadable', { error: error instanceof Error ? error.name : 'unknown' });
        return undefined;
      }
    },
  };
}

/** Says what it is wherever the file ends up; nothing in it comes from a member. */
export function videoFileName(render: Pick<Render, 'id' | 'spoiler'>): string {
  const id = render.id.replace(/[^A-Za-z0-9-]/g, '').slice(0, 40);
  return `${render.spoiler ? 'SPOILER_' : ''}hallo-ai-generated-${id}.mp4`;
}
