/** Where things are, on a canvas of 1024 × 1024 units. The face looks forward; `mirror` maps one half onto the other. */
export const canvasUnits = 1024;

export type Point = readonly [x: number, y: number];

export const middleX = 512;
export const faceCentre: Point = [middleX, 480];
export const eyeLineY = 446;
export const eyeOffsetX = 93;
export const mouthY = 629;
export const mouthHalfWidth = 77;

export const mirror = ([x, y]: Point): Point => [2 * middleX - x, y];

/** The right half of the face's outline, from the top of the forehead to the chin. */
const outlineHalf: readonly Point[] = [
  [512, 196],
  [580, 204],
  [640, 240],
  [684, 306],
  [700, 380],
  [702, 450],
  [695, 520],
  [678, 584],
  [646, 640],
  [602, 682],
  [560, 717],
  [512, 729],
];

const tau = Math.PI * 2;
const samples = 720;

const toPolar = ([x, y]: Point) => ({
  angle: (Math.atan2(y - faceCentre[1], x - faceCentre[0]) + tau) % tau,
  radius: Math.hypot(x - faceCentre[0], y - faceCentre[1]),
});

const catmullRom = (a: number, b: number, c: number, d: number, t: number) =>
  0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);

const smoothed = (ring: Float64Array, reach: number) =>
  ring.map((_, centre) => {
    let sum = 0;
    for (let offset = -reach; offset <= reach; offset += 1) sum += ring[(centre + offset + samples) % samples] ?? 0;
    return sum / (2 * reach + 1);
  });

/** Radius of the outline for each of 720 directions, without the kinks of the knots, which the light would show. */
const radii: Float64Array = (() => {
  const whole = [...outlineHalf, ...outlineHalf.slice(1, -1).map(mirror)].map(toPolar).sort((a, b) => a.angle - b.angle);
  const at = (index: number) => {
    const turns = Math.floor(index / whole.length);
    const knot = whole[index - turns * whole.length] ?? { angle: 0, radius: 1 };
    return { angle: knot.angle + turns * tau, radius: knot.radius };
  };
  const raw = Float64Array.from({ length: samples }, (_, sample) => {
    const angle = (sample / samples) * tau;
    let index = -1;
    while (at(index + 1).angle <= angle) index += 1;
    const t = (angle - at(index).angle) / (at(index + 1).angle - at(index).angle);
    return catmullRom(at(index - 1).radius, at(index).radius, at(index + 1).radius, at(index + 2).radius, t);
  });
  return smoothed(smoothed(raw, 16), 10);
})();

const radiusAt = (angle: number) => {
  const position = (((angle + tau) % tau) / tau) * samples;
  const index = Math.floor(position);
  const low = radii[index % samples] ?? 1;
  const high = radii[(index + 1) % samples] ?? 1;
  return low + (high - low) * (position - index);
};

/** 0 at the centre of the face, 1 on its outline. */
export const outlineShare = (x: number, y: number) => {
  const dx = x - faceCentre[0];
  const dy = y - faceCentre[1];
  return Math.hypot(dx, dy) / radiusAt(Math.atan2(dy, dx));
};
