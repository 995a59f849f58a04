import { DatabaseSync } from 'node:sqlite';
import { migrations } from './migrations.ts';

/** A data directory that can't be opened; the message is for the operator. */
export class DataDirError extends Error {
  override readonly name = 'DataDirError';
}

function versionOf(database: DatabaseSync): number {
  const version = database.prepare('PRAGMA user_version').get()?.user_version;
  return typeof version === 'number' ? version : 0;
}

function migrate(database: DatabaseSync): void {
  const version = versionOf(database);
  if (version > migrations.length) throw new DataDirError('the data directory was written by a newer version of the server');
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    inTransaction(database, () => {
      database.exec(step);
      database.exec(`PRAGMA user_version = ${index + 1}`);
    });
  }
}

/** Runs `work` in one write transaction; what it throws rolls everything back. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Opens the server's database. It stays locked while it is open (SQLite's exclusive mode, released by the system when the
 * process dies), which is what keeps a second server out of the data directory.
 */
export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 200 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    inTransaction(database, () => undefined);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Error && error.message.includes('locked')) {
      throw new DataDirError('the data directory is in use by another server', { cause: error });
    }
    throw error;
  }
}
