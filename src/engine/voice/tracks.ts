/** Tracks: one number each 10 ms, and what is done to them. Pure functions; none changes its input. */

/** Values of a track a second. */
export const trackRate = 100;

export type Track = Float32Array;

export const clamp = (value: number, low: number, high: number): number => (value < low ? low : value > high ? high : value);

/** 0 up to `low`, 1 from `high` on, smooth between. */
export function smoothstep(low: number, high: number, value: number): number {
  const share = clamp((value - low) / (high - low), 0, 1);
  return share * share * (3 - 2 * share);
}

/** A track of the same length made value by value. */
export function trackOf(length: number, value: (at: number) => number): Track {
  const out = new Float32Array(length);
  for (let at = 0; at < length; at += 1) out[at] = value(at);
  return out;
}

/** The value below which `share` (0…1) of them lie; `otherwise` when there are none. */
export function percentile(values: Float32Array, share: number, otherwise: number): number {
  if (values.length === 0) return otherwise;
  const sorted = values.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? otherwise;
}

/** The median of each five neighbours; the ends repeat. Takes out single wrong values and keeps edges. */
export function median5(track: Track): Track {
  const last = track.length - 1;
  const five = new Float32Array(5);
  return trackOf(track.length, at => {
    for (let near = 0; near < 5; near += 1) five[near] = track[clamp(at + near - 2, 0, last)] ?? 0;
    five.sort();
    return five[2] ?? 0;
  });
}

/** Smoothed by a Gaussian with this standard deviation; beyond the ends it is as at the ends. */
export function gaussian(track: Track, sigmaSeconds: number): Track {
  const sigma = sigmaSeconds * trackRate;
  const reach = Math.ceil(sigma * 3);
  const kernel = trackOf(reach * 2 + 1, at => Math.exp(-0.5 * ((at - reach) / sigma) ** 2));
  const total = kernel.reduce((sum, value) => sum + value, 0);
  const last = track.length - 1;
  return trackOf(track.length, at => {
    let sum = 0;
    for (let near = 0; near < kernel.length; near += 1)
      sum += (kernel[near] ?? 0) * (track[clamp(at + near - reach, 0, last)] ?? 0);
    return sum / total;
  });
}

/** The largest value from `from` to `to` places away, both included. */
export function highest(track: Track, at: number, from: number, to: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let near = Math.max(0, at + from); near <= Math.min(track.length - 1, at + to); near += 1)
    most = Math.max(most, track[near] ?? most);
  return most;
}

/** The smallest value from `from` to `to` places away, both included. */
export function lowest(track: Track, at: number, from: number, to: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let near = Math.max(0, at + from); near <= Math.min(track.length - 1, at + to); near += 1)
    least = Math.min(least, track[near] ?? least);
  return least;
}

/** What stands out of a track only for a moment: the track less `times` its mean around, never below 0. */
export function passing(track: Track, sigmaSeconds: number, times: number): Track {
  const lasting = gaussian(track, sigmaSeconds);
  return trackOf(track.length, at => Math.max(0, (track[at] ?? 0) - times * (lasting[at] ?? 0)));
}

/** The values where `weight` is above 0 stay; the gaps are bridged by straight lines, the ends by their neighbour. */
export function bridged(track: Track, weight: Track, otherwise: number): Track {
  const out = new Float32Array(track.length).fill(otherwise);
  let before = -1;
  for (let at = 0; at < track.length; at += 1) {
    if (!((weight[at] ?? 0) > 0)) continue;
    const here = track[at] ?? otherwise;
    const from = before < 0 ? here : (track[before] ?? here);
    for (let gap = before + 1; gap < at; gap += 1) out[gap] = from + ((here - from) * (gap - before)) / (at - before);
    out[at] = here;
    before = at;
  }
  if (before >= 0) out.fill(track[before] ?? otherwise, before + 1);
  return out;
}

/** A track between its values, at a time in seconds; value n stands for the middle of its 10 ms. Held at the ends. */
export function sampleAt(track: Track, seconds: number): number {
  const place = clamp(seconds * trackRate - 0.5, 0, Math.max(0, track.length - 1));
  const low = Math.floor(place);
  const from = track[low] ?? 0;
  return from + ((track[low + 1] ?? from) - from) * (place - low);
}
