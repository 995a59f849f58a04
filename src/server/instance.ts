import { mkdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import { createDownloader, type Downloader } from '../media/download.ts';
import { createApp } from './app.ts';
import type { FaultBook } from './faults/book.ts';
import { createFaultyEngine } from './faults/engine.ts';
import { createInputs } from './inputs.ts';
import { renderRequest } from './render-request.ts';
import type { App, RouteContext } from './routes/context.ts';
import { createRunner, type Runner } from './runner.ts';
import type { ServerSettings } from './settings.ts';
import { openDatabase } from './store/database.ts';
import { createFileStore, type FileStore } from './store/files.ts';
import { createRequestStore, type RequestStore } from './store/requests.ts';
import { createUrls } from './urls.ts';

/** One run of the server, from the opening of its data directory to the freeing of it. */
export type Instance = { url: string; port: number; sweep(): Promise<void>; close(): Promise<void> };

export type InstanceDeps = {
  log: Logger;
  now: () => number;
  newId: () => string;
  downloader?: Downloader;
  book: FaultBook | undefined;
  restart: (downMs: number) => void;
};

/** How long open connections may go on after a stop was ordered, before they are cut. */
const drainMs = 1_000;

const unspecifiedHosts: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

function listeningUrl(host: string, port: number): string {
  const name = unspecifiedHosts.has(host) ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function portOf(app: App): number {
  const address: AddressInfo | string | null = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** What a stopped server left open: sync requests have lost their client, the others are queued again. */
function takeUp(requests: RequestStore, runner: Runner, atMs: number): void {
  for (const request of requests.open()) {
    if (request.mode === 'sync') requests.fail(request.id, { atMs, error: 'The server was stopped' });
    else runner.add(request.id);
  }
}

/** Forgets requests whose time is over. One that is still open is broken off, since nobody can ask for its video any more. */
async function sweepAll(parts: { requests: RequestStore; files: FileStore; runner: Runner }, beforeMs: number, atMs: number) {
  for (const request of parts.requests.expired(beforeMs)) {
    parts.requests.fail(request.id, { atMs, error: 'Expired' });
    await parts.runner.drop(request.id);
    parts.requests.sweep(request.id);
  }
  await parts.files.sweep();
}

async function closeApp(app: App): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), drainMs);
  await app.close();
  clearTimeout(cut);
}

function createParts(settings: ServerSettings, deps: InstanceDeps, database: DatabaseSync) {
  const { now, log, book } = deps;
  const requests = createRequestStore(database, settings);
  const folder = join(settings.dataDir, 'files');
  const files = createFileStore(database, { folder, retentionMs: settings.fileRetentionMs, now });
  const { allowPrivateAddresses, limits, engine, concurrency } = settings;
  const totalTimeoutMs = limits.downloadTimeoutMs;
  const downloader = deps.downloader ?? createDownloader({ allowPrivateAddresses, totalTimeoutMs });
  const inputs = createInputs({ downloader, files, limits });
  const engineFor = (id: string) => (book === undefined ? engine : createFaultyEngine(engine, book, id));
  const workFolder = join(settings.dataDir, 'work');
  const renderDeps = { requests, files, inputs, engineFor, workFolder, now, log };
  const runner = createRunner({
    requests,
    concurrency,
    log,
    render: (request, signal, onProgress) => renderRequest(renderDeps, request, signal, onProgress),
  });
  return { requests, files, runner, downloader, workFolder };
}

/** Opens the data directory, listens, and goes on with what was left open. */
export async function openInstance(settings: ServerSettings, deps: InstanceDeps): Promise<Instance> {
  const { now, log, book } = deps;
  await mkdir(settings.dataDir, { recursive: true });
  const database = openDatabase(join(settings.dataDir, 'server.sqlite'));
  try {
    const parts = createParts(settings, deps, database);
    const { requests, files, runner } = parts;
    await files.open();
    await rm(parts.workFolder, { recursive: true, force: true });
    await sweepAll(parts, now() - settings.retentionMs, now());
    takeUp(requests, runner, now());

    let url = '';
    const urls = createUrls({ publicUrl: settings.publicUrl, listening: () => url });
    const context: RouteContext = {
      settings,
      requests,
      files,
      runner,
      urls,
      now,
      newId: deps.newId,
      isOpen: () => database.isOpen,
    };
    const wiring = book === undefined ? undefined : { book, restart: deps.restart };
    const app = await createApp(context, log, wiring);
    await app.listen({ host: settings.host, port: settings.port });
    const port = portOf(app);
    url = listeningUrl(settings.host, port);
    runner.start();
    log.info({ url, engine: settings.engine.name }, 'the server listens');

    let sweeping: Promise<void> = Promise.resolve();
    const sweep = async () => {
      await sweeping;
      await sweepAll(parts, now() - settings.retentionMs, now());
    };
    const timer = setInterval(() => {
      sweeping = sweep().catch((error: unknown) => log.error({ err: error }, 'sweep failed'));
    }, settings.sweepIntervalMs);
    return {
      url,
      port,
      sweep,
      async close() {
        clearInterval(timer);
        await Promise.all([closeApp(app), runner.close(), sweeping]);
        if (deps.downloader === undefined) await parts.downloader.close();
        database.close();
        log.info('the server stopped');
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
}
