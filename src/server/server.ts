import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Downloader } from '../media/download.ts';
import { createFaultBook } from './faults/book.ts';
import { type Instance, openInstance } from './instance.ts';
import { readServerSettings, type ServerSettings, type ServerSettingsInput } from './settings.ts';

export type ServerDeps = {
  log: Logger;
  /** Epoch ms. Default: the machine's clock. */
  now?: () => number;
  /** Fetches the inputs. Default: one made by the settings, closed with the server. */
  downloader?: Downloader;
  newId?: () => string;
};

export type HalloServer = {
  /**
   * Takes the data directory up, with what was queued or running when it was left, and listens. Rejects where the port or the
   * data directory is taken (DataDirError).
   */
  start(): Promise<{ url: string }>;
  /** Takes nothing new, breaks running renders off (the next start takes them up again) and frees the data directory. */
  close(): Promise<void>;
  /** Forgets expired requests and files now; it happens by itself every `sweepIntervalMs`. */
  sweep(): Promise<void>;
};

/** Checks the settings; throws with every problem named. `readServerSettings` gives the same as a value. */
function checked(input: ServerSettingsInput): ServerSettings {
  const result = readServerSettings(input);
  if (!result.ok) throw new Error(`Settings of the server are wrong. ${result.problems.join('; ')}`);
  return result.settings;
}

/** The Hallo API over HTTP: takes requests, renders them with the given engine, and serves their videos. */
export function createServer(input: ServerSettingsInput, deps: ServerDeps): HalloServer {
  const settings = checked(input);
  const book = settings.faults ? createFaultBook() : undefined;
  let instance: Instance | undefined;
  let port = settings.port;
  // Starts, stops and ordered restarts happen one after the other.
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function open(): Promise<string> {
    if (instance !== undefined) return instance.url;
    const now = deps.now ?? Date.now;
    const opened = await openInstance({ ...settings, port }, { ...deps, now, newId: deps.newId ?? randomUUID, book, restart });
    instance = opened;
    port = opened.port;
    return opened.url;
  }

  async function shut(): Promise<void> {
    const closing = instance;
    instance = undefined;
    await closing?.close();
  }

  function restart(downMs: number): void {
    void inTurn(async () => {
      if (instance === undefined) return;
      await shut();
      await new Promise(resolve => setTimeout(resolve, downMs));
      await open();
    }).catch((error: unknown) => deps.log.error({ err: error }, 'the ordered restart failed'));
  }

  return {
    start: () => inTurn(async () => ({ url: await open() })),
    close: () => inTurn(shut),
    sweep: () => inTurn(async () => instance?.sweep()),
  };
}
