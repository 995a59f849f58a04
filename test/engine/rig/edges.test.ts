import { describe, expect, it } from 'vitest';
import { darkSeam } from '../../../src/engine/rig/edges.ts';
import type { Frame } from '../../../src/engine/rig/frame.ts';
import { lookUp, type Table } from '../../../src/engine/rig/maths.ts';
import { partedLip } from '../../../src/engine/rig/parted-lips.ts';
import { packTexture, stageSide } from '../../../src/engine/rig/texture.ts';

type Colour = readonly [number, number, number];
const lip: Colour = [190, 110, 105];
const teeth: Colour = [225, 220, 205];
const dark: Colour = [40, 25, 25];

/** A mouth about the middle of the picture, 200 pixels wide; its unit is 300. */
const frame: Frame = { x: 512, y: 500, ex: { x: 1, y: 0 }, ey: { x: 0, y: 1 } };
const unit = 300;
const halfOf = () => 100;
const level = (height: number): Table => ({ from: -1, to: 1, values: new Float32Array(65).fill(height) });

/** A picture whose rows have these colours, by their height below the middle of the mouth. */
function rows(colourAt: (down: number, right: number) => Colour) {
  const rgba = new Uint8Array(stageSide * stageSide * 4);
  for (let y = 380; y < 620; y += 1) {
    for (let x = 380; x < 640; x += 1)
      rgba.set([...colourAt(y + 0.5 - frame.y, x + 0.5 - frame.x), 255], (y * stageSide + x) * 4);
  }
  return packTexture(rgba);
}

describe('the edges of parted lips', () => {
  const upper = { outer: level(-60), inner: level(-11), other: level(9) };
  const lower = { outer: level(60), inner: level(9), other: level(-11) };
  const middleOf = (table: Table) => lookUp(table, 0);

  it('are found where lips end and teeth begin, though the landmarks lie on the teeth', () => {
    const texture = rows(down => (Math.abs(down) < 20 ? teeth : lip));
    expect(Math.abs(middleOf(partedLip(texture, frame, upper, halfOf, unit)) + 20)).toBeLessThan(2.5);
    expect(Math.abs(middleOf(partedLip(texture, frame, lower, halfOf, unit)) - 20)).toBeLessThan(2.5);
  });

  it('are found at a dark gap too, and stay at the landmarks in the corners', () => {
    const found = partedLip(
      rows(down => (Math.abs(down) < 15 ? dark : lip)),
      ...([frame, lower, halfOf, unit] as const),
    );
    expect(Math.abs(middleOf(found) - 15)).toBeLessThan(2.5);
    expect(lookUp(found, 1)).toBeCloseTo(9, 1);
    expect(lookUp(found, -1)).toBeCloseTo(9, 1);
  });

  it('are not misled by a highlight on the lip', () => {
    const shining = rows((down, right) =>
      Math.abs(down) < 20 || (down > 0 && down < 34 && Math.abs(right + 30) < 12) ? teeth : lip,
    );
    const found = partedLip(shining, frame, lower, halfOf, unit);
    for (const u of [-0.5, -0.3, -0.1, 0.3]) expect(Math.abs(lookUp(found, u) - 20)).toBeLessThan(3);
  });

  it('are those of the landmarks where the picture shows no difference', () => {
    const found = partedLip(
      rows(() => lip),
      ...([frame, upper, halfOf, unit] as const),
    );
    expect(found.values.every(value => Math.abs(value + 11) < 0.01)).toBe(true);
  });
});

it('the seam of closed lips is the dark line near the landmarks', () => {
  const texture = rows(down => (Math.abs(down - 6) < 2 ? dark : lip));
  const seam = darkSeam(texture, frame, level(0), halfOf, unit);
  expect(Math.abs(lookUp(seam, 0) - 6)).toBeLessThan(4);
});
