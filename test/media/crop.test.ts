import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { squareAround } from '../../src/media/crop.ts';

describe('the square of a portrait', () => {
  it('is the middle without a focus', () => {
    expect(squareAround(600, 200)).toEqual({ left: 200, top: 0, side: 200 });
    expect(squareAround(200, 601)).toEqual({ left: 0, top: 201, side: 200 });
  });
  it('is moved inwards where the focus is at the border', () => {
    expect(squareAround(900, 300, { x: 890, y: 10, side: 200 })).toEqual({ left: 700, top: 0, side: 200 });
  });
  it('lies inside the picture, for any picture and focus', () => {
    const length = fc.integer({ min: 1, max: 5000 });
    const focus = fc.record({ x: fc.integer(), y: fc.integer(), side: fc.integer({ min: 1 }) });
    fc.assert(
      fc.property(length, length, fc.option(focus, { nil: undefined }), (width, height, at) => {
        const { left, top, side } = squareAround(width, height, at);
        return side >= 1 && left >= 0 && top >= 0 && left + side <= width && top + side <= height;
      }),
    );
  });
});
