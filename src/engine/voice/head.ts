/** How the head and the brows go with the voice: its melody and its weight, above a sway that never stops. */
import type { Features } from './features.ts';
import type { Levels } from './levels.ts';
import { wander } from './random.ts';
import { bridged, clamp, gaussian, median5, percentile, smoothstep, type Track, trackOf, trackRate } from './tracks.ts';

/** For each 10 ms; ranges as in Curves. */
export type Head = { yaw: Track; pitch: Track; roll: Track; tx: Track; ty: Track; brows: Track; breath: Track };

/** One breath takes about this long at rest. */
const breathSeconds = 3.9;
/** The first picture is the portrait as it was given; from there the head sets itself in motion. */
const easeInSeconds = 0.7;

/** The pitch in the speaker's own range: 0 at the middle, about ±1 at the ends. Between voiced stretches it eases towards 0. */
function melodyOf({ f0, length }: Features, voiced: Track): Track {
  const sung = trackOf(length, at => ((voiced[at] ?? 0) > 0.6 && (f0[at] ?? 0) > 0 ? 1 : 0));
  const octaves = median5(trackOf(length, at => ((sung[at] ?? 0) > 0 ? Math.log2(f0[at] ?? 1) : 0)));
  const heard = octaves.filter((value, at) => (sung[at] ?? 0) > 0 && value > 0);
  const middle = percentile(heard, 0.5, 7.5);
  const reach = Math.max(0.15, (percentile(heard, 0.9, middle) - percentile(heard, 0.1, middle)) / 2);
  const known = trackOf(length, at => ((sung[at] ?? 0) > 0 && (octaves[at] ?? 0) > 0 ? 1 : 0));
  const raw = trackOf(length, at => clamp(((octaves[at] ?? middle) - middle) / reach, -1.3, 1.3));
  const near = gaussian(known, 0.12);
  const whole = bridged(raw, known, 0);
  return gaussian(
    trackOf(length, at => (whole[at] ?? 0) * smoothstep(0.05, 0.5, near[at] ?? 0)),
    0.09,
  );
}

export function headOf(features: Features, levels: Levels, voiced: Track, random: () => number): Head {
  const { length } = features;
  const seconds = length / trackRate;
  const melody = melodyOf(features, voiced);
  const weight = trackOf(length, at => (levels.loud[at] ?? 0) * (0.3 + 0.7 * (voiced[at] ?? 0)));
  // A syllable's weight is what rises above the phrase around it.
  const syllable = gaussian(weight, 0.11);
  const phrase = gaussian(weight, 0.7);
  const talking = trackOf(length, at => smoothstep(0.03, 0.3, phrase[at] ?? 0));
  const stress = trackOf(length, at => clamp(2.2 * ((syllable[at] ?? 0) - (phrase[at] ?? 0)), -1, 1));
  const sways = Array.from({ length: 6 }, (_, index) => wander(random, index < 3 ? 0.38 : 0.3, seconds));
  const browDrift = wander(random, 0.5, seconds);
  const breathOffset = random();
  const breathDrift = wander(random, 0.15, seconds);

  const ease = (at: number) => smoothstep(0, easeInSeconds, at / trackRate);
  const sway = (index: number, at: number) => sways[index]?.(at / trackRate) ?? 0;
  /** Still people sway too, but less. */
  const liveliness = (at: number) => (0.45 + 0.55 * (talking[at] ?? 0)) * ease(at);
  const made = (value: (at: number) => number) => trackOf(length, at => clamp(value(at), -1, 1));
  return {
    yaw: made(at => (0.95 * sway(0, at) + 0.3 * (melody[at] ?? 0) * sway(3, at)) * liveliness(at)),
    pitch: made(at => (0.45 * sway(1, at) + 0.42 * (stress[at] ?? 0) - 0.3 * (melody[at] ?? 0)) * liveliness(at)),
    roll: made(at => (0.75 * sway(2, at) + 0.1 * sway(0, at)) * liveliness(at)),
    tx: made(at => (0.6 * sway(3, at) + 0.25 * sway(0, at)) * liveliness(at)),
    ty: made(at => (0.4 * sway(4, at) + 0.25 * (stress[at] ?? 0)) * liveliness(at)),
    brows: made(
      at => (0.5 * (melody[at] ?? 0) + 0.25 * Math.max(0, stress[at] ?? 0) + 0.2 * browDrift(at / trackRate)) * liveliness(at),
    ),
    breath: made(at => {
      const turn = at / trackRate / breathSeconds + breathOffset + 0.35 * breathDrift(at / trackRate);
      // In is quicker than out.
      return Math.sin(2 * Math.PI * turn + 0.35 * Math.sin(2 * Math.PI * turn));
    }),
  };
}
