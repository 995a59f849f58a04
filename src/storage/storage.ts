import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Keyv } from 'keyv';
import type { KnownVideos } from '../core/known-videos.ts';
import type { ModerationStore } from '../core/moderation/store.ts';
import type { Files, Ledger, Signals, StoredSettings, Wakeups } from '../core/ports.ts';
import type { SharedCalls } from '../core/request-pace.ts';
import type { LedgerDeps } from './deps.ts';
import { openDatabase } from './embedded/database.ts';
import { createDirectoryFiles } from './embedded/files.ts';
import { createKeyvSqlite } from './embedded/keyv-sqlite.ts';
import { createSqliteKnownVideos } from './embedded/known-videos.ts';
import { createSqliteLedger } from './embedded/ledger.ts';
import { createSqliteModeration } from './embedded/moderation.ts';
import { createTimerWakeups } from './embedded/wakeups.ts';
import { createSettings } from './settings.ts';

/** Everything that is kept, behind the core's ports. Nothing else knows which store is in use. */
export type Storage = {
  ledger: Ledger;
  files: Files;
  settings: StoredSettings;
  wakeups: Wakeups;
  signals: Signals;
  /** the budget of calls a minute that all processes of the store share; undefined: there is one process alone */
  sharedCalls?: (requestsPerMinute: number) => SharedCalls;
  /** for what is just being made: empty, and this process's own */
  workDirectory: string;
  moderation: ModerationStore;
  knownVideos: KnownVideos;
  close(): Promise<void>;
};

export type StorageAnswer =
  | { ok: true; storage: Storage }
  | { ok: false; problem: 'in-use' | 'newer' | 'unusable'; detail: string };

export type StorageOptions = {
  databaseUrl: string | undefined;
  dataDir: string;
  /** with Postgres: connections at most, beside one that listens */
  connections?: number;
  /** with Postgres: whether this process performs renders; false for one that only takes orders */
  performs?: boolean;
};

export type StorageDeps = LedgerDeps & {
  /** Is told of trouble that nothing else comes of: what was tried is tried again. */
  onError?: (error: unknown) => void;
};

/** Opens the store that the settings name: SQLite and files in the data directory, or Postgres. */
export async function openStorage(where: StorageOptions, deps: StorageDeps): Promise<StorageAnswer> {
  const { databaseUrl, dataDir, connections = 10, performs = true } = where;
  if (databaseUrl === undefined) return openEmbedded(dataDir, deps);
  // Loaded only here: a bot on one machine starts without it.
  const { openScaled } = await import('./scaled/open.ts');
  return openScaled({ databaseUrl, dataDir, connections, performs }, { onError: () => {}, ...deps });
}

async function openEmbedded(dataDir: string, deps: LedgerDeps): Promise<StorageAnswer> {
  const opened = openDatabase(dataDir);
  if (!opened.ok) return opened;
  const { database } = opened;
  // A limit or a consent that could not be read must not pass for one that was never set.
  const store = createKeyvSqlite(database.sql, deps.clock.now);
  const keyv = new Keyv({ store, namespace: 'hallo', throwOnErrors: true });
  const wakeups = createTimerWakeups(deps);
  const ledger = createSqliteLedger(database, deps);
  const files = await createDirectoryFiles(database, deps);
  const workDirectory = join(dataDir, 'work');
  await rm(workDirectory, { recursive: true, force: true });
  return {
    ok: true,
    storage: {
      ...{ ledger, files, settings: createSettings(keyv, store), wakeups, workDirectory, signals: { tell() {}, on() {} } },
      moderation: createSqliteModeration(database, deps),
      knownVideos: createSqliteKnownVideos(database),
      async close() {
        await wakeups.close();
        await ledger.close();
      },
    },
  };
}
