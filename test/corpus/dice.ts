import { seededRandom } from '../../src/engine/voice/random.ts';

/** Chance that is the same for the same seed. */
export type Dice = {
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  pick<T>(list: readonly T[]): T;
  bytes(length: number): Buffer;
};

export function createDice(seed: number): Dice {
  const next = seededRandom(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    pick(list) {
      const found = list[below(list.length)];
      if (found === undefined) throw new Error('an empty list');
      return found;
    },
    bytes: length => Buffer.from(Uint8Array.from({ length }, () => below(256))),
  };
}
