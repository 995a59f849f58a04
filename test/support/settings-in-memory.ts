import type { SharedSettings } from '../../src/core/ports.ts';

/** Settings in memory, over a map that a test may look into. */
export function settingsInMemory(kept = new Map<string, unknown>()): SharedSettings {
  return {
    get: async key => kept.get(key),
    set: async (key, value) => void kept.set(key, value),
    delete: async key => void kept.delete(key),
    async change(key, to) {
      const { value, answer } = to(kept.get(key));
      if (value === undefined) kept.delete(key);
      else kept.set(key, value);
      return answer;
    },
  };
}
