import type { Keyv } from 'keyv';
import type { Settings } from '../core/ports.ts';

/** Settings over a Keyv, whichever store it has. */
export function createSettings(keyv: Keyv): Settings {
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
  };
}
