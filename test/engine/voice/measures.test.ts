import { describe, expect, it } from 'vitest';
import { measure } from '../../../src/engine/voice/features.ts';
import { toVoiceRate, voiceRate, withoutRumble } from '../../../src/engine/voice/resample.ts';
import { gaussian, median5, passing, percentile, trackOf } from '../../../src/engine/voice/tracks.ts';
import { speak, vowel, vowels } from './synth.ts';

const tone = (hz: number, rate: number, seconds = 0.5) =>
  Float32Array.from({ length: rate * seconds }, (_, at) => 0.5 * Math.sin((2 * Math.PI * hz * at) / rate));
const power = (samples: Float32Array) => samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
const inner = (samples: Float32Array) => samples.subarray(1_000, samples.length - 1_000);
const median = (values: Float32Array) => percentile(values, 0.5, 0);

describe('resampling to 16 kHz', () => {
  it.each([8_000, 22_050, 44_100, 48_000, 96_000])('keeps tones of a voice from %d Hz', rate => {
    for (const hz of [150, 1_000, 3_000]) {
      const made = inner(toVoiceRate(tone(hz, rate), rate));
      const wanted = inner(tone(hz, voiceRate));
      expect(power(made.map((sample, at) => sample - (wanted[at] ?? 0))) / power(wanted)).toBeLessThan(1e-3);
    }
  });

  it('lets nothing above 8 kHz fold down', () => {
    for (const hz of [9_500, 12_000, 19_000]) expect(power(inner(toVoiceRate(tone(hz, 48_000), 48_000)))).toBeLessThan(1e-6);
  });

  it('takes out rumble and keeps voices', () => {
    expect(power(inner(withoutRumble(tone(40, voiceRate)))) / 0.125).toBeLessThan(0.03);
    expect(power(inner(withoutRumble(tone(300, voiceRate)))) / 0.125).toBeGreaterThan(0.95);
  });
});

describe('what is measured', () => {
  it.each(Object.entries(vowels))('finds the formants of %s', (name, [f1, f2]) => {
    for (const f0 of [100, 140]) {
      const features = measure(speak([vowel(name as keyof typeof vowels, 0.6)], { f0 }));
      const found = (track: Float32Array) => track.subarray(15, 55).filter(hz => hz > 0);
      expect(found(features.f1).length).toBeGreaterThan(20);
      expect(Math.abs(median(found(features.f1)) - f1)).toBeLessThan(90);
      expect(Math.abs(median(found(features.f2)) - f2)).toBeLessThan(180);
    }
  });

  it.each([80, 120, 200, 330])('finds a pitch of %d Hz', f0 => {
    const { f0: found, voicing } = measure(speak([vowel('e', 0.6)], { f0 }));
    expect(median(voicing.subarray(10, 50))).toBeGreaterThan(0.8);
    expect(Math.abs(Math.log2(median(found.subarray(10, 50)) / f0))).toBeLessThan(0.2); // it has a melody
  });

  it('measures levels in dBFS', () => {
    const { db } = measure(tone(500, voiceRate));
    expect(db[20]).toBeCloseTo(-9.03, 1);
  });
});

describe('tracks', () => {
  it('a median takes out a single wrong value and keeps an edge', () => {
    const step = trackOf(20, at => (at === 5 ? 9 : at < 10 ? 0 : 1));
    expect(Array.from(median5(step))).toEqual(Array.from(trackOf(20, at => (at < 10 ? 0 : 1))));
  });

  it('a Gaussian keeps constants, and the middle of a peak', () => {
    expect(
      Array.from(
        gaussian(
          trackOf(30, () => 0.5),
          0.03,
        ),
      ),
    ).toEqual(Array.from(trackOf(30, () => 0.5)));
    const peak = gaussian(
      trackOf(41, at => (at === 20 ? 1 : 0)),
      0.03,
    );
    expect(peak.indexOf(Math.max(...peak))).toBe(20);
  });

  it('what passes is kept, what lasts is not', () => {
    const track = trackOf(600, at => ((at > 50 && at < 60) || (at > 250 && at < 550) ? 1 : 0));
    const kept = passing(track, 0.4, 1.3);
    expect(kept[55]).toBeGreaterThan(0.8);
    expect(kept[400]).toBe(0);
  });
});
