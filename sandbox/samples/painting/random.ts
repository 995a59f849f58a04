/** Seeded random numbers in 0..1 (mulberry32), so that the painting is the same each time. */
export const createRandom = (seed: number) => {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    between: (low: number, high: number) => low + (high - low) * next(),
    /** Bell-shaped about 0, within -1..1. */
    around: () => (next() + next() + next()) / 1.5 - 1,
  };
};

export type Random = ReturnType<typeof createRandom>;
