import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { Files } from '../../core/ports.ts';
import { checkFileKey } from '../file-key.ts';
import type { Database } from './database.ts';

/** A row of bytes; several go with one statement. */
const CHUNK_BYTES = 512 * 1024;
const CHUNKS_AT_ONCE = 8;
/** A local copy that nobody asked for in this time goes; longer than any use of its path. */
const COPY_KEPT_MS = 60 * 60_000;
/** What this process stored itself is known without a look for so long: it is asked for at once. */
const KNOWN_FOR_MS = 60_000;
const MOST_KNOWN = 1_000;

type Whole = { key: string; path: string; contentId: string; sizeBytes: number };
type Chunk = { contentId: string; at: number; bytes: Buffer };

const rowSchema = z.object({ content_id: z.string(), size_bytes: z.number() });

/** Files in Postgres, in chunks; what is asked for lies as a copy in the cache directory. The row that names the chunks is written last. */
export async function createPostgresFiles(
  { query }: Database,
  { clock, cacheDirectory }: { clock: Clock; cacheDirectory: string },
): Promise<Files> {
  await mkdir(cacheDirectory, { recursive: true });
  const copyOf = (key: string, contentId: string) => join(cacheDirectory, `${contentId}${extname(key)}`);
  const known = new Map<string, { path: string; untilMs: number }>();

  function remember(key: string, path: string): void {
    known.delete(key);
    known.set(key, { path, untilMs: clock.now() + KNOWN_FOR_MS });
    for (const oldest of known.keys()) if (known.size > MOST_KNOWN) known.delete(oldest);
  }

  async function fetch(contentId: string, to: string): Promise<void> {
    const part = `${to}.${randomUUID()}.part`;
    const file = await open(part, 'w');
    try {
      for (let at = 0; ; at += CHUNKS_AT_ONCE) {
        const rows = await query(
          'select bytes from hallo.file_chunks where content_id = $1 and at >= $2 and at < $3 order by at',
          [contentId, at, at + CHUNKS_AT_ONCE],
        );
        for (const { bytes } of rows) await file.write(z.instanceof(Buffer).parse(bytes));
        if (rows.length < CHUNKS_AT_ONCE) break;
      }
    } finally {
      await file.close();
    }
    await rename(part, to);
  }

  return {
    async put(made, expiresAtMs) {
      const wholes = made.map(({ key, path }) => ({ key: checkFileKey(key), path, contentId: randomUUID(), sizeBytes: 0 }));
      let chunks: Chunk[] = [];
      const send = async (whole: readonly Whole[]) => {
        await query('select hallo.put_files($1,$2,$3,$4,$5,$6,$7)', [
          ...[chunks.map(each => each.contentId), chunks.map(each => each.at), chunks.map(each => each.bytes)],
          ...[whole.map(each => each.key), whole.map(each => each.contentId), whole.map(each => each.sizeBytes)],
          Math.ceil(expiresAtMs),
        ]);
        chunks = [];
      };
      for (const whole of wholes) {
        for await (const chunk of chunksOf(whole)) {
          if (chunks.length === CHUNKS_AT_ONCE) await send([]);
          chunks.push(chunk);
          whole.sizeBytes += chunk.bytes.length;
        }
      }
      await send(wholes);
      for (const { key, path, contentId } of wholes) {
        const copy = copyOf(key, contentId);
        await move(path, copy);
        remember(key, copy);
      }
      return wholes.map(({ sizeBytes }) => ({ sizeBytes }));
    },

    async path(key) {
      const lately = known.get(key);
      if (lately && clock.now() < lately.untilMs && (await exists(lately.path))) return lately.path;
      const [row] = await query('select content_id, size_bytes from hallo.files where key = $1 and expires_at_ms > $2', [
        key,
        clock.now(),
      ]);
      if (!row) return undefined;
      const { content_id, size_bytes } = rowSchema.parse(row);
      const copy = copyOf(key, content_id);
      if (!(await exists(copy))) await fetch(content_id, copy);
      if ((await stat(copy)).size !== size_bytes) {
        await rm(copy, { force: true });
        throw new Error(`the file ${key} is not whole`);
      }
      const now = new Date();
      await utimes(copy, now, now);
      return copy;
    },

    async extend(key, expiresAtMs) {
      const rows = await query(
        'update hallo.files set expires_at_ms = greatest(expires_at_ms, $2) where key = $1 and expires_at_ms > $3 returning 1',
        [key, Math.ceil(expiresAtMs), clock.now()],
      );
      return rows.length > 0;
    },

    async remove(key) {
      known.delete(checkFileKey(key));
      await query('select hallo.remove_files(array[$1])', [key]);
    },

    async sweep() {
      const [row] = await query('select hallo.sweep_files($1) as n', [clock.now()]);
      await sweepCopies(cacheDirectory);
      return Number(row?.n);
    },
  };
}

async function* chunksOf({ path, contentId }: Whole): AsyncGenerator<Chunk> {
  const file = await open(path);
  try {
    for (let at = 0; ; at += 1) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, at * CHUNK_BYTES);
      if (bytesRead === 0) return;
      yield { contentId, at, bytes: buffer.subarray(0, bytesRead) };
    }
  } finally {
    await file.close();
  }
}

/** By the machine's own time, as files have it. */
async function sweepCopies(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const modifiedAtMs = await stat(path).then(
      each => each.mtimeMs,
      () => Number.POSITIVE_INFINITY,
    );
    if (modifiedAtMs < Date.now() - COPY_KEPT_MS) await rm(path, { force: true });
  }
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    await copyFile(from, `${to}.part`, constants.COPYFILE_FICLONE);
    await rename(`${to}.part`, to);
    await rm(from, { force: true });
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
