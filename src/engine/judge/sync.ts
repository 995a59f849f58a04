/** How well a mouth goes with a voice. Pure. */

/** Below the loudest frame by more than this, in dB, all is silence. */
const silenceDb = 55;
/** A voice that nowhere passes this, in dBFS, is none. */
const nothingDb = -75;
/** Lips whose gap never differs by more than this, in heights of the face, don't move: landmarks tremble that much. */
const leastMotion = 0.002;
/** Lags that are tried, in frames; of two that fit as well the nearer to 0 counts. */
const lags = [0, 1, -1, 2, -2, 3, -3];

/** `lag` in frames: how much later the mouth moves than the voice sounds; `correlation` (Pearson's) is the one at this lag. */
export type Sync = { correlation: number; lag: number };

/** The level of each frame's time in dB of mean power, the loudest 0, none below -55. */
export function energyDb(samples: Float32Array, sampleRate: number, frames: number, fps: number): Float32Array {
  const db = Float32Array.from({ length: frames }, (_, frame) => {
    const part = samples.subarray(Math.round((frame * sampleRate) / fps), Math.round(((frame + 1) * sampleRate) / fps));
    const power = part.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, part.length);
    return 10 * Math.log10(power + 1e-10);
  });
  const loudest = db.reduce((most, value) => Math.max(most, value), -100);
  if (loudest < nothingDb) return db.fill(-silenceDb);
  return db.map(value => Math.max(-silenceDb, value - loudest));
}

/** Pearson's correlation; 0 where one of the two never changes. */
export function correlation(one: readonly number[], other: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const [middle, otherMiddle] = [mean(one), mean(other)];
  let [both, own, its] = [0, 0, 0];
  for (const [at, value] of one.entries()) {
    const [a, b] = [value - middle, (other[at] ?? 0) - otherMiddle];
    both += a * b;
    own += a * a;
    its += b * b;
  }
  return own > 0 && its > 0 ? both / Math.sqrt(own * its) : 0;
}

/** The best correlation of gaps, each seen in a frame, with the voice's energy within ±3 frames; 0 if the lips never move. */
export function syncOf(gaps: readonly { frame: number; gap: number }[], energy: Float32Array): Sync {
  const all = gaps.map(({ gap }) => gap);
  if (gaps.length === 0 || Math.max(...all) - Math.min(...all) < leastMotion) return { correlation: 0, lag: 0 };
  let best: Sync = { correlation: Number.NEGATIVE_INFINITY, lag: 0 };
  for (const lag of lags) {
    const pairs = gaps.flatMap(({ frame, gap }) => {
      const level = energy[frame - lag];
      return level === undefined ? [] : [{ gap, level }];
    });
    const found = correlation(
      pairs.map(({ gap }) => gap),
      pairs.map(({ level }) => level),
    );
    if (found > best.correlation) best = { correlation: found, lag };
  }
  return best;
}
