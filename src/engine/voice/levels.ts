/** How loud a voice is by its own measure, whatever its level, its noise and its pauses. */
import type { Features } from './features.ts';
import { clamp, percentile, type Track, trackOf } from './tracks.ts';

/** Nothing below this is a voice, in dBFS; also what keeps a silent clip silent. */
const neverBelowDb = -62;
/** Speech spans at least this between its quiet and its loud; less is a held tone or noise, which is all of one loudness. */
const leastSpanDb = 18;
/** What lies further below the loudest is room and breath. */
const mostSpanDb = 38;
/** The loudest moments, so that one click among minutes is not taken for the voice. */
const loudestShare = 0.995;
const heardDb = 45;

export type Levels = {
  /** In dBFS: where the voice counts as silent, and as fully loud. */
  floorDb: number;
  topDb: number;
  /** 0 silent … 1 loud. */
  loud: Track;
};

export function levelsOf({ db, length }: Features): Levels {
  const loudest = percentile(db, loudestShare, neverBelowDb);
  const heard = db.filter(value => value > Math.max(neverBelowDb, loudest - heardDb));
  const topDb = Math.max(neverBelowDb + leastSpanDb, percentile(heard, 0.95, neverBelowDb));
  const floorDb = clamp(percentile(db, 0.05, neverBelowDb), topDb - mostSpanDb, topDb - leastSpanDb);
  return { floorDb, topDb, loud: trackOf(length, at => clamp(((db[at] ?? 0) - floorDb) / (topDb - floorDb), 0, 1)) };
}
