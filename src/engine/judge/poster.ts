/** Which frame stands for a video. Pure. */
import type { Sighting } from './watch.ts';

/** The frame whose eyes are open, whose mouth speaks without gaping, and which is not the very beginning or end. */
export function posterFrame(seen: readonly Sighting[], frames: number): number {
  const sorted = (value: (sighting: Sighting) => number) => seen.map(value).sort((a, b) => a - b);
  const at = (values: readonly number[], share: number) => values[Math.floor(share * (values.length - 1))] ?? 0;
  const lids = sorted(({ lids }) => lids);
  const gaps = sorted(({ gap }) => gap);
  // Most frames are no blinks, so the upper half tells how open these eyes are.
  const [open, speaking] = [at(lids, 0.6), at(gaps, 0.7)];
  const [least, most] = [at(gaps, 0), Math.max(at(gaps, 1), at(gaps, 0) + 0.01)];
  const cost = ({ frame, lids, gap, bend }: Sighting) =>
    (4 * Math.max(0, open - lids)) / Math.max(open, 0.01) +
    Math.abs(gap - speaking) / (most - least) +
    10 * bend +
    (frame < frames * 0.05 || frame > frames * 0.95 ? 0.3 : 0);
  return seen.reduce<Sighting | undefined>((best, one) => (best && cost(best) <= cost(one) ? best : one), undefined)?.frame ?? 0;
}
