import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileTypeFromFile } from 'file-type';
import type { Logger } from 'pino';
import type { Engine } from './engines/engine.ts';
import type { Inputs } from './inputs.ts';
import type { FileStore } from './store/files.ts';
import type { RequestJob, RequestStore, StoredRequest } from './store/requests.ts';

/** How often a render is taken up after crashes of the server, before it is taken for the crashes' cause. */
const maxStarts = 5;

const internalError = 'Internal error';

export type RenderDeps = {
  requests: RequestStore;
  files: FileStore;
  inputs: Inputs;
  /** The engine for one request, asked for as its render starts. */
  engineFor: (requestId: string) => Engine;
  workFolder: string;
  now: () => number;
  log: Logger;
};

type Rendered = { ok: true; path: string } | { ok: false; detail: string };

async function produce(
  deps: RenderDeps,
  engine: Engine,
  job: RequestJob,
  folder: string,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<Rendered> {
  const portrait = await deps.inputs.fetch('image', job.portrait, folder, signal);
  if (!portrait.ok) return portrait;
  const voice = await deps.inputs.fetch('audio', job.voice, folder, signal);
  if (!voice.ok) return voice;
  // An engine hears of an abort that comes, not of one that was.
  signal.throwIfAborted();
  const outputPath = join(folder, 'clip.mp4');
  const paths = { portraitPath: portrait.path, voicePath: voice.path, outputPath };
  const result = await engine.render({ ...paths, weights: job.weights, signal, onProgress });
  if (!result.ok) return result;
  const type = await fileTypeFromFile(outputPath).catch(() => undefined);
  return type?.ext === 'mp4' ? { ok: true, path: outputPath } : { ok: false, detail: 'The engine wrote no mp4 file.' };
}

/** Stores the video before its request says COMPLETED; a video whose request is at its end already is dropped again. */
async function deliver(deps: RenderDeps, id: string, path: string): Promise<void> {
  const output = await deps.files.take(path, { extension: 'mp4', contentType: 'video/mp4' });
  if (!deps.requests.complete(id, { atMs: deps.now(), output })) await deps.files.forget(output);
}

/**
 * Renders one open request to its end in the store. When aborted it leaves the request as it is, to be taken up again or
 * ended by whoever aborted.
 */
export async function renderRequest(
  deps: RenderDeps,
  request: StoredRequest,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<void> {
  const { id, job } = request;
  if (job === null) return;
  const engine = deps.engineFor(id);
  if (!deps.requests.start(id, deps.now())) return;
  if (request.starts >= maxStarts) {
    deps.requests.fail(id, { atMs: deps.now(), error: internalError });
    return;
  }
  const folder = join(deps.workFolder, id);
  const log = deps.log.child({ requestId: id });
  try {
    await mkdir(folder, { recursive: true });
    const rendered = await produce(deps, engine, job, folder, signal, onProgress);
    if (signal.aborted) return;
    if (rendered.ok) await deliver(deps, id, rendered.path);
    else deps.requests.fail(id, { atMs: deps.now(), error: rendered.detail });
    log.info({ ok: rendered.ok }, 'render ended');
  } catch (error) {
    if (signal.aborted) return;
    log.error({ err: error }, 'render broke');
    deps.requests.fail(id, { atMs: deps.now(), error: internalError });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
