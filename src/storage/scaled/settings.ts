import KeyvPostgres from '@keyv/postgres';
import { Keyv } from 'keyv';
import type { Clock } from '../../core/clock.ts';
import type { StoredSettings } from '../../core/ports.ts';
import { createSettings, type SettingRows } from '../settings.ts';
import type { Database } from './database.ts';

/** A change reaches every process at once by a message; one that may have missed it looks again after this. */
const KNOWN_FOR_MS = 1_500;
/** What is read again anyway, as long as messages are heard. */
const KNOWN_WHILE_HEARING_MS = 30_000;
const MOST_KNOWN = 5_000;

/** Settings of which this process remembers for a moment what it read. */
export type ScaledSettings = StoredSettings & {
  /** Another process changed a setting. */
  changed(key: string): void;
  /** Others may have changed any setting. */
  missed(): void;
};

const NAMESPACE = 'hallo';

/** Keyv writes the expiry, by the machine's own time, behind the value; read by a pattern, for a value may hold what no JSON of Postgres takes. */
const SWEEP = `delete from hallo.settings where substring(value from '"expires":([0-9]+)\\}$')::bigint < $1 returning 1`;

/** Each change is told to all processes by the statement that makes it. */
const TELL = `select pg_notify('hallo', 'setting ' || $1)`;

function createRows({ query }: Database): SettingRows {
  const wrote = async (change: string, values: readonly unknown[]) =>
    (await query(`with changed as (${change} returning 1) ${TELL} from changed`, values)).length > 0;
  return {
    async read(row) {
      const [found] = await query('select value from hallo.settings where key = $1', [row]);
      return found && String(found.value);
    },
    async swap(row, before, after) {
      if (before === undefined) {
        if (after === undefined) return true;
        return wrote('insert into hallo.settings (key, value) values ($1, $2) on conflict do nothing', [row, after]);
      }
      if (after === undefined) return wrote('delete from hallo.settings where key = $1 and value = $2', [row, before]);
      return wrote('update hallo.settings set value = $2 where key = $1 and value = $3', [row, after, before]);
    },
    sweep: async () => (await query(SWEEP, [Date.now()])).length,
  };
}

/** Keyv's own store on Postgres, over our connections. */
function createStore({ query }: Database): KeyvPostgres {
  const write = 'insert into hallo.settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value';
  return new (class extends KeyvPostgres {
    override async connect() {
      return (sql: string, values?: unknown[]) => query(sql, values);
    }
    override async set(key: string, value: unknown) {
      await query(`with written as (${write}) ${TELL}`, [key, value]);
    }
    override async delete(key: string) {
      const gone = await query(`with gone as (delete from hallo.settings where key = $1 returning 1) ${TELL} from gone`, [key]);
      return gone.length > 0;
    }
  })({ schema: 'hallo', table: 'settings' });
}

/** `hears`: whether messages of other processes arrive. */
export function createPostgresSettings(
  database: Database,
  { clock, hears }: { clock: Clock; hears: () => boolean },
): ScaledSettings {
  // A limit or a consent that could not be read must not pass for one that was never set.
  const keyv = new Keyv({ store: createStore(database), namespace: NAMESPACE, throwOnErrors: true });
  const settings = createSettings(keyv, createRows(database));
  const known = new Map<string, { value: unknown; readAtMs: number }>();
  /** Counts what was told of changes: a value that was read meanwhile may be the one before. */
  let changes = 0;

  const isFresh = (readAtMs: number) =>
    clock.now() < readAtMs + (hears() ? KNOWN_WHILE_HEARING_MS : KNOWN_FOR_MS) && clock.now() >= readAtMs;
  function forget(key: string): void {
    changes += 1;
    known.delete(key);
  }

  return {
    async get(key) {
      const lately = known.get(key);
      if (lately && isFresh(lately.readAtMs)) return lately.value;
      const [before, readAtMs] = [changes, clock.now()];
      const value = await settings.get(key);
      known.delete(key);
      if (changes === before) known.set(key, { value, readAtMs });
      for (const oldest of known.keys()) if (known.size > MOST_KNOWN) known.delete(oldest);
      return value;
    },
    async set(key, value, ttlMs) {
      forget(key);
      await settings.set(key, value, ttlMs);
      forget(key);
    },
    async delete(key) {
      forget(key);
      await settings.delete(key);
      forget(key);
    },
    async change(key, to) {
      forget(key);
      // What stands is read anew: what is known of it here may be a moment old.
      const answer = await settings.change(key, to);
      forget(key);
      return answer;
    },
    sweep: settings.sweep,
    changed: key => forget(key.slice(NAMESPACE.length + 1)),
    missed() {
      changes += 1;
      known.clear();
    },
  };
}
