import type { Keyv } from 'keyv';
import type { StoredSettings } from '../core/ports.ts';

/** Settings over a Keyv, whichever store it has; `sweep` is the store's own, for Keyv deletes only what it is asked for. */
export function createSettings(keyv: Keyv, sweep: StoredSettings['sweep']): StoredSettings {
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
    sweep,
  };
}
