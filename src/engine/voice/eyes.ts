/** Lids and gaze. Times in seconds; the same chance, the same eyes. */
import { clamp, type Track, trackRate } from './tracks.ts';

/** Eyes are closed by a blink about this often, in s. */
export const blinkGap = { min: 1.8, max: 5 };
/** A lid falls in about 80 ms, rests, and rises in about twice that; seen from the moment when it is down. */
const fallSeconds = 0.09;
const restSeconds = 0.03;
const riseSeconds = 0.2;
/** How far a blink may be moved to fall into a pause of the voice, where people blink. */
const seekSeconds = 0.5;

/** When the lids are down: at random, but drawn to quiet moments. */
export function blinkTimes(random: () => number, loud: Track, seconds: number): number[] {
  const times: number[] = [];
  let from = 0;
  let due = 0.7 + 2 * random();
  while (due < seconds) {
    const low = Math.max(from + (times.length === 0 ? 0.4 : blinkGap.min), due - seekSeconds);
    const high = Math.min(from + blinkGap.max, due + seekSeconds);
    let best = due;
    let least = Number.POSITIVE_INFINITY;
    for (let at = low; at <= high; at += 0.02) {
      // Nearness counts a little, so that a voice without pauses leaves the time alone.
      const cost = (loud[Math.floor(at * trackRate)] ?? 0) + 0.3 * Math.abs(at - due);
      if (cost < least) [best, least] = [at, cost];
    }
    times.push(best);
    from = best;
    due = best + blinkGap.min + (blinkGap.max - blinkGap.min) * random();
  }
  return times;
}

/** How far the lids are down around a blink: quick down, slow up. */
export function lidAt(afterSeconds: number): number {
  const share = afterSeconds < 0 ? 1 + afterSeconds / fallSeconds : 1 - (afterSeconds - restSeconds) / riseSeconds;
  const closed = clamp(share, 0, 1);
  return afterSeconds < 0 ? closed : closed * closed * (3 - 2 * closed);
}

export type Glance = { atSeconds: number; x: number; y: number };

/** Where the eyes rest and from when on: mostly on the viewer, now and then beside, more so in pauses. */
export function glances(random: () => number, loud: Track, seconds: number): Glance[] {
  const list: Glance[] = [{ atSeconds: 0, x: 0, y: 0 }];
  for (let at = 0.8 + random(); at < seconds; at += 0.5 + 1.9 * random()) {
    const quiet = 1 - (loud[Math.floor(at * trackRate)] ?? 0);
    const aside = random() < 0.18 + 0.22 * quiet;
    const size = aside ? 0.42 : 0.1;
    const [x, y] = [random() * 2 - 1, random() * 2 - 1];
    list.push({ atSeconds: at, x: x * size, y: y * size * 0.6 });
    if (aside) at -= 0.3; // a look aside is soon over
  }
  return list;
}

/** Eyes jump; a jump takes about 40 ms, so one frame at most shows it under way. */
export function gazeAt(list: readonly Glance[], atSeconds: number): { x: number; y: number } {
  const jumpSeconds = 0.045;
  const now = list.findLastIndex(glance => glance.atSeconds <= atSeconds);
  const to = list[Math.max(0, now)];
  const from = list[Math.max(0, now - 1)];
  if (to === undefined || from === undefined) return { x: 0, y: 0 };
  const share = clamp((atSeconds - to.atSeconds) / jumpSeconds, 0, 1);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}
