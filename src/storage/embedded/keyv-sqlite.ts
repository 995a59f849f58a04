import { EventEmitter } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';
import type { KeyvStoreAdapter, StoredData } from 'keyv';
import type { SettingRows } from '../settings.ts';

/**
 * Keyv's store on `node:sqlite`. Keyv itself keeps the expiry inside the value and serialises it; the column beside it
 * lets expired rows be deleted without being read. https://keyv.org/docs/storage-adapters/
 */
export function createKeyvSqlite(sql: DatabaseSync, now: () => number): KeyvStoreAdapter & SettingRows {
  const get = sql.prepare('select value from settings where key = ? and (expires_at_ms is null or expires_at_ms > ?)');
  const set = sql.prepare(
    'insert into settings (key, value, expires_at_ms) values (?, ?, ?) on conflict (key) do update set value = excluded.value, expires_at_ms = excluded.expires_at_ms',
  );
  const remove = sql.prepare('delete from settings where key = ?');
  const clear = sql.prepare(`delete from settings where key like ? escape '\\'`);
  const read = sql.prepare('select value from settings where key = ?');
  const insert = sql.prepare('insert into settings (key, value) values (?, ?) on conflict do nothing');
  const replace = sql.prepare('update settings set value = ?, expires_at_ms = null where key = ? and value = ?');
  const removeSame = sql.prepare('delete from settings where key = ? and value = ?');
  const purge = sql.prepare('delete from settings where expires_at_ms <= ?');

  const adapter = Object.assign(new EventEmitter(), {
    opts: { dialect: 'sqlite' },
    /** set by Keyv */
    namespace: undefined as string | undefined,
    async get<Value>(key: string): Promise<StoredData<Value> | undefined> {
      // Keyv hands out its own serialised text, and parses it itself.
      return get.get(key, now())?.value as StoredData<Value> | undefined;
    },
    async set(key: string, value: unknown, ttlMs?: number) {
      set.run(key, String(value), ttlMs === undefined ? null : now() + ttlMs);
      return true;
    },
    async delete(key: string) {
      return remove.run(key).changes > 0;
    },
    async clear() {
      clear.run(`${escapeLike(adapter.namespace ? `${adapter.namespace}:` : '')}%`);
    },
    async read(row: string) {
      const value = read.get(row)?.value;
      return value === undefined ? undefined : String(value);
    },
    async swap(row: string, before: string | undefined, after: string | undefined) {
      if (before === undefined) return after === undefined || insert.run(row, after).changes > 0;
      return (after === undefined ? removeSame.run(row, before) : replace.run(after, row, before)).changes > 0;
    },
    async sweep() {
      return Number(purge.run(now()).changes);
    },
    async has(key: string) {
      return get.get(key, now()) !== undefined;
    },
  });
  return adapter;
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
