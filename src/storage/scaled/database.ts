import pg from 'pg';
import { backoffMs } from '../../core/backoff.ts';
import { MIGRATIONS } from './migrations.ts';

/** Postgres, with a bounded number of connections. */
export type Database = {
  readonly url: string;
  /**
   * Runs a statement and answers its rows. While Postgres can't be reached it is tried again for `patienceMs`; so a statement may
   * run twice, where its first answer was lost.
   */
  query(text: string, values?: readonly unknown[], options?: { patienceMs?: number }): Promise<Row[]>;
  /** The same with the driver's own result; for several statements in one text, as an array. */
  execute(text: string, values?: readonly unknown[], options?: { patienceMs?: number }): Promise<pg.QueryResult<Row>>;
  /** Runs in one transaction. Not tried again: where its last answer is lost, it may have been done. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** Statements sent so far. */
  statements(): number;
  close(): Promise<void>;
};

export type Row = Record<string, unknown>;
export type Query = (text: string, values?: readonly unknown[]) => Promise<Row[]>;

export type OpenAnswer = { ok: true; database: Database } | { ok: false; problem: 'newer' | 'unusable'; detail: string };

/** Ample for a restart of the database; a life cycle would rather wait than fail. */
const PATIENCE_MS = 60_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A connection that was cut without a word is given up after this; nothing here takes as long. */
const QUERY_TIMEOUT_MS = 15_000;
const RETRY_BACKOFF = { baseMs: 50, capMs: 2_000 };
/** Any number, as long as it is always the same: one process migrates at a time. */
const MIGRATION_LOCK = 4_715_001;
/** Numbers of Postgres are read as numbers: none here is beyond 2^53. */
const INT8 = 20;

/** Opens the store, and creates or migrates it. `newer`: a later version of the program has migrated it. */
export async function openDatabase(url: string, { connections }: { connections: number }): Promise<OpenAnswer> {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, Number);
  const pool = new pg.Pool({
    ...{ connectionString: url, max: connections, types, connectionTimeoutMillis: CONNECT_TIMEOUT_MS },
    ...{ application_name: 'hallo', keepAlive: true, query_timeout: QUERY_TIMEOUT_MS },
  });
  // A connection that breaks while nobody uses it: the next statement gets another.
  pool.on('error', () => {});
  try {
    const version = await migrate(pool);
    if (version === undefined) return { ok: true, database: wrap(url, pool) };
    await pool.end();
    const detail = `the database has schema ${version}, this program knows up to ${MIGRATIONS.length}`;
    return { ok: false, problem: 'newer', detail };
  } catch (error) {
    await pool.end();
    return { ok: false, problem: 'unusable', detail: describe(error) };
  }
}

/** Brings the schema up to date, in one transaction and one process at a time; answers the version found where it is newer than this program. */
async function migrate(pool: pg.Pool): Promise<number | undefined> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query('create schema if not exists hallo');
    await client.query(
      'create table if not exists hallo.version (single boolean primary key default true check (single), version integer not null)',
    );
    await client.query('insert into hallo.version (version) values (0) on conflict do nothing');
    const found = await client.query<{ version: number }>('select version from hallo.version');
    const version = found.rows[0]?.version ?? 0;
    for (const migration of MIGRATIONS.slice(version)) await client.query(migration);
    if (version < MIGRATIONS.length) await client.query('update hallo.version set version = $1', [MIGRATIONS.length]);
    await client.query('commit');
    return version > MIGRATIONS.length ? version : undefined;
  } finally {
    // Destroyed with whatever is left open on it.
    client.release(true);
  }
}

function wrap(url: string, pool: pg.Pool): Database {
  const closed = new AbortController();
  let statements = 0;
  const execute: Database['execute'] = async (text, values = [], { patienceMs = PATIENCE_MS } = {}) => {
    const giveUpAtMs = performance.now() + patienceMs;
    for (let attempt = 0; ; attempt += 1) {
      try {
        statements += 1;
        return await pool.query<Row>(text, [...values]);
      } catch (error) {
        if (closed.signal.aborted || !isOutage(error) || performance.now() > giveUpAtMs) throw withoutSecrets(error);
        await pause(backoffMs(attempt, RETRY_BACKOFF, Math.random), closed.signal);
      }
    }
  };
  return {
    url,
    execute,
    query: async (...what) => (await execute(...what)).rows,
    async transaction(work) {
      const client = await pool.connect();
      let isWhole = false;
      const query: Query = async (text, values = []) => {
        statements += 1;
        return (await client.query<Row>(text, [...values])).rows;
      };
      try {
        await query('begin');
        const value = await work(query);
        await query('commit');
        isWhole = true;
        return value;
      } catch (error) {
        throw withoutSecrets(error);
      } finally {
        // Whatever is open on a connection ends with it.
        client.release(!isWhole);
      }
    },
    statements: () => statements,
    async close() {
      closed.abort();
      await pool.end();
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Postgres is away, starting or stopping, or the connection broke: classes 08 and 57P of https://www.postgresql.org/docs/18/errcodes-appendix.html, and the socket's own errors. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    /^(08|57P|53300)/.test(code) ||
    /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|EAI_AGAIN|ENOTFOUND)/.test(code) ||
    /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error/i.test(
      error.message,
    )
  );
}

/** Driver errors carry the values of the row that they are about: only the message and the code go on. */
function withoutSecrets(error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? { code: error.code } : {};
  return Object.assign(new Error(`Postgres: ${describe(error)}`), code);
}

function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  return error instanceof Error ? error.message : String(error);
}
