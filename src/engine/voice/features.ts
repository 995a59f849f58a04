/** What is measured of a voice: tracks of one value each 10 ms, from windows of 30 ms. */
import { createFormants } from './formants.ts';
import { createPitch } from './pitch.ts';
import { voiceRate } from './resample.ts';
import { createSpectrum, spectrumSize } from './spectrum.ts';
import { type Track, trackRate } from './tracks.ts';

export type Features = {
  length: number;
  /** Level in dBFS of mean power, never below `silenceDb`. */
  db: Track;
  /** Level from 500 to 3500 Hz: what remains of m and n is below, of s above. */
  midDb: Track;
  /** The share of the power above 3500 Hz, 0…1; sounds of the teeth. */
  high: Track;
  /** Of the power above 2000 Hz the share above 5000 Hz, 0…1: s is bright, sh dark. */
  bright: Track;
  /** How far the sound repeats itself, 0…1, and its pitch in Hz. */
  voicing: Track;
  f0: Track;
  /** Formants in Hz, and how clear they are; 0 where there are none. */
  f1: Track;
  f2: Track;
  clarity: Track;
};

export const silenceDb = -80;
const hop = voiceRate / trackRate;
const windowSize = Math.round(0.03 * voiceRate);
const preEmphasis = 0.97;

const hann = Float64Array.from({ length: windowSize }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (at + 0.5)) / windowSize));
const hannPower = hann.reduce((sum, value) => sum + value * value, 0);
const db = (power: number) => Math.max(silenceDb, 10 * Math.log10(power + 1e-12));
const place = (hz: number) => Math.round((hz * spectrumSize) / voiceRate);

function sumOf(power: Float64Array, fromHz: number, toHz: number): number {
  let sum = 0;
  for (let at = place(fromHz); at < place(toHz); at += 1) sum += power[at] ?? 0;
  return sum;
}

/** Measures a voice at 16 kHz. Memory: nine tracks, 3.6 kB a second. */
export function measure(samples: Float32Array): Features {
  const length = Math.ceil(samples.length / hop);
  const track = () => new Float32Array(length);
  const features = {
    ...{ length, db: track(), midDb: track(), high: track(), bright: track() },
    ...{ voicing: track(), f0: track(), f1: track(), f2: track(), clarity: track() },
  };
  const spectrum = createSpectrum();
  const formants = createFormants();
  const pitch = createPitch(samples);
  const plain = new Float64Array(windowSize);
  const emphasised = new Float64Array(windowSize);
  for (let at = 0; at < length; at += 1) {
    const start = at * hop + hop / 2 - windowSize / 2;
    for (let near = 0; near < windowSize; near += 1) {
      const sample = samples[start + near] ?? 0;
      plain[near] = sample * (hann[near] ?? 0);
      emphasised[near] = (sample - preEmphasis * (samples[start + near - 1] ?? 0)) * (hann[near] ?? 0);
    }
    const power = spectrum(plain);
    // Parseval: the power over half the places, twice, is the energy of the window.
    const scale = 2 / (spectrumSize * hannPower);
    const total = sumOf(power, 60, 8_000);
    features.db[at] = db(total * scale);
    features.midDb[at] = db(sumOf(power, 500, 3_500) * scale);
    if (features.db[at] === silenceDb) continue; // digital silence has no sound to describe
    features.high[at] = sumOf(power, 3_500, 8_000) / (total + 1e-12);
    features.bright[at] = sumOf(power, 5_000, 8_000) / (sumOf(power, 2_000, 8_000) + 1e-12);
    const { voicing, f0 } = pitch((at + 0.5) / trackRate);
    features.voicing[at] = voicing;
    features.f0[at] = f0;
    if (voicing < 0.3) continue;
    const { f1, f2, strength } = formants(emphasised);
    features.f1[at] = f1;
    features.f2[at] = f2;
    features.clarity[at] = strength;
  }
  return features;
}
