/**
 * The two lowest resonances of the vocal tract. F1 rises with the opening of the jaw (i, u about 300 Hz, a about 800); F2 falls
 * with rounding and the tongue's way back (u about 800, i about 2300).
 */
import { voiceRate } from './resample.ts';

/** `strength` 0 says that no pair was found. */
export type Formants = { f1: number; f2: number; strength: number };

const order = 14;
const lowHz = 180;
const highHz = 3_400;
const stepHz = 20;
const places = Math.floor((highHz - lowHz) / stepHz) + 1;
/** Where F1 may lie, and F2; F2 at least this far above F1. */
const f1Hz = { min: 220, max: 1_050 };
const f2Hz = { min: 700, max: 2_900 };
const apartHz = 200;

/** Levinson-Durbin: the coefficients a[0…order] (a[0] = 1) of the filter that whitens a signal of this autocorrelation. */
function whitening(autocorrelation: Float64Array): Float64Array | undefined {
  const filter = new Float64Array(order + 1);
  const next = new Float64Array(order + 1);
  filter[0] = 1;
  let error = autocorrelation[0] ?? 0;
  if (!(error > 0)) return undefined;
  for (let size = 1; size <= order; size += 1) {
    let sum = autocorrelation[size] ?? 0;
    for (let at = 1; at < size; at += 1) sum += (filter[at] ?? 0) * (autocorrelation[size - at] ?? 0);
    const reflection = -sum / error;
    next.set(filter);
    for (let at = 1; at < size; at += 1) next[at] = (filter[at] ?? 0) + reflection * (filter[size - at] ?? 0);
    next[size] = reflection;
    filter.set(next);
    error *= 1 - reflection * reflection;
    if (!(error > 0)) return undefined;
  }
  return filter;
}

function autocorrelate(window: Float64Array, out: Float64Array): void {
  for (let lag = 0; lag <= order; lag += 1) {
    let sum = 0;
    for (let at = lag; at < window.length; at += 1) sum += (window[at] ?? 0) * (window[at - lag] ?? 0);
    out[lag] = sum;
  }
  out[0] = (out[0] ?? 0) * 1.0001 + 1e-9; // a touch of noise keeps the recursion stable
}

/** Answers a function from a pre-emphasised, tapered window at 16 kHz to its formants. */
export function createFormants(): (window: Float64Array) => Formants {
  const autocorrelation = new Float64Array(order + 1);
  const level = new Float64Array(places);
  const angle = (place: number, at: number) => (2 * Math.PI * (lowHz + place * stepHz) * at) / voiceRate;
  const table = (turn: (angle: number) => number) =>
    Float64Array.from({ length: places * (order + 1) }, (_, at) => turn(angle(Math.floor(at / (order + 1)), at % (order + 1))));
  const cosines = table(Math.cos);
  const sines = table(Math.sin);

  /** The logarithm of the filter's inverse over the frequencies: the envelope of the sound. */
  function envelope(filter: Float64Array): void {
    for (let place = 0; place < places; place += 1) {
      let re = 0;
      let im = 0;
      for (let at = 0; at <= order; at += 1) {
        re += (filter[at] ?? 0) * (cosines[place * (order + 1) + at] ?? 0);
        im += (filter[at] ?? 0) * (sines[place * (order + 1) + at] ?? 0);
      }
      level[place] = -Math.log(re * re + im * im + 1e-12);
    }
  }

  /** How sharply the envelope bends down at a place: sees two resonances also where they have grown into one hill. */
  const bend = (place: number) => 2 * (level[place] ?? 0) - (level[place - 2] ?? 0) - (level[place + 2] ?? 0);

  return window => {
    autocorrelate(window, autocorrelation);
    const filter = whitening(autocorrelation);
    if (filter === undefined) return { f1: 0, f2: 0, strength: 0 };
    envelope(filter);
    const peaks: { hz: number; bend: number }[] = [];
    for (let place = 3; place < places - 3; place += 1) {
      const here = bend(place);
      if (here > 0.008 && here >= bend(place - 1) && here > bend(place + 1))
        peaks.push({ hz: lowHz + place * stepHz, bend: here });
    }
    const first = peaks.find(({ hz }) => hz >= f1Hz.min && hz <= f1Hz.max);
    const second = first && peaks.find(({ hz }) => hz >= Math.max(f2Hz.min, first.hz + apartHz) && hz <= f2Hz.max);
    if (first === undefined || second === undefined) return { f1: 0, f2: 0, strength: 0 };
    return { f1: first.hz, f2: second.hz, strength: Math.min(first.bend, second.bend) };
  };
}
