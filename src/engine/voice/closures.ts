/**
 * Where the lips are pressed together: p, b and m. Sound alone does not show lips, but it shows the gate: the range where vowels
 * live (500-3500 Hz) falls steeply and comes back steeply, while a hiss would fill the upper range and a glide would fall slowly.
 * Lips rather than the tongue are told by F2, which rises out of a labial closure and falls into it.
 */
import type { Features } from './features.ts';
import type { Levels } from './levels.ts';
import { clamp, highest, lowest, percentile, smoothstep, type Track, trackOf } from './tracks.ts';

/** In units of 10 ms: a closure is at most this long, and an edge takes at most this. */
const longest = 12;
const edge = 4;
/** How far F2 is followed beside a closure. */
const transition = 6;
const noiseMarginDb = 4;
/** Further below the loudest there is nothing to tell apart, even in a recording without noise. */
const deepestDb = 58;

/** How deep the range of the vowels falls between two louder neighbours, in dB. */
function depth(midDb: Track, at: number): number {
  const here = midDb[at] ?? 0;
  return Math.min(highest(midDb, at, -longest, -2), highest(midDb, at, 2, longest)) - here;
}

/** The steepest rise within a few hops after a place, in dB per 20 ms: a burst, or the onset of a vowel. */
function rise(midDb: Track, at: number, direction: 1 | -1): number {
  let most = 0;
  for (let step = 0; step <= edge * 2; step += 1) {
    const near = midDb[at + direction * step];
    const next = midDb[at + direction * (step + 2)];
    if (near !== undefined && next !== undefined) most = Math.max(most, next - near);
  }
  return most;
}

/** How much F2 gains from the edge of a closure to the vowel beside it, in Hz; 0 where it can't be told. */
function opening(f2: Track, voiced: Track, at: number, direction: 1 | -1): number {
  let first: number | undefined;
  let last = 0;
  for (let step = 0; step <= longest; step += 1) {
    const near = at + direction * step;
    if (!((voiced[near] ?? 0) > 0.5) || !((f2[near] ?? 0) > 0)) continue;
    if (first === undefined) first = step;
    if (step - first > transition) break;
    last = step;
  }
  if (first === undefined || last === first) return 0;
  return (f2[at + direction * last] ?? 0) - (f2[at + direction * first] ?? 0);
}

/** 0 apart … 1 pressed, for each 10 ms. `voiced` 0…1 tells where formants can be trusted. */
export function pressOf(features: Features, levels: Levels, voiced: Track): Track {
  const { midDb, high, f2, length } = features;
  // Below this, differences are those of noise.
  const bottom = Math.max(percentile(midDb, 0.05, levels.floorDb) + noiseMarginDb, levels.topDb - deepestDb);
  const floored = trackOf(length, at => Math.max(bottom, midDb[at] ?? bottom));
  return trackOf(length, at => {
    const deep = smoothstep(7, 17, depth(floored, at));
    if (deep === 0) return 0;
    const sharp = smoothstep(5, 12, Math.min(rise(floored, at, 1), rise(floored, at, -1) * 1.6));
    const labial = smoothstep(-120, 160, (opening(f2, voiced, at, 1) + opening(f2, voiced, at, -1)) / 2);
    const hiss =
      smoothstep(0.2, 0.5, high[at] ?? 0) * smoothstep(levels.floorDb - 10, levels.floorDb + 5, features.db[at] ?? bottom);
    const bottomed = smoothstep(9, 3, (floored[at] ?? 0) - lowest(floored, at, -longest, longest));
    return clamp(deep * (0.3 + 0.7 * sharp) * (0.45 + 0.55 * labial) * (1 - hiss) * bottomed * 1.4, 0, 1);
  });
}
