import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { Files } from '../../core/ports.ts';
import { checkFileKey } from '../file-key.ts';
import type { Database } from './database.ts';

/** Files in the data directory, with their expiry in the database. The row is written last, so a row without a file never stands for long. */
export async function createDirectoryFiles(database: Database, { clock }: { clock: Clock }): Promise<Files> {
  const { sql } = database;
  const root = join(database.directory, 'files');
  const add = sql.prepare(
    'insert into files (key, size_bytes, expires_at_ms) values (?, ?, ?) on conflict (key) do update set size_bytes = excluded.size_bytes, expires_at_ms = max(expires_at_ms, excluded.expires_at_ms)',
  );
  const live = sql.prepare('select key from files where key = ? and expires_at_ms > ?');
  const extend = sql.prepare('update files set expires_at_ms = max(expires_at_ms, ?) where key = ? and expires_at_ms > ?');
  const expired = sql.prepare('select key from files where expires_at_ms <= ?');
  const forget = sql.prepare('delete from files where key = ?');
  const all = sql.prepare('select key from files');

  const locate = (key: string) => join(root, checkFileKey(key));
  const remove = async (key: string) => {
    await rm(locate(key), { force: true });
    database.transaction(() => forget.run(key), 'relaxed');
  };

  await removeStrays(root, new Set(all.all().map(row => String(row.key))));

  return {
    async put(made, expiresAtMs) {
      const targets = made.map(({ key, path }) => ({ key, path, target: locate(key) }));
      const kept: { key: string; sizeBytes: number }[] = [];
      for (const { key, path, target } of targets) {
        await mkdir(dirname(target), { recursive: true });
        kept.push({ key, sizeBytes: await moveDurably(path, target) });
      }
      // Relaxed: the ledger's write that names the files comes after it, and brings it to the disk.
      database.transaction(() => {
        for (const { key, sizeBytes } of kept) add.run(key, sizeBytes, Math.ceil(expiresAtMs));
      }, 'relaxed');
      return kept.map(({ sizeBytes }) => ({ sizeBytes }));
    },
    async path(key) {
      return live.get(key, clock.now()) ? locate(key) : undefined;
    },
    async extend(key, expiresAtMs) {
      return database.transaction(() => extend.run(Math.ceil(expiresAtMs), key, clock.now()).changes > 0);
    },
    remove,
    async sweep() {
      const keys = expired.all(clock.now()).map(row => String(row.key));
      for (const key of keys) await remove(key);
      return keys.length;
    },
  };
}

/** Moves a file so that it is either wholly there under its new name after a power cut, or not at all. */
async function moveDurably(from: string, to: string): Promise<number> {
  const part = `${to}.part`;
  try {
    await rename(from, part);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    await copyFile(from, part, constants.COPYFILE_FICLONE);
    await rm(from, { force: true });
  }
  await sync(part);
  await rename(part, to);
  await sync(dirname(to));
  return (await stat(to)).size;
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A crash between move and row leaves a file that no row knows. */
async function removeStrays(root: string, known: ReadonlySet<string>): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const key = `${basename(entry.parentPath)}/${entry.name}`;
    if (!known.has(key)) await rm(join(entry.parentPath, entry.name), { force: true });
  }
}
