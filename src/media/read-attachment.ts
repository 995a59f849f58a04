import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Downloader } from './download.ts';

/** Fetches a small text that a member attached; undefined: it can't be fetched, or is larger than that. Nothing of it is kept. */
export function createAttachmentReader(deps: {
  attachments: Downloader;
  workDirectory: string;
}): (url: string, options: { maxBytes: number; signal: AbortSignal }) => Promise<string | undefined> {
  return async (url, options) => {
    await mkdir(deps.workDirectory, { recursive: true });
    const directory = await mkdtemp(join(deps.workDirectory, 'text-'));
    try {
      const path = join(directory, 'text');
      const fetched = await deps.attachments.download(url, path, options);
      return fetched.ok ? await readFile(path, 'utf8') : undefined;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  };
}
