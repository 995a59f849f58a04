/**
 * Even loudness for voices, in three plain steps: measure (the mean power of the loud blocks, gated like ITU-R BS.1770 but
 * without its ear filter), one gain for the whole clip, and a soft limiter for the peaks that rise too high by it.
 */

/** Where voices are brought to, in dBFS of mean power; usual for speech, and well above what drivers of faces call silence. */
export const targetDbfs = -18;
/** No sample is louder than this afterwards. */
export const peakLimit = 10 ** (-1 / 20);
/** Voices this near to the target count as even. */
const toleranceDb = 1.5;
/** More would lift mere noise to the loudness of a voice. */
const maxGainDb = 30;
/** Below this, a block is silence; the first gate. */
const silenceDbfs = -60;
/** Blocks this far below the mean of the others are pauses; the second gate. */
const pauseDb = 10;
const blockSeconds = 0.4;
const blocksOverlap = 4;
/** From here on the limiter bends, so that it meets the limit smoothly. */
const knee = 0.5;

/** Loudness in dBFS of mean power, undefined when there is nothing but silence; the highest sample. */
export type Loudness = { dbfs: number | undefined; peak: number };

const toDb = (power: number) => 10 * Math.log10(power);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean power of each block; a clip shorter than a block is one. */
function blockPowers(samples: Float32Array, sampleRate: number): number[] {
  const size = Math.min(samples.length, Math.round(blockSeconds * sampleRate));
  const hop = Math.max(1, Math.floor(size / blocksOverlap));
  const powers: number[] = [];
  for (let start = 0; start + size <= samples.length; start += hop) {
    let sum = 0;
    for (let at = start; at < start + size; at += 1) sum += (samples[at] ?? 0) ** 2;
    powers.push(sum / size);
  }
  return powers;
}

export function measureLoudness(samples: Float32Array, sampleRate: number): Loudness {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  const heard = blockPowers(samples, sampleRate).filter(power => power > 0 && toDb(power) > silenceDbfs);
  if (heard.length === 0) return { dbfs: undefined, peak };
  const threshold = toDb(mean(heard)) - pauseDb;
  return { dbfs: toDb(mean(heard.filter(power => toDb(power) > threshold))), peak };
}

/** True when a voice needs no change: near the target, and its peaks are within the limit. */
export function isEven(loudness: Loudness): boolean {
  return loudness.dbfs !== undefined && Math.abs(loudness.dbfs - targetDbfs) <= toleranceDb && loudness.peak <= peakLimit;
}

/** Straight up to the knee, then bent so that no input passes the limit. */
function limited(sample: number): number {
  const size = Math.abs(sample);
  if (size <= knee) return sample;
  const room = peakLimit - knee;
  return Math.sign(sample) * (knee + room * Math.tanh((size - knee) / room));
}

/** The samples at the target's loudness. The clip must not be silent. */
export function levelled(samples: Float32Array, loudness: Loudness & { dbfs: number }): Float32Array {
  const gain = 10 ** (Math.min(targetDbfs - loudness.dbfs, maxGainDb) / 20);
  return samples.map(sample => limited(sample * gain));
}
