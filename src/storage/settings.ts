import type { Keyv } from 'keyv';
import { z } from 'zod';
import { type StoredSettings, UNREADABLE } from '../core/ports.ts';

/** What a store does beside Keyv's own: rows as they stand, by Keyv's whole key; undefined is no row. */
export type SettingRows = {
  read(row: string): Promise<string | undefined>;
  /** Writes `after` where the row is still `before`; false: it is not. */
  swap(row: string, before: string | undefined, after: string | undefined): Promise<boolean>;
  /** Keyv deletes only what it is asked for. */
  sweep: StoredSettings['sweep'];
};

/** As Keyv serialises. */
const keptSchema = z.object({ value: z.unknown(), expires: z.number().nullish() });

/** Settings over a Keyv, whichever store it has. */
export function createSettings(keyv: Keyv, rows: SettingRows): StoredSettings {
  return {
    async get(key) {
      return await keyv.get(key);
    },
    async set(key, value, ttlMs) {
      await keyv.set(key, value, ttlMs);
    },
    async delete(key) {
      await keyv.delete(key);
    },
    async change(key, to) {
      const row = `${keyv.namespace}:${key}`;
      for (;;) {
        const before = await rows.read(row);
        const { value, answer } = to(valueIn(before));
        const after = value === undefined ? undefined : JSON.stringify({ value });
        if (after === before || (await rows.swap(row, before, after))) return answer;
      }
    },
    sweep: rows.sweep,
  };
}

function valueIn(row: string | undefined): unknown {
  if (row === undefined) return undefined;
  const kept = keptSchema.safeParse(parsed(row));
  if (!kept.success) return UNREADABLE;
  const { value, expires } = kept.data;
  return typeof expires === 'number' && expires <= Date.now() ? undefined : value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
