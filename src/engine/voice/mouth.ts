/** How the mouth moves: from the sound's own measures to the openings that make such sounds. */
import { pressOf } from './closures.ts';
import type { Features } from './features.ts';
import type { Levels } from './levels.ts';
import { bridged, clamp, gaussian, median5, passing, percentile, smoothstep, type Track, trackOf } from './tracks.ts';

/** For each 10 ms; ranges as in Curves. */
export type Mouth = { open: Track; wide: Track; teeth: Track; press: Track; voiced: Track };

/** The movers are not equally quick: the jaw is heavy, the corners are slow, a closure is a blow. Standard deviations in s. */
const jawSeconds = 0.03;
const cornersSeconds = 0.045;
const teethSeconds = 0.025;
const pressSeconds = 0.012;
/** A hiss that goes on is the room's, or music's: its mean over this time is taken off, this many times. */
const lastingHiss = { seconds: 0.4, times: 1.3 };
/** Usual formants of speech in Hz, the 10th and 90th of a hundred. They steady speakers who have said too little. */
const usual = { f1: [330, 760], f2: [1_150, 2_350] } as const;
const steadyingHops = 150;

/** A formant between the speaker's own extremes: 0…1, bridged where there is none. */
function withinSpeaker(formant: Track, known: Track, [usualLow, usualHigh]: readonly [number, number]): Track {
  const heard = formant.filter((_, at) => (known[at] ?? 0) > 0);
  const trust = heard.length / (heard.length + steadyingHops);
  const low = usualLow + (percentile(heard, 0.1, usualLow) - usualLow) * trust;
  const high = Math.max(low + 150, usualHigh + (percentile(heard, 0.9, usualHigh) - usualHigh) * trust);
  const whole = bridged(formant, known, (low + high) / 2);
  return median5(trackOf(formant.length, at => clamp(((whole[at] ?? 0) - low) / (high - low), 0, 1)));
}

/** Scales so that the widest openings of every speaker are about alike; a mumbler is helped, but stays one. */
function evenedOut(open: Track): Track {
  const spoken = open.filter(value => value > 0.08);
  const gain = clamp(0.85 / percentile(spoken, 0.96, 0.85), 0.8, 1.5);
  // Bent at the top, so that nothing is cut off flat.
  return open.map(value => 1.1 * Math.tanh((value * gain) / 1.1));
}

export function mouthOf(features: Features, levels: Levels): Mouth {
  const { length, voicing, high, bright, clarity } = features;
  const { loud } = levels;
  const voiced = median5(trackOf(length, at => smoothstep(0.35, 0.6, voicing[at] ?? 0) * smoothstep(0.08, 0.25, loud[at] ?? 0)));
  const known = trackOf(length, at => ((clarity[at] ?? 0) > 0 ? (voiced[at] ?? 0) : 0));
  const f1 = withinSpeaker(features.f1, known, usual.f1);
  const f2 = withinSpeaker(features.f2, known, usual.f2);
  const hiss = passing(
    trackOf(
      length,
      at => smoothstep(0.3, 0.75, high[at] ?? 0) * smoothstep(0.1, 0.4, loud[at] ?? 0) * (1 - (voiced[at] ?? 0) * 0.7),
    ),
    lastingHiss.seconds,
    lastingHiss.times,
  );
  const press = gaussian(pressOf(features, levels, voiced), pressSeconds);
  // Lips part for a phrase and stay parted between its sounds.
  const phrase = gaussian(
    trackOf(length, at => (voiced[at] ?? 0) * (loud[at] ?? 0)),
    0.1,
  );

  const jaw = trackOf(length, at => {
    const sounding = (voiced[at] ?? 0) * (0.34 + 0.66 * (f1[at] ?? 0)) * (loud[at] ?? 0) ** 0.8;
    const parted = 0.15 * Math.min(1, 2 * (phrase[at] ?? 0)) * smoothstep(0.05, 0.4, loud[at] ?? 0);
    return Math.max(sounding, parted, 0.24 * (hiss[at] ?? 0));
  });
  const corners = trackOf(length, at => {
    // An open jaw pulls the corners in by itself; only a narrow mouth shows whether it is round.
    const vowel = ((f2[at] ?? 0) * 2 - 1) * (1 - 0.55 * (f1[at] ?? 0)) * (voiced[at] ?? 0) * Math.min(1, 1.6 * (loud[at] ?? 0));
    return vowel + (hiss[at] ?? 0) * ((bright[at] ?? 0) * 1.1 - 0.6);
  });
  const open = evenedOut(gaussian(median5(jaw), jawSeconds));
  const wide = gaussian(median5(corners), cornersSeconds);
  const hissing = gaussian(hiss, teethSeconds);
  return {
    open: trackOf(length, at => clamp((open[at] ?? 0) * (1 - (press[at] ?? 0)), 0, 1)),
    wide: trackOf(length, at => clamp((wide[at] ?? 0) * (1 - 0.6 * (press[at] ?? 0)), -1, 1)),
    teeth: trackOf(length, at =>
      clamp((0.9 * (hissing[at] ?? 0) + 0.3 * Math.max(0, wide[at] ?? 0)) * (1 - (press[at] ?? 0)), 0, 1),
    ),
    press: press.map(value => clamp(value, 0, 1)),
    voiced,
  };
}
