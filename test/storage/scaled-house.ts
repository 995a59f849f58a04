import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { createClaimHints } from '../../src/storage/scaled/claim-hints.ts';
import { type Database, openDatabase } from '../../src/storage/scaled/database.ts';
import { createLeases } from '../../src/storage/scaled/leases.ts';
import { createPostgresLedger, type ScaledLedgerDeps } from '../../src/storage/scaled/ledger.ts';
import { createPostgresModeration } from '../../src/storage/scaled/moderation.ts';
import { openStorage, type Storage, type StorageOptions } from '../../src/storage/storage.ts';
import { newDatabase } from '../support/postgres/database.ts';

let ids = 0;

/** What decides by what stands there is run twice, and answers the second time: as where the first answer was lost on the way. */
export function losingAnswers(database: Database): Database {
  return {
    ...database,
    async query(text, ...rest) {
      if (/hallo\.(admit|write|claim_next|take_over|take_up|request_cancel)\(/.test(text)) await database.query(text, ...rest);
      return database.query(text, ...rest);
    },
  };
}

/** A database of a test file's own, in which any number of processes may be opened. */
export async function openHouse() {
  const url = await newDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'hallo-scaled-'));
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  const opened = new Set<Storage>();

  return {
    url,
    query: async (text: string, values: unknown[] = []) => (await pool.query<Record<string, unknown>>(text, values)).rows,
    /** A ledger alone, as of a process of this name. */
    async ledger(
      clock: Clock,
      owner: string,
      { around = it => it, ...deps }: Partial<ScaledLedgerDeps> & { around?: (database: Database) => Database } = {},
    ) {
      const answer = await openDatabase(url, { connections: 4 });
      if (!answer.ok) throw new Error(answer.detail);
      const { performs = true } = deps;
      const leases = createLeases(answer.database, { clock, owner, performs });
      await leases.renew();
      const hints = createClaimHints(clock.now);
      const database = around(answer.database);
      return createPostgresLedger(database, { clock, owner, leases, hints, performs, newId: () => `r${++ids}`, ...deps });
    },
    async moderation(clock: Clock) {
      const answer = await openDatabase(url, { connections: 4 });
      if (!answer.ok) throw new Error(answer.detail);
      const newId = () => `${++ids}${String(Math.random()).slice(2)}`;
      const moderation = createPostgresModeration(answer.database, { clock, owner: 'moderation', newId });
      return { moderation, close: answer.database.close };
    },
    /** A whole process's storage; what is not closed by the test is closed with the house. */
    async storage(owner: string, options: Partial<StorageOptions> & { clock?: Clock } = {}) {
      const { clock = systemClock, ...where } = options;
      const answer = await openStorage(
        { databaseUrl: url, dataDir: join(folder, owner), connections: 4, ...where },
        { clock, owner, newId: () => `r${++ids}` },
      );
      if (answer.ok) opened.add(answer.storage);
      return answer;
    },
    forget: (storage: Storage) => opened.delete(storage),
    /** Everything is as in the beginning. */
    async empty(): Promise<void> {
      const rows = await pool.query<{ name: string }>(
        `select tablename as name from pg_tables where schemaname = 'hallo' and tablename not in ('version', 'permits')`,
      );
      await pool.query(`truncate ${rows.rows.map(({ name }) => `hallo.${name}`).join(', ')}`);
    },
    async close(): Promise<void> {
      for (const storage of opened) await storage.close();
      await pool.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type House = Awaited<ReturnType<typeof openHouse>>;
