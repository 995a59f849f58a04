import { copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileTypeFromFile } from 'file-type';
import type { Downloader, DownloadProblem } from '../media/download.ts';
import type { FileStore } from './store/files.ts';
import type { InputSource } from './store/requests.ts';

export type InputKind = 'image' | 'audio';

export type FetchedInput = { ok: true; path: string } | { ok: false; detail: string };

const parameterOf = { image: 'input_image', audio: 'input_audio' } as const;
const nameOf = { image: 'portrait', audio: 'voice' } as const;

/** Containers that hold sound alone often enough to pass for a voice; the engine has the last word. */
const audioContainers: ReadonlySet<string> = new Set([
  'video/webm',
  'video/mp4',
  'video/ogg',
  'application/ogg',
  'application/mp4',
]);

/** Whether content of this sniffed type may be an input of this kind. */
export function isAcceptable(kind: InputKind, mime: string): boolean {
  if (kind === 'image') return mime.startsWith('image/');
  return mime.startsWith('audio/') || audioContainers.has(mime);
}

/** The text of FAILED for an input that was not fetched. It repeats nothing of the URL, which may be signed. */
function rejection(kind: InputKind, problem: DownloadProblem, maxBytes: number): string {
  const what = parameterOf[kind];
  switch (problem.kind) {
    case 'bad-url':
      return 'URL must be a valid HTTP or HTTPS URL.';
    case 'host-not-allowed':
    case 'address-refused':
      return `${what} must be at a public address.`;
    case 'too-large':
      return `${what} is larger than ${maxBytes} bytes.`;
    case 'timeout':
      return `${what} could not be downloaded in time.`;
    case 'status':
    case 'server-trouble':
      return `${what} could not be downloaded: HTTP ${/HTTP (\d{3})/.exec(problem.detail)?.[1] ?? 'error'}.`;
    case 'network':
      return `${what} could not be downloaded.`;
    case 'too-many-redirects':
      return `${what} redirects too often.`;
  }
}

/** Brings the inputs of a render onto the disk, under names that every engine can bear. */
export function createInputs(deps: {
  downloader: Downloader;
  files: FileStore;
  limits: { imageBytes: number; audioBytes: number };
}) {
  async function fetchRaw(
    kind: InputKind,
    source: InputSource,
    target: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const maxBytes = kind === 'image' ? deps.limits.imageBytes : deps.limits.audioBytes;
    if (source.kind === 'url') {
      const fetched = await deps.downloader.download(source.url, target, { maxBytes, signal });
      return fetched.ok ? undefined : rejection(kind, fetched.problem, maxBytes);
    }
    const file = deps.files.find(source.name);
    if (file === undefined) return `${parameterOf[kind]} could not be downloaded: HTTP 404.`;
    if (file.sizeBytes > maxBytes) return `${parameterOf[kind]} is larger than ${maxBytes} bytes.`;
    await copyFile(file.path, target);
    return undefined;
  }

  return {
    /** Fetches one input into `folder`, judged by its content. Rejects with the signal's reason when aborted. */
    async fetch(kind: InputKind, source: InputSource, folder: string, signal: AbortSignal): Promise<FetchedInput> {
      const raw = join(folder, `${nameOf[kind]}-raw`);
      const refused = await fetchRaw(kind, source, raw, signal);
      if (refused !== undefined) return { ok: false, detail: `Reference media rejected: ${refused}` };
      const type = await fileTypeFromFile(raw);
      if (type === undefined || !isAcceptable(kind, type.mime)) {
        const found = type === undefined ? '' : ` (found ${type.mime})`;
        return { ok: false, detail: `Reference media rejected: ${parameterOf[kind]} is not a supported ${kind} file${found}.` };
      }
      const path = join(folder, `${nameOf[kind]}.${type.ext.replaceAll(/[^a-z0-9]/g, '_')}`);
      await rename(raw, path);
      return { ok: true, path };
    },
  };
}
export type Inputs = ReturnType<typeof createInputs>;
