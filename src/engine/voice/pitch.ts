/** Whether a stretch of sound is voiced, and how high its voice is, by normalised autocorrelation. */
import { voiceRate } from './resample.ts';

/** `voicing` is the share of the sound that repeats, 0…1; `f0` in Hz, meaningless where voicing is low. */
export type Pitch = { voicing: number; f0: number };

/** Every second sample is enough for a pitch, once what lies above is taken out. */
const pitchRate = voiceRate / 2;
const minHz = 65;
const maxHz = 420;
const windowSamples = Math.round(0.032 * pitchRate);
const shortest = Math.floor(pitchRate / maxHz);
const longest = Math.ceil(pitchRate / minHz);

/** Answers the pitch around a time. The samples are at 16 kHz; they are halved once here. */
export function createPitch(samples: Float32Array): (atSeconds: number) => Pitch {
  const half = new Float64Array(Math.floor(samples.length / 2));
  for (let at = 0; at < half.length; at += 1) {
    const here = at * 2;
    const near = (samples[here - 1] ?? 0) + (samples[here + 1] ?? 0);
    const far = (samples[here - 2] ?? 0) + (samples[here + 2] ?? 0);
    half[at] = (6 * (samples[here] ?? 0) + 4 * near + far) / 16;
  }
  const correlation = new Float64Array(longest + 2);

  return atSeconds => {
    // Two windows, `lag` apart, with the asked time in the middle of both.
    const middle = Math.round(atSeconds * pitchRate);
    const start = Math.max(0, middle - Math.round((windowSamples + longest) / 2));
    if (start + windowSamples + longest + 1 >= half.length) return { voicing: 0, f0: 0 };
    let own = 0;
    let other = 0;
    for (let at = 0; at < windowSamples; at += 1) {
      own += (half[start + at] ?? 0) ** 2;
      other += (half[start + shortest - 1 + at] ?? 0) ** 2;
    }
    let best = 0;
    for (let lag = shortest - 1; lag <= longest + 1; lag += 1) {
      let sum = 0;
      for (let at = 0; at < windowSamples; at += 1) sum += (half[start + at] ?? 0) * (half[start + lag + at] ?? 0);
      correlation[lag] = sum / Math.sqrt(own * other + 1e-9);
      if (lag >= shortest && lag <= longest) best = Math.max(best, correlation[lag] ?? 0);
      other += (half[start + lag + windowSamples] ?? 0) ** 2 - (half[start + lag] ?? 0) ** 2;
    }
    // The first peak nearly as high as the best: the others are its multiples.
    for (let lag = shortest; lag <= longest; lag += 1) {
      const [left = 0, here = 0, right = 0] = correlation.subarray(lag - 1, lag + 2);
      if (here < best * 0.9 || here < left || here < right) continue;
      const shift = (left - right) / (2 * (left - 2 * here + right) || 1);
      return { voicing: Math.min(1, Math.max(0, here)), f0: pitchRate / (lag + shift) };
    }
    return { voicing: 0, f0: 0 };
  };
}
