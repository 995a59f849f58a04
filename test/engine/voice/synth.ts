/** A small speaking machine: a buzz or a hiss through three resonances that glide from sound to sound. */
import { seededRandom } from '../../../src/engine/voice/random.ts';

/** `buzz` and `hiss` are amplitudes; `formants` in Hz. A hiss is high-passed like s when `bright`. */
export type Sound = { seconds: number; buzz?: number; hiss?: number; formants?: [number, number, number]; bright?: boolean };

export const vowels = {
  a: [800, 1_250, 2_600],
  i: [290, 2_300, 3_000],
  u: [310, 800, 2_300],
  o: [480, 850, 2_400],
  e: [480, 1_950, 2_600],
} as const satisfies Record<string, [number, number, number]>;

const bandwidths = [70, 90, 140];
const glideSeconds = 0.03;

export const vowel = (name: keyof typeof vowels, seconds: number, buzz = 1): Sound => ({
  seconds,
  buzz,
  formants: vowels[name],
});
export const silence = (seconds: number): Sound => ({ seconds });
export const sibilant = (seconds: number): Sound => ({ seconds, hiss: 0.5, bright: true });
/** Lips shut; only the nose hums. Labial resonances, so that vowels glide out of and into them. */
export const m = (seconds = 0.08): Sound => ({ seconds, buzz: 0.12, formants: [230, 850, 2_200] });
/** Lips shut without any sound, then a short dull burst. */
export const p: Sound[] = [
  { seconds: 0.07, formants: [300, 800, 2_200] },
  { seconds: 0.012, hiss: 0.12, formants: [350, 850, 2_200] },
];

/** Speaks at a pitch of `f0` with a little melody; levels are near those of a prepared voice. */
export function speak(sounds: readonly Sound[], options: { sampleRate?: number; f0?: number } = {}): Float32Array {
  const { sampleRate = 16_000, f0 = 130 } = options;
  const random = seededRandom(7);
  const length = sounds.reduce((sum, { seconds }) => sum + Math.round(seconds * sampleRate), 0);
  const out = new Float32Array(length);
  const memory = bandwidths.map(() => [0, 0]);
  const now = { buzz: 0, hiss: 0, formants: [...(sounds.find(sound => sound.formants)?.formants ?? vowels.e)] };
  const glide = 1 - Math.exp(-1 / (glideSeconds * 0.4 * sampleRate));
  const onset = 1 - Math.exp(-1 / (0.006 * sampleRate));
  let [at, phase, lastPulse, lastHiss] = [0, 0, 0, 0];
  for (const sound of sounds) {
    for (let n = Math.round(sound.seconds * sampleRate); n > 0; n -= 1, at += 1) {
      now.buzz += ((sound.buzz ?? 0) - now.buzz) * onset;
      now.hiss += ((sound.hiss ?? 0) - now.hiss) * onset;
      now.formants = now.formants.map((hz, index) => hz + ((sound.formants?.[index] ?? hz) - hz) * glide);
      phase += (f0 * (1 + 0.12 * Math.sin((2 * Math.PI * 0.9 * at) / sampleRate))) / sampleRate;
      const pulse = phase >= 1 ? 1 : 0;
      phase -= pulse;
      lastPulse = lastPulse * 0.9 + pulse; // a glottis closes softly
      const noise = random() * 2 - 1;
      const bright = noise - lastHiss * 0.95;
      lastHiss = noise;
      let value = lastPulse * now.buzz + (sound.bright ? 0 : noise * now.hiss);
      for (const [index, state] of memory.entries()) {
        const r = Math.exp((-Math.PI * (bandwidths[index] ?? 80)) / sampleRate);
        const turn = 2 * r * Math.cos((2 * Math.PI * (now.formants[index] ?? 500)) / sampleRate);
        const [one = 0, two = 0] = state;
        value = (1 - turn + r * r) * value + turn * one - r * r * two;
        memory[index] = [value, one];
      }
      out[at] = value * 0.25 + (sound.bright ? bright * now.hiss * 0.1 : 0) + (random() - 0.5) * 5e-5;
    }
  }
  return out;
}
