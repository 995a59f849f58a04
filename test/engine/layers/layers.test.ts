import { describe, expect, it } from 'vitest';
import { blend, darken } from '../../../src/engine/layers/blend.ts';
import type { Palette } from '../../../src/engine/layers/colours.ts';
import { spinFilm } from '../../../src/engine/layers/film.ts';
import { insideColour } from '../../../src/engine/layers/interior.ts';

const luma = (colour: number) => 0.2126 * (colour & 255) + 0.7152 * ((colour >>> 8) & 255) + 0.0722 * ((colour >>> 16) & 255);

describe('the film over a hole', () => {
  const columns = 12;
  const rows = 9;
  const spots = Array.from({ length: columns * rows }, (_, index) => ({ x: index % columns, y: Math.floor(index / columns) }));
  const isHole = ({ x, y }: { x: number; y: number }) => x > 2 && x < 9 && y > 1 && y < 7;

  it('goes on with an even slope of light as if there were no hole', () => {
    const slope = ({ x, y }: { x: number; y: number }): [number, number, number] => [10 * x, 200 - 8 * y, 5 * x + 3 * y];
    const film = spinFilm(
      ...([columns, rows] as const),
      spots.map(spot => (isHole(spot) ? undefined : slope(spot))),
    );
    for (const spot of spots.filter(isHole)) {
      for (const [channel, value] of slope(spot).entries()) expect(film(spot.x, spot.y)[channel]).toBeCloseTo(value, 0);
    }
  });

  it('stays between the colours around it, and is held at the border', () => {
    const film = spinFilm(
      ...([columns, rows] as const),
      spots.map(spot => (isHole(spot) ? undefined : ([spot.x < 6 ? 40 : 160, 90, 90] as [number, number, number]))),
    );
    for (const spot of spots.filter(isHole)) {
      expect(film(spot.x, spot.y)[0]).toBeGreaterThan(40);
      expect(film(spot.x, spot.y)[0]).toBeLessThan(160);
    }
    expect(film(-5, 4)).toEqual([40, 90, 90]);
  });
});

describe('the inside of the mouth', () => {
  const palette: Palette = { teeth: 0xffbec8d2, ruddy: 0xff646ed2, tongue: 0xff373c6e, dark: 0xff0a0c14 };
  const wide = { u: 0, fromUpper: 0.03, fromLower: 0.12, rounded: 0 };
  const at = (place: Partial<typeof wide> & { head: number }) => {
    const { u, head, fromUpper, fromLower, rounded } = { ...wide, ...place };
    return luma(insideColour(palette, u, 0.03, head, fromUpper, fromLower, rounded));
  };

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
