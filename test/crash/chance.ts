import { seededRandom } from '../../src/engine/voice/random.ts';

/** Choices that are the same for the same seed. */
export type Chance = ReturnType<typeof createChance>;

export function createChance(seed: number) {
  // Neighbouring seeds begin alike: the first numbers are thrown away.
  const random = seededRandom(Math.imul(seed + 1, 0x9e3779b1));
  random();
  /** A whole number, both ends included. */
  const whole = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const pick = <const Value>(values: readonly [Value, ...Value[]]): Value => values[whole(0, values.length - 1)] ?? values[0];
  return {
    whole,
    pick,
    of: (probability: number) => random() < probability,
    list: <Value>(length: number, make: (index: number) => Value): Value[] => Array.from({ length }, (_, index) => make(index)),
  };
}
