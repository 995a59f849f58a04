import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Curves } from '../../../src/engine/curves.ts';
import { seededRandom } from '../../../src/engine/voice/random.ts';
import { curvesFps, voiceCurves } from '../../../src/engine/voice/voice.ts';
import { m, p, type Sound, sibilant, silence, speak, vowel, vowels } from './synth.ts';

const sampleRate = 16_000;
type Name = Exclude<keyof Curves, 'frames'>;
const unipolar = ['open', 'teeth', 'press', 'blink'] as const;
const bipolar = ['wide', 'brows', 'gazeX', 'gazeY', 'yaw', 'pitch', 'roll', 'tx', 'ty', 'breath'] as const;

const curvesOf = (samples: Float32Array, rate = sampleRate) =>
  voiceCurves(samples, rate, Math.ceil((samples.length / rate) * curvesFps));

/** The curves of spoken sounds, and the mean of a curve within the n-th sound, its edges left out. */
function spoken(sounds: readonly Sound[], f0: number) {
  const curves = curvesOf(speak(sounds, { f0 }));
  const within = (name: Name, index: number) => {
    const from = sounds.slice(0, index).reduce((sum, { seconds }) => sum + seconds, 0);
    const to = from + (sounds[index]?.seconds ?? 0);
    const first = Math.floor((from + 0.02) * curvesFps);
    return mean(curves[name].subarray(first, Math.max(first + 1, Math.ceil((to - 0.02) * curvesFps))));
  };
  return { curves, within };
}
const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values: Float32Array) => Math.max(...values) - Math.min(...values);
const noise = (seconds: number, level: number, seed = 3) => {
  const random = seededRandom(seed);
  return Float32Array.from({ length: seconds * sampleRate }, () => (random() * 2 - 1) * level);
};

describe.each([105, 150, 230])('the mouth of a voice of %d Hz', f0 => {
  const names = Object.keys(vowels) as (keyof typeof vowels)[];
  const { within } = spoken([silence(0.3), ...names.flatMap(name => [vowel(name, 0.35), silence(0.25)])], f0);
  const of = (curve: Name, name: keyof typeof vowels) => within(curve, 1 + 2 * names.indexOf(name));

  it('opens wider for a than for o and e, and for these wider than for i and u', () => {
    expect(of('open', 'a')).toBeGreaterThan(0.5);
    for (const middle of ['o', 'e'] as const) {
      expect(of('open', 'a')).toBeGreaterThan(of('open', middle) + 0.1);
      for (const close of ['i', 'u'] as const) expect(of('open', middle)).toBeGreaterThan(of('open', close) + 0.08);
    }
    for (const close of ['i', 'u'] as const) expect(of('open', close)).toBeGreaterThan(0.05);
  });

  it('rounds for u and o, spreads for i and e', () => {
    for (const round of ['u', 'o'] as const) expect(of('wide', round)).toBeLessThan(-0.4);
    expect(of('wide', 'i')).toBeGreaterThan(0.5);
    expect(of('wide', 'e')).toBeGreaterThan(0.15);
  });

  it('is shut between the sounds', () => {
    for (let gap = 2; gap <= 2 * names.length; gap += 2) expect(within('open', gap)).toBeLessThan(0.13);
  });

  it('stays open through a held vowel, in a clip without any pause', () => {
    const { open } = curvesOf(speak([vowel('a', 2)], { f0 }));
    const held = open.subarray(8, 42);
    expect(Math.min(...held)).toBeGreaterThan(0.45);
    expect(spread(held)).toBeLessThan(0.25);
  });

  it('is pressed shut in m and p between vowels, and only there', () => {
    const word = [
      silence(0.3),
      vowel('a', 0.25),
      m(),
      vowel('a', 0.25),
      ...p,
      vowel('a', 0.25),
      m(),
      vowel('u', 0.2),
      silence(0.3),
    ];
    const { within, curves } = spoken(word, f0);
    for (const closure of [2, 4, 7]) {
      expect(within('press', closure)).toBeGreaterThan(0.5);
      expect(within('open', closure)).toBeLessThan(0.2);
    }
    for (const free of [1, 3, 6, 8]) expect(within('press', free)).toBeLessThan(0.15);
    // Somewhere in each closure the lips meet.
    const shut = Array.from(curves.open).filter((open, at) => open < 0.06 && at > 10 && at < 30);
    expect(shut.length).toBeGreaterThanOrEqual(2);
  });

  it('shows teeth in s without opening wide, and not in a', () => {
    const { within } = spoken([silence(0.3), vowel('a', 0.3), sibilant(0.16), vowel('a', 0.3), silence(0.3)], f0);
    expect(within('teeth', 2)).toBeGreaterThan(0.4);
    expect(within('open', 2)).toBeLessThan(0.35);
    expect(within('press', 2)).toBeLessThan(0.2);
    for (const open of [1, 3]) expect(within('teeth', open)).toBeLessThan(0.1);
  });
});

describe('a voice that says nothing', () => {
  it.each([
    ['digital silence', new Float32Array(12 * sampleRate)],
    ['a quiet room', noise(12, 0.0004)],
  ])('leaves the mouth shut, and the portrait alive: %s', (_, samples) => {
    const curves = curvesOf(samples);
    for (const name of ['open', 'teeth', 'press'] as const) expect(Math.max(...curves[name])).toBeLessThan(0.05);
    expect(spread(curves.wide)).toBeLessThan(0.1);
    expect(spread(curves.breath)).toBeGreaterThan(1.2);
    expect(Math.max(...curves.blink)).toBe(1);
    for (const name of ['yaw', 'roll'] as const) expect(spread(curves[name])).toBeGreaterThan(0.05);
  });

  it('hardly opens the mouth for loud noise or a hum of the mains', () => {
    const hum = noise(8, 0.001).map((value, at) => value + 0.2 * Math.sin((2 * Math.PI * 50 * at) / sampleRate));
    for (const samples of [noise(8, 0.3), hum]) {
      const { open, teeth, press } = curvesOf(samples);
      expect(mean(open)).toBeLessThan(0.1);
      expect(mean(teeth)).toBeLessThan(0.1);
      expect(mean(press)).toBeLessThan(0.05);
    }
  });

  it('is not shaken by one click among seconds of speech', () => {
    const sounds = [silence(1), vowel('a', 0.5), silence(1), vowel('a', 0.5), silence(1)];
    const clean = speak(sounds);
    const clicked = Float32Array.from(clean);
    clicked.fill(1, 8_000, 8_010);
    expect(mean(curvesOf(clicked).open)).toBeCloseTo(mean(curvesOf(clean).open), 1);
  });
});

describe('the measures of a voice', () => {
  const sounds = [silence(0.4), vowel('a', 0.3), m(), vowel('e', 0.3), sibilant(0.15), vowel('o', 0.3), ...p, vowel('i', 0.3)];
  const difference = (one: Float32Array, other: Float32Array) => mean(one.map((value, at) => Math.abs(value - (other[at] ?? 0))));

  it('are the same for a quiet and a loud recording', () => {
    const samples = speak([...sounds, silence(0.4)]);
    const [loud, quiet] = [curvesOf(samples), curvesOf(samples.map(sample => sample * 0.1))];
    for (const name of ['open', 'wide', 'teeth', 'press'] as const)
      expect(difference(loud[name], quiet[name])).toBeLessThan(0.03);
  });

  it('hardly change with the sample rate', () => {
    const at = (rate: number) => curvesOf(speak([...sounds, silence(0.4)], { sampleRate: rate }), rate);
    // Spoken anew at the other rate, so noise and pulses differ a little.
    expect(difference(at(48_000).open, at(16_000).open)).toBeLessThan(0.08);
  });

  it('survive steady noise below the voice', () => {
    const samples = speak([...sounds, silence(0.4)]);
    const noisy = noise(samples.length / sampleRate, 0.01).map((value, at) => value + (samples[at] ?? 0));
    expect(difference(curvesOf(noisy).open, curvesOf(samples).open)).toBeLessThan(0.08);
  });

  it('come when the sound does: the mouth follows a syllable within half a frame', () => {
    const pulses = speak([silence(0.2), ...Array.from({ length: 12 }, () => [vowel('a', 0.2), silence(0.22)]).flat()]);
    const { open } = curvesOf(pulses);
    const energy = open.map((_, frame) => {
      const part = pulses.subarray((frame * sampleRate) / curvesFps, ((frame + 1) * sampleRate) / curvesFps);
      return Math.sqrt(mean(part.map(sample => sample * sample)));
    });
    const product = (lag: number) => energy.reduce((sum, value, at) => sum + value * (open[at + lag] ?? 0), 0);
    const [before, now, after] = [product(-1), product(0), product(1)];
    expect(now).toBeGreaterThan(before);
    expect(now).toBeGreaterThan(after);
  });
});

describe('all curves', () => {
  function check(samples: Float32Array, rate: number, frames: number): void {
    const curves = voiceCurves(samples, rate, frames);
    expect(curves.frames).toBe(frames);
    for (const name of [...unipolar, ...bipolar]) {
      expect(curves[name]).toHaveLength(frames);
      const low = bipolar.some(other => other === name) ? -1 : 0;
      expect(curves[name].every(value => value >= low && value <= 1)).toBe(true);
    }
  }

  it('stay in their ranges whatever the samples are', () => {
    const sample = fc.oneof(fc.float({ min: -1, max: 1 }), fc.constantFrom(0, 1, -1, 50, Number.NaN, Number.POSITIVE_INFINITY));
    const samples = fc
      .array(sample, { maxLength: 400 })
      .chain(list =>
        fc.integer({ min: 1, max: 60 }).map(times => Float32Array.from(Array.from({ length: times }, () => list).flat())),
      );
    const rate = fc.constantFrom(8_000, 16_000, 44_100, 48_000, 96_000);
    fc.assert(
      fc.property(samples, rate, fc.integer({ min: 0, max: 60 }), (values, sampleRate, frames) =>
        check(values, sampleRate, frames),
      ),
      { numRuns: 40, seed: 1 },
    );
  });

  it.each([0, 1, 159, 640])('can be made of a voice of %d samples', count =>
    check(noise(1, 0.5).subarray(0, count), sampleRate, 5),
  );

  it('are the same for the same voice and others for another', () => {
    const samples = noise(3, 0.2);
    expect(curvesOf(samples)).toEqual(curvesOf(samples.slice()));
    expect(curvesOf(noise(3, 0.2, 4)).yaw).not.toEqual(curvesOf(samples).yaw);
  });

  it('begin with the portrait as it was given', () => {
    const curves = curvesOf(speak([silence(0.2), vowel('a', 1)]));
    for (const name of ['yaw', 'pitch', 'roll', 'tx', 'ty', 'brows', 'blink', 'open'] as const)
      expect(Math.abs(curves[name][0] ?? 1)).toBeLessThan(0.03);
  });

  it('move the head without jumps', () => {
    const curves = curvesOf(speak(Array.from({ length: 20 }, () => [vowel('a', 0.3), silence(0.2)]).flat()));
    for (const name of ['yaw', 'pitch', 'roll', 'tx', 'ty', 'brows'] as const)
      for (const [at, value] of curves[name].entries())
        expect(Math.abs(value - (curves[name][at - 1] ?? value))).toBeLessThan(0.18);
  });

  it('take well under a tenth of the time that the voice lasts', () => {
    const minute = speak(Array.from({ length: 60 }, () => [vowel('a', 0.6), silence(0.4)]).flat());
    const startedAtMs = performance.now();
    voiceCurves(minute, sampleRate, 1_500);
    expect(performance.now() - startedAtMs).toBeLessThan(6_000);
  });
});
