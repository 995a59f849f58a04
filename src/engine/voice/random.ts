/** Chance that is the same for the same voice: everything random in a render comes from a hash of its sound. */

/** FNV-1a over the samples at 16 bits, so that rounding below what a file can hold makes no other motion. */
export function hashOf(samples: Float32Array): number {
  let hash = 0x811c9dc5;
  for (const sample of samples) hash = Math.imul(hash ^ (Math.round(sample * 32_767) & 0xffff), 0x01000193);
  return hash >>> 0;
}

/** mulberry32: numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A wandering value from -1 to 1 over time: random points, `perSecond` of them, joined by cubics without kinks, and the same at
 * 2.3 times the speed and a third of the size on top.
 */
export function wander(random: () => number, perSecond: number, seconds: number): (atSeconds: number) => number {
  const slow = pointsOf(random, perSecond, seconds);
  const fast = pointsOf(random, perSecond * 2.3, seconds);
  return atSeconds => 0.75 * slow(atSeconds) + 0.25 * fast(atSeconds);
}

function pointsOf(random: () => number, perSecond: number, seconds: number): (atSeconds: number) => number {
  const points = Float32Array.from({ length: Math.ceil(seconds * perSecond) + 4 }, () => random() * 2 - 1);
  const point = (index: number) => points[Math.min(points.length - 1, Math.max(0, index))] ?? 0;
  return atSeconds => {
    const place = atSeconds * perSecond + 1;
    const index = Math.floor(place);
    const share = place - index;
    const ease = share * share * (3 - 2 * share);
    return point(index) + (point(index + 1) - point(index)) * ease;
  };
}
