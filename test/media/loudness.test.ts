import { describe, expect, it } from 'vitest';
import { isEven, levelled, measureLoudness, peakLimit, targetDbfs } from '../../src/media/loudness.ts';

const rate = 16_000;
const tone = (seconds: number, amplitude: number) =>
  Float32Array.from({ length: seconds * rate }, (_, at) => amplitude * Math.sin((2 * Math.PI * 200 * at) / rate));

function level(samples: Float32Array) {
  const { dbfs, peak } = measureLoudness(samples, rate);
  if (dbfs === undefined) throw new Error('silent');
  return { dbfs, peak };
}

describe('loudness', () => {
  it('of a full tone is 3 dB below its peak', () => {
    expect(level(tone(1, 1)).dbfs).toBeCloseTo(-3.01, 1);
    expect(level(tone(1, 0.1)).dbfs).toBeCloseTo(-23.01, 1);
  });

  it('does not fall by pauses', () => {
    const withPause = new Float32Array(rate * 6);
    withPause.set(tone(2, 0.1));
    expect(Math.abs(level(withPause).dbfs - level(tone(2, 0.1)).dbfs)).toBeLessThan(1);
  });

  it('of silence is undefined', () => {
    expect(measureLoudness(new Float32Array(rate), rate)).toEqual({ dbfs: undefined, peak: 0 });
    expect(isEven({ dbfs: undefined, peak: 0 })).toBe(false);
  });

  it.each([0.01, 0.1, 0.5, 1])('is at the target after levelling, from an amplitude of %d', amplitude => {
    const before = tone(2, amplitude);
    const after = level(levelled(before, level(before)));
    expect(after.dbfs).toBeCloseTo(targetDbfs, 1);
    expect(isEven(after)).toBe(true);
  });

  it('is not raised without bound, so noise stays quiet', () => {
    const before = tone(2, 0.002);
    expect(level(levelled(before, level(before))).dbfs).toBeCloseTo(level(before).dbfs + 30, 1);
  });

  it('never takes a peak past the limit, and keeps small samples straight', () => {
    const before = tone(2, 0.02);
    before[100] = 0.9;
    const after = levelled(before, level(before));
    expect(level(after).peak).toBeLessThanOrEqual(peakLimit);
    expect((after[21] ?? 0) / (before[21] ?? 1)).toBeCloseTo((after[41] ?? 0) / (before[41] ?? 1), 4);
  });
});
