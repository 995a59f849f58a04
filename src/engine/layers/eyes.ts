/**
 * Lids and gaze, painted with the portrait's own texels. The upper lid with its lashes slides down over the eye; the skin
 * between it and the brow is drawn out. The eyeball's texels shift a little within the opening.
 */
import { sampleAt } from '../raster/sample.ts';
import type { Eye, Face } from '../rig/face.ts';
import { along, placeIn } from '../rig/frame.ts';
import type { Pose } from '../rig/gains.ts';
import { type Field, type Grid, sampleGrid } from '../rig/grid.ts';
import { clamp, lookUp, mix, smooth } from '../rig/maths.ts';
import { lumaAt, meanColour, stageSide, type Texture } from '../rig/texture.ts';
import { blend, darken } from './blend.ts';

/** Where the lids meet, as a share of the opening from the top. */
const meeting = 0.92;
/** How far the skin above the lid is drawn out at most. */
const maxStretch = 2.4;

/** Lid heights over ξ (-1 at the left corner … 1): the lash line, the lower lid, and where the drawn-out skin begins. */
type Lids = { upper: number; lower: number; top: number; closed: number };

function lidsAt(eye: Eye, xi: number): Lids {
  const inside = clamp(xi, -1, 1);
  const upper = lookUp(eye.upper, inside);
  const lower = Math.max(upper, lookUp(eye.lower, inside));
  const closed = mix(upper, lower, meeting);
  const room = Math.max(0.75 * (upper - eye.brow), (closed - upper) / (maxStretch - 1), 3);
  return { upper, lower, top: upper - room, closed };
}

/**
 * Where on the resting lid a place of the closing lid comes from, both as shares of their heights (0 top, 1 lash line).
 * `stretch` is the quotient of the heights. f(t) = t + (k-1)(t - 3t² + 2t³) has the slope k at both ends, so crease and lashes
 * keep their size and the skin between them is what is drawn out.
 */
export function lidSource(t: number, stretch: number): number {
  return t + (stretch - 1) * t * (1 - 3 * t + 2 * t * t);
}

/** Colour of the lashes: the darkest texels along the upper lid. */
function lashColour(eye: Eye, texture: Texture): number {
  let darkest = { luma: 256, colour: 0xff000000 };
  for (let xi = -0.7; xi <= 0.7; xi += 0.1) {
    for (let up = -3; up <= 5; up += 1) {
      const place = placeIn(eye, xi * eye.half, lookUp(eye.upper, xi) - up);
      const luma = lumaAt(texture, place.x, place.y);
      if (luma < darkest.luma) darkest = { luma, colour: sampleAt(texture, stageSide, place.x, place.y) };
    }
  }
  return darkest.colour;
}

type LidColours = { lash: number; skin: number };

/** Mean colour of the skin below the eye. */
function skinColour(eye: Eye, texture: Texture): number {
  const place = placeIn(eye, 0, lookUp(eye.lower, 0) + 0.75 * eye.half);
  const [red, green, blue] = meanColour(texture, place.x, place.y, Math.max(2, Math.round(0.15 * eye.half)));
  return darken(red | (green << 8) | (blue << 16), 246);
}

/** Colour of a place given in the eye's own frame, or undefined where the picture is as the skin layer left it. */
function colourAt(
  eye: Eye,
  { lash, skin }: LidColours,
  texture: Texture,
  pose: Pose,
  right: number,
  down: number,
): number | undefined {
  const xi = right / eye.half;
  if (Math.abs(xi) > 1.02) return undefined;
  const { upper, lower, top, closed } = lidsAt(eye, xi);
  if (down < top || down > lower + 1) return undefined;
  const take = (x: number, y: number) => {
    const place = placeIn(eye, x, y);
    return sampleAt(texture, stageSide, place.x, place.y);
  };
  const edge = mix(upper, closed, pose.blink);
  const onLid = clamp(edge - down + 0.5, 0, 1);
  let colour = 0;
  if (onLid < 1) {
    // The shift fades to the corners and at the lids: the iris moves as a whole, the rim of the opening stays.
    const height = (down - upper) / Math.max(1, lower - upper);
    const free = smooth(0.98, 0.6, Math.abs(xi)) * smooth(0, 0.12, height) * smooth(1, 0.88, height);
    const [gx, gy] = [0.09 * eye.half * pose.gazeX * free, 0.05 * eye.half * pose.gazeY * free];
    colour = take(right - gx, down - gy);
    // The lid's shadow on the eye.
    colour = darken(colour, Math.round(256 * (1 - 0.35 * pose.blink * smooth(0.25 * eye.half, 0, down - edge))));
  }
  if (onLid > 0) {
    const room = upper - top;
    const stretch = (edge - top) / room;
    const t = clamp((down - top) / (edge - top), 0, 1);
    let lid = take(right, top + room * lidSource(t, stretch));
    // A closed lid is a ball under skin: in its middle it takes the light that falls below the eye.
    const ball = smooth(0.3, 0.6, t) * smooth(1, 0.8, t) * smooth(1, 0.6, Math.abs(xi));
    lid = blend(lid, skin, Math.round(165 * ball * pose.blink));
    lid = darken(lid, Math.round(256 * (1 - 0.1 * pose.blink * smooth(0.35, 0.9, t))));
    const line = smooth(0.09 * eye.half, 0, edge - down) * smooth(1, 0.75, Math.abs(xi)) * smooth(0.2, 0.7, pose.blink);
    lid = blend(lid, lash, Math.round(150 * line));
    colour = onLid < 1 ? blend(colour, lid, Math.round(256 * onLid)) : lid;
  }
  return colour;
}

/** Box of the stage in which the eye's opening is now, with the lid above it where that moves. */
function eyeBox(eye: Eye, pose: Pose, grid: Grid, looks: Field) {
  const columns = Array.from({ length: 9 }, (_, step) => lidsAt(eye, step / 4 - 1));
  const upper = Math.min(...columns.map(({ upper, top }) => (pose.blink > 0 ? top : upper)));
  const lower = Math.max(...columns.map(lids => lids.lower));
  const xs: number[] = [];
  const ys: number[] = [];
  for (const right of [-1.02 * eye.half, 1.02 * eye.half]) {
    for (const down of [upper, lower + 1]) {
      const place = placeIn(eye, right, down);
      // The skin around an eye moves as one, nearly; the margin takes up the rest.
      xs.push(place.x - sampleGrid(grid, looks.dx, place.x, place.y));
      ys.push(place.y - sampleGrid(grid, looks.dy, place.x, place.y));
    }
  }
  const margin = 4 + 0.08 * eye.half;
  return {
    left: Math.max(0, Math.floor(Math.min(...xs) - margin)),
    right: Math.min(stageSide - 1, Math.ceil(Math.max(...xs) + margin)),
    top: Math.max(0, Math.floor(Math.min(...ys) - margin)),
    bottom: Math.min(stageSide - 1, Math.ceil(Math.max(...ys) + margin)),
  };
}

export type EyeLayer = {
  /** Paints both eyes. `looks` says for the stage's grid where its places were in the resting picture. Answers whether it painted. */
  paint(stage: Int32Array, pose: Pose, grid: Grid, looks: Field): boolean;
};

export function createEyeLayer(face: Face, texture: Texture): EyeLayer {
  const colours = face.eyes.map(eye => ({ lash: lashColour(eye, texture), skin: skinColour(eye, texture) }));
  return {
    paint(stage, pose, grid, looks) {
      if (pose.blink === 0 && pose.gazeX === 0 && pose.gazeY === 0) return false;
      for (const [index, eye] of face.eyes.entries()) {
        const own = colours[index];
        if (own === undefined) continue;
        const { left, right, top, bottom } = eyeBox(eye, pose, grid, looks);
        for (let y = top; y <= bottom; y += 1) {
          for (let x = left; x <= right; x += 1) {
            const rest = along(
              eye,
              x + 0.5 + sampleGrid(grid, looks.dx, x + 0.5, y + 0.5),
              y + 0.5 + sampleGrid(grid, looks.dy, x + 0.5, y + 0.5),
            );
            const colour = colourAt(eye, own, texture, pose, rest.x, rest.y);
            if (colour !== undefined) stage[y * stageSide + x] = colour;
          }
        }
      }
      return true;
    },
  };
}
