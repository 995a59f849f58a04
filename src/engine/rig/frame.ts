/** Places and directions of parts of the face that may be tilted. */
import type { Xy } from './maths.ts';

/** A place in the picture and two directions that stand upright on each other there. */
export type Frame = Xy & { ex: Xy; ey: Xy };

export function along(frame: Frame, x: number, y: number): Xy {
  const [dx, dy] = [x - frame.x, y - frame.y];
  return { x: dx * frame.ex.x + dy * frame.ex.y, y: dx * frame.ey.x + dy * frame.ey.y };
}

export function placeIn(frame: Frame, right: number, down: number): Xy {
  return {
    x: frame.x + right * frame.ex.x + down * frame.ey.x,
    y: frame.y + right * frame.ex.y + down * frame.ey.y,
  };
}

/** The frame at an origin whose ex points from one place to another. */
export function frameAt(origin: Xy, from: Xy, to: Xy): Frame {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const ex = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
  return { ...origin, ex, ey: { x: -ex.y, y: ex.x } };
}

export const middle = (a: Xy, b: Xy): Xy => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
