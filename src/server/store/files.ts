import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const row = z.object({ name: z.string(), content_type: z.string(), size_bytes: z.number(), expires_at: z.number() });

/** A file that everybody who knows its name may fetch. */
export type PublicFile = { name: string; path: string; contentType: string; sizeBytes: number; expiresAtMs: number };

export type FileStore = ReturnType<typeof createFileStore>;

/** What a public file's name looks like: 192 random bits, so it can't be guessed, and one extension. */
export const publicNamePattern = /^[0-9a-f]{48}\.[a-z0-9]{1,8}$/;

async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Uploaded assets and finished videos, kept in `folder` until `retentionMs` after they were put there. */
export function createFileStore(database: DatabaseSync, options: { folder: string; retentionMs: number; now: () => number }) {
  const insert = database.prepare('INSERT INTO files (name, content_type, size_bytes, expires_at) VALUES (?, ?, ?, ?)');
  const find = database.prepare('SELECT name, content_type, size_bytes, expires_at FROM files WHERE name = ? AND expires_at > ?');
  const known = database.prepare('SELECT name FROM files');
  const expired = database.prepare('SELECT name FROM files WHERE expires_at <= ?');
  const remove = database.prepare('DELETE FROM files WHERE name = ?');
  const pathOf = (name: string): string => join(options.folder, name);
  const names = (rows: readonly unknown[]): string[] => rows.map(each => z.object({ name: z.string() }).parse(each).name);
  const newName = (extension: string): string => `${randomBytes(24).toString('hex')}.${extension}`;

  // The row goes first: a file without one is removed by the next start.
  async function forget(name: string): Promise<void> {
    remove.run(name);
    await rm(pathOf(name), { force: true });
  }

  async function register(name: string, contentType: string): Promise<string> {
    await syncToDisk(pathOf(name));
    const { size } = await stat(pathOf(name));
    insert.run(name, contentType, size, options.now() + options.retentionMs);
    return name;
  }

  return {
    /** Makes the folder, and removes files that a crash left without a row. */
    async open(): Promise<void> {
      await mkdir(options.folder, { recursive: true });
      const rows = new Set(names(known.all()));
      for (const name of await readdir(options.folder)) {
        if (!rows.has(name)) await rm(pathOf(name), { force: true });
      }
    },

    /** Stores bytes; answers the new public name. */
    async put(bytes: Uint8Array, type: { extension: string; contentType: string }): Promise<string> {
      const name = newName(type.extension);
      await writeFile(pathOf(name), bytes, { flag: 'wx' });
      return register(name, type.contentType);
    },

    /** Moves a file of the same disk in; answers its new public name. */
    async take(path: string, type: { extension: string; contentType: string }): Promise<string> {
      const name = newName(type.extension);
      await rename(path, pathOf(name));
      return register(name, type.contentType);
    },

    find(name: string): PublicFile | undefined {
      if (!publicNamePattern.test(name)) return undefined;
      const found = find.get(name, options.now());
      if (found === undefined) return undefined;
      const { content_type, size_bytes, expires_at } = row.parse(found);
      return { name, path: pathOf(name), contentType: content_type, sizeBytes: size_bytes, expiresAtMs: expires_at };
    },

    forget,

    async sweep(): Promise<void> {
      for (const name of names(expired.all(options.now()))) await forget(name);
    },
  };
}
