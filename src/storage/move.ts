import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../core/clock.ts';
import { renderSchema } from '../core/render.ts';
import { openDatabase as openSqlite } from './embedded/database.ts';
import { type Database, openDatabase as openPostgres } from './scaled/database.ts';
import { createPostgresFiles } from './scaled/files.ts';
import { dataOf } from './scaled/rows.ts';

type Row = Record<string, unknown>;
export type MoveAnswer = { ok: true; moved: Readonly<Record<string, number>> } | { ok: false; problem: string };

/** Where a move stands, in the target itself; not one of Keyv's. */
const MARK = 'move';
const BATCH = 200;
const WHOLE = ['guilds', 'spend', 'settings', 'known_videos'] as const;
const MODERATION = ['cases', 'reports', 'suspensions', 'warnings', 'pictures', 'audit'].map(name => `moderation_${name}`);

/**
 * Takes what an embedded installation holds to an empty Postgres. Begun again after a breakdown it goes on: what is there already is
 * left as it is. At the end the SQLite file is put aside, so that no bot performs the same renders from it once more.
 */
export async function moveToPostgres(
  { dataDir, databaseUrl }: { dataDir: string; databaseUrl: string },
  { clock, onProgress }: { clock: Clock; onProgress: (what: string, done: number, all: number) => void },
): Promise<MoveAnswer> {
  const source = openSqlite(dataDir);
  if (!source.ok) return { ok: false, problem: `The data directory can't be opened: ${source.detail}. Is the bot stopped?` };
  const target = await openPostgres(databaseUrl, { connections: 2 });
  if (!target.ok) {
    source.database.close();
    return { ok: false, problem: `The database can't be opened: ${target.detail}` };
  }
  const { sql } = source.database;
  const { database } = target;
  const moved: Record<string, number> = {};
  try {
    const strange = strangeTables(sql);
    if (strange.length > 0) throw new Error(`nothing is known of the tables ${strange.join(', ')}`);
    const problem = await begin(database);
    if (problem !== undefined) return { ok: false, problem };
    const tables = new Map<string, readonly Row[]>([['renders', all(sql, 'renders').map(row => renderRow(row, clock.now()))]]);
    for (const table of [...WHOLE, ...MODERATION]) tables.set(table, all(sql, table).map(plainRow));
    for (const [table, rows] of tables) {
      await copyRows(database, table, rows, done => onProgress(table, done, rows.length));
      moved[table] = rows.length;
    }
    moved.files = await copyFiles(database, { sql, dataDir, clock, onProgress });
    await finish(database);
  } finally {
    await database.close();
    source.database.close();
  }
  await rename(join(dataDir, 'hallo.db'), join(dataDir, 'hallo.db.moved'));
  return { ok: true, moved };
}

/** What is wrong with the target: only an empty one, or one that a move has begun to fill, is filled. */
async function begin({ query }: Database): Promise<string | undefined> {
  const [mark] = await query('select value from hallo.settings where key = $1', [MARK]);
  if (mark?.value === 'under way') return undefined;
  if (mark !== undefined) return 'This database holds what another installation was moved to.';
  const [used] = await query('select exists (select from hallo.renders) or exists (select from hallo.guilds) as used');
  if (used?.used === true) return 'This database is in use: an installation is moved to an empty one.';
  await query('insert into hallo.settings (key, value) values ($1, $2)', [MARK, 'under way']);
  return undefined;
}

async function finish({ query }: Database): Promise<void> {
  for (const table of ['renders', ...MODERATION.filter(name => name !== 'moderation_reports')]) {
    await query(
      `select setval(pg_get_serial_sequence('hallo.${table}', 'seq'), greatest((select max(seq) from hallo.${table}), 1))`,
    );
  }
  await query(`select setval('hallo.turns', greatest((select max(served_turn) from hallo.guilds), 1))`);
  await query('update hallo.settings set value = $2 where key = $1', [MARK, 'done']);
}

/** Tables that a later version added and this file was not told of. */
function strangeTables(sql: DatabaseSync): string[] {
  const known = new Set(['renders', 'files', 'sqlite_sequence', ...WHOLE, ...MODERATION]);
  const names = sql
    .prepare(`select name from sqlite_master where type = 'table'`)
    .all()
    .map(row => String(row.name));
  return names.filter(name => !known.has(name));
}

const all = (sql: DatabaseSync, table: string): Row[] => sql.prepare(`select * from ${table}`).all();

/** Postgres' text has no NUL; SQLite has no booleans, and settings with their expiry in a column that Keyv doesn't need. */
function plainRow({ expires_at_ms: _expires, ...row }: Row): Row {
  const plain = Object.entries(row).map(([key, value]) => [
    key,
    key === 'told' ? value === 1 : typeof value === 'string' ? value.replaceAll('\0', '') : value,
  ]);
  return Object.fromEntries(plain);
}

function renderRow(row: Row, nowMs: number): Row {
  const { seq, id, guild_id, member_id, phase, admitted_at_ms, not_before_ms, place_until_ms, closed_at_ms, data } = row;
  const common = { seq, id, guild_id, member_id, phase, admitted_at_ms, not_before_ms, closed_at_ms, counts: row.counts === 1 };
  const read = renderSchema.safeParse(json(data));
  if (read.success && read.data.phase === phase) {
    const { phaseAtMs, cancelledAtMs } = read.data;
    return { ...common, place_until_ms, phase_at_ms: phaseAtMs, cancelled_at_ms: cancelledAtMs, data: dataOf(read.data) };
  }
  return { ...common, phase: 'unreadable', phase_at_ms: nowMs, closed_at_ms: closed_at_ms ?? nowMs, data };
}

async function copyRows({ query }: Database, table: string, rows: readonly Row[], onProgress: (done: number) => void) {
  for (let at = 0; at < rows.length; at += BATCH) {
    const batch = rows.slice(at, at + BATCH);
    const columns = [...new Set(batch.flatMap(row => Object.keys(row)))].join(', ');
    await query(
      `insert into hallo.${table} (${columns}) overriding system value
        select ${columns} from json_populate_recordset(null::hallo.${table}, $1::text::json) on conflict do nothing`,
      [JSON.stringify(batch)],
    );
    onProgress(Math.min(rows.length, at + BATCH));
  }
}

type FileMove = {
  sql: DatabaseSync;
  dataDir: string;
  clock: Clock;
  onProgress: (what: string, done: number, all: number) => void;
};

async function copyFiles(database: Database, { sql, dataDir, clock, onProgress }: FileMove): Promise<number> {
  const folder = join(dataDir, `move-${randomUUID()}`);
  await mkdir(folder);
  try {
    const files = await createPostgresFiles(database, { clock, cacheDirectory: join(folder, 'cache') });
    const there = new Set((await database.query('select key from hallo.files')).map(row => row.key));
    const rows = all(sql, 'files').filter(row => Number(row.expires_at_ms) > clock.now());
    for (const [at, row] of rows.entries()) {
      const key = String(row.key);
      if (!there.has(key)) {
        // A copy, for what is put is taken away.
        const copy = join(folder, 'file');
        await copyFile(join(dataDir, 'files', key), copy);
        await files.put([{ key, path: copy }], Number(row.expires_at_ms));
      }
      onProgress('files', at + 1, rows.length);
    }
    return rows.length;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function json(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
