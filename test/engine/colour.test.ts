import { describe, expect, it } from 'vitest';
import { i420Bytes, rgbaToI420 } from '../../src/engine/colour.ts';

describe('I420 in BT.709', () => {
  it.each([
    ['black', [0, 0, 0], [16, 128, 128]],
    ['white', [255, 255, 255], [235, 128, 128]],
    ['red', [255, 0, 0], [63, 102, 240]],
    ['green', [0, 255, 0], [173, 42, 26]],
    ['blue', [0, 0, 255], [32, 240, 118]],
  ])('of %s', (_name, [r = 0, g = 0, b = 0], expected) => {
    const rgba = Uint8Array.from({ length: 4 * 2 * 4 }, (_, at) => [r, g, b, 255][at % 4] ?? 0);
    const made = rgbaToI420(rgba, 4, 2);
    expect(made).toHaveLength(i420Bytes(4, 2));
    expect([made[0], made[8], made[10]]).toEqual(expected);
    expect(new Set(made.subarray(0, 8)).size).toBe(1);
  });

  it('takes chroma from the mean of four pixels, each of its own place', () => {
    const rgba = new Uint8Array(4 * 2 * 4);
    rgba.set([255, 0, 0, 255], 0); // one red pixel of the left block
    const made = rgbaToI420(rgba, 4, 2);
    expect([...made.subarray(0, 4)]).toEqual([63, 16, 16, 16]);
    expect([...made.subarray(8)]).toEqual([122, 128, 156, 128]);
  });
});
