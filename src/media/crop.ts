/** Where a portrait is cut to a square. */

/** Clockwise. */
export type QuarterTurns = 0 | 1 | 2 | 3;

/** The middle and the side of what must be seen, in pixels of the upright picture: a face with some room around it. */
export type Focus = { x: number; y: number; side: number };

/**
 * The largest square inside a picture around its focus, or around its middle without one. With a focus it is no larger than
 * the focus asks for, and moved inwards where it would leave the picture.
 */
export function squareAround(width: number, height: number, focus?: Focus): { left: number; top: number; side: number } {
  const { x, y, side: wanted } = focus ?? { x: width / 2, y: height / 2, side: Number.POSITIVE_INFINITY };
  const side = Math.max(1, Math.floor(Math.min(width, height, wanted)));
  const place = (middle: number, length: number) => Math.round(Math.min(Math.max(middle - side / 2, 0), length - side));
  return { left: place(x, width), top: place(y, height), side };
}
