import { describe, expect, it } from 'vitest';
import { blend, darken } from '../../../src/engine/layers/blend.ts';
import type { Palette } from '../../../src/engine/layers/colours.ts';
import { lidSource } from '../../../src/engine/layers/eyes.ts';
import { insideColour } from '../../../src/engine/layers/interior.ts';

const luma = (colour: number) => 0.2126 * (colour & 255) + 0.7152 * ((colour >>> 8) & 255) + 0.0722 * ((colour >>> 16) & 255);

describe('a closing lid', () => {
  it('draws its skin out without a fold, and keeps crease and lashes in their size', () => {
    for (let stretch = 1; stretch <= 2.4; stretch += 0.2) {
      expect(lidSource(0, stretch)).toBe(0);
      expect(lidSource(1, stretch)).toBeCloseTo(1, 10);
      for (let t = 0; t < 1; t += 0.02) expect(lidSource(t + 0.02, stretch)).toBeGreaterThan(lidSource(t, stretch));
      expect(lidSource(0.001, stretch) / 0.001).toBeCloseTo(stretch, 1);
      expect((1 - lidSource(0.999, stretch)) / 0.001).toBeCloseTo(stretch, 1);
    }
  });
});

describe('the inside of the mouth', () => {
  const palette: Palette = { teeth: [210, 200, 190], tongue: [110, 60, 55], dark: [20, 12, 10] };
  const wide = { u: 0, fromUpper: 0.03, fromLower: 0.12, rounded: 0 };
  const at = (place: Partial<typeof wide> & { head: number }, across = 0.03) =>
    luma(insideColour(palette, { ...wide, ...place }, across));

  it('has bright teeth above, dark behind, and a tongue on its floor', () => {
    expect(at({ head: 0.03 })).toBeGreaterThan(100);
    expect(at({ head: 0.09, fromUpper: 0.09, fromLower: 0.2 })).toBeLessThan(30);
    expect(at({ head: 0.13, fromUpper: 0.13, fromLower: 0.05 })).toBeGreaterThan(40);
  });

  it('is darker in its corners, under a lip, and in a mouth that hardly opens', () => {
    const teeth = at({ head: 0.03 });
    expect(at({ head: 0.03, u: 0.8 })).toBeLessThan(0.6 * teeth);
    expect(at({ head: 0.03, fromUpper: 0 })).toBeLessThan(0.8 * teeth);
    expect(at({ head: 0.02, fromUpper: 0.02, fromLower: 0.01 })).toBeLessThan(0.8 * teeth);
  });
});

describe('mixing packed colours', () => {
  it('gives either end exactly, and the middle in between', () => {
    expect(blend(0x204060, 0xa0c0e0, 0) & 0xffffff).toBe(0x204060);
    expect(blend(0x204060, 0xa0c0e0, 256) & 0xffffff).toBe(0xa0c0e0);
    expect(blend(0x204060, 0xa0c0e0, 128) & 0xffffff).toBe(0x6080a0);
  });

  it('darkens every channel alike', () => {
    expect(darken(0x80c040, 128) & 0xffffff).toBe(0x406020);
    expect(darken(0x80c040, 256) & 0xffffff).toBe(0x80c040);
  });
});
