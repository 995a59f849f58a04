import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MIGRATIONS } from './migrations.ts';

/** The embedded store: one SQLite file in a data directory that this process alone uses. */
export type Database = {
  readonly sql: DatabaseSync;
  readonly directory: string;
  /** Runs in one write transaction; `relaxed`: survives the process's death at once, a power cut only with the next full commit. */
  transaction<T>(work: () => T, sync?: 'full' | 'relaxed'): T;
  close(): void;
};

export type OpenAnswer =
  | { ok: true; database: Database }
  | { ok: false; problem: 'in-use' | 'newer' | 'unusable'; detail: string };

/**
 * Opens (and creates or migrates) the store. `in-use`: another process holds the directory; `newer`: a later version of
 * the program wrote it; `unusable`: no directory, no right, no space.
 */
export function openDatabase(directory: string): OpenAnswer {
  let lock: DatabaseSync | undefined;
  try {
    mkdirSync(directory, { recursive: true });
    lock = holdLock(directory);
    if (!lock) return { ok: false, problem: 'in-use', detail: `another process uses ${directory}` };
    const sql = new DatabaseSync(join(directory, 'hallo.db'));
    sql.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 5000');
    const version = migrate(sql);
    if (version !== undefined) {
      sql.close();
      lock.close();
      return {
        ok: false,
        problem: 'newer',
        detail: `${directory} has schema ${version}, this program knows up to ${MIGRATIONS.length}`,
      };
    }
    return { ok: true, database: wrap(sql, lock, directory) };
  } catch (error) {
    lock?.close();
    return { ok: false, problem: 'unusable', detail: error instanceof Error ? error.message : String(error) };
  }
}

/** An exclusive lock that the system itself gives back when the process dies, however it dies. */
function holdLock(directory: string): DatabaseSync | undefined {
  const lock = new DatabaseSync(join(directory, 'lock.db'));
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive');
    return lock;
  } catch (error) {
    lock.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return undefined;
    throw error;
  }
}

/** Brings the schema up to date, each step in a transaction; answers the version found where it is newer than this program. */
function migrate(sql: DatabaseSync): number | undefined {
  const version = Number(sql.prepare('pragma user_version').get()?.user_version ?? 0);
  if (version > MIGRATIONS.length) return version;
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < version) continue;
    sql.exec(`begin immediate; ${migration}; pragma user_version = ${index + 1}; commit`);
  }
  return undefined;
}

function wrap(sql: DatabaseSync, lock: DatabaseSync, directory: string): Database {
  return {
    sql,
    directory,
    transaction(work, sync = 'full') {
      if (sync === 'relaxed') sql.exec('pragma synchronous = normal');
      try {
        sql.exec('begin immediate');
        try {
          const value = work();
          sql.exec('commit');
          return value;
        } catch (error) {
          if (sql.isTransaction) sql.exec('rollback');
          throw error;
        }
      } finally {
        if (sync === 'relaxed') sql.exec('pragma synchronous = full');
      }
    },
    close() {
      sql.close();
      lock.close();
    },
  };
}
