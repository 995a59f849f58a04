/** The one sample rate of the analysis. */
export const voiceRate = 16_000;

/** Zero crossings of the filter on each side; with the Blackman window -70 dB outside the band. */
const crossings = 12;
/** Places between two samples at which the filter is tabulated; finer than the ear of an energy measure. */
const phases = 256;

/** The low-pass filter for each phase, `taps` values each. `cutoff` is in cycles per input sample. */
function filterTable(cutoff: number, reach: number): Float32Array {
  const taps = reach * 2;
  const table = new Float32Array(phases * taps);
  for (let phase = 0; phase < phases; phase += 1) {
    let total = 0;
    for (let tap = 0; tap < taps; tap += 1) {
      const distance = tap - reach + 1 - phase / phases;
      const angle = 2 * Math.PI * cutoff * distance;
      const sinc = distance === 0 ? 1 : Math.sin(angle) / angle;
      const place = clampUnit(distance / reach);
      const window = 0.42 + 0.5 * Math.cos(Math.PI * place) + 0.08 * Math.cos(2 * Math.PI * place);
      table[phase * taps + tap] = sinc * window;
      total += sinc * window;
    }
    for (let tap = 0; tap < taps; tap += 1) table[phase * taps + tap] = (table[phase * taps + tap] ?? 0) / total;
  }
  return table;
}

const clampUnit = (value: number) => Math.min(1, Math.max(-1, value));

/** Mono samples at 16 kHz, by a windowed sinc; at that rate they come back as they are. What is not finite counts as silence. */
export function toVoiceRate(samples: Float32Array, sampleRate: number): Float32Array {
  const clean = samples.every(Number.isFinite) ? samples : samples.map(sample => (Number.isFinite(sample) ? sample : 0));
  if (sampleRate === voiceRate) return clean;
  const step = sampleRate / voiceRate;
  const cutoff = 0.5 * Math.min(1, 1 / step) * 0.95;
  const reach = Math.ceil(crossings * Math.max(1, step));
  const table = filterTable(cutoff, reach);
  const taps = reach * 2;
  // Silence on both sides spares the inner loop its bounds.
  const padded = new Float32Array(clean.length + taps * 2);
  padded.set(clean, taps);
  const out = new Float32Array(Math.floor(clean.length / step));
  for (let at = 0; at < out.length; at += 1) {
    const place = at * step;
    const whole = Math.floor(place);
    const row = Math.floor((place - whole) * phases) * taps;
    const start = whole - reach + 1 + taps;
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) sum += (padded[start + tap] ?? 0) * (table[row + tap] ?? 0);
    out[at] = sum;
  }
  return out;
}

/** Where hum and rumble end and voices begin. */
const rumbleHz = 110;

/** Takes out what lies below voices: a high-pass of second order (Butterworth). */
export function withoutRumble(samples: Float32Array): Float32Array {
  const angle = (2 * Math.PI * rumbleHz) / voiceRate;
  const alpha = Math.sin(angle) * Math.SQRT1_2;
  const cosine = Math.cos(angle);
  const gain = (1 + cosine) / 2 / (1 + alpha);
  const back1 = (2 * cosine) / (1 + alpha);
  const back2 = (alpha - 1) / (1 + alpha);
  const out = new Float32Array(samples.length);
  let [in1, in2, out1, out2] = [0, 0, 0, 0];
  for (let at = 0; at < samples.length; at += 1) {
    const sample = samples[at] ?? 0;
    const made = gain * (sample - 2 * in1 + in2) + back1 * out1 + back2 * out2;
    [in2, in1, out2, out1] = [in1, sample, out1, made];
    out[at] = made;
  }
  return out;
}
