import { Keyv } from 'keyv';
import type { Files, Ledger, Settings, Wakeups } from '../core/ports.ts';
import { openDatabase } from './embedded/database.ts';
import { createDirectoryFiles } from './embedded/files.ts';
import { createKeyvSqlite } from './embedded/keyv-sqlite.ts';
import { createSqliteLedger, type LedgerDeps } from './embedded/ledger.ts';
import { createTimerWakeups } from './embedded/wakeups.ts';
import { createSettings } from './settings.ts';

/** Everything that is kept, behind the core's ports. Nothing else knows which store is in use. */
export type Storage = { ledger: Ledger; files: Files; settings: Settings; wakeups: Wakeups; close(): Promise<void> };

export type StorageAnswer =
  | { ok: true; storage: Storage }
  | { ok: false; problem: 'in-use' | 'newer' | 'unusable'; detail: string };

/** Opens the store that the settings name: SQLite and files in the data directory. */
export async function openStorage(
  where: { databaseUrl: string | undefined; dataDir: string },
  deps: LedgerDeps,
): Promise<StorageAnswer> {
  if (where.databaseUrl !== undefined) {
    return { ok: false, problem: 'unusable', detail: 'DATABASE_URL is not supported yet: leave it empty to use HALLO_DATA_DIR' };
  }
  const opened = openDatabase(where.dataDir);
  if (!opened.ok) return opened;
  const { database } = opened;
  // A limit or a consent that could not be read must not pass for one that was never set.
  const keyv = new Keyv({ store: createKeyvSqlite(database.sql, deps.clock.now), namespace: 'hallo', throwOnErrors: true });
  const wakeups = createTimerWakeups(deps);
  const ledger = createSqliteLedger(database, deps);
  const files = await createDirectoryFiles(database, deps);
  return {
    ok: true,
    storage: {
      ledger,
      files,
      settings: createSettings(keyv),
      wakeups,
      async close() {
        await wakeups.close();
        await ledger.close();
      },
    },
  };
}
