/** Lids and gaze. The closed lid comes down over the eye with its lashes; the eyeball's texels shift a little within the opening. */
import { sampleAt } from '../raster/sample.ts';
import type { Eye, Face } from '../rig/face.ts';
import { placeIn } from '../rig/frame.ts';
import type { Pose } from '../rig/gains.ts';
import { type Field, type Grid, sampleGrid } from '../rig/grid.ts';
import { clamp, lookUp, mix, smooth } from '../rig/maths.ts';
import { meanOfFour, stageSide, type Texture, videoSide } from '../rig/texture.ts';
import { blend, darken } from './blend.ts';
import type { Box, Layer } from './layer.ts';
import { createLid, type Lid } from './lid.ts';

/** Where the lids meet, as a share of the opening from the top. */
const meeting = 0.9;
/** As soon as the lid moves at all, the place that its lashes have left is skin. */
const leaving = 0.15;

/** No packed colour is this, as all are opaque: the picture is as the skin layer left it. */
const asItIs = 0;

/** The texel at a place in the eye's own frame. */
const take = ({ x, y, ex, ey }: Eye, texture: Texture, right: number, down: number): number =>
  sampleAt(texture, stageSide, x + right * ex.x + down * ey.x, y + right * ex.y + down * ey.y);

/** Colour of a place given in the eye's own frame, or `asItIs`. */
function colourAt(eye: Eye, lid: Lid, texture: Texture, pose: Pose, right: number, down: number): number {
  const xi = right / eye.half;
  const inside = clamp(xi, -1, 1);
  const upper = lookUp(eye.upper, inside);
  const lower = Math.max(upper, lookUp(eye.lower, inside));
  const isOpening = xi === inside && down > upper && down < lower;
  if (pose.blink === 0 && !isOpening) return asItIs;
  const cover = isOpening ? 1 : lid.coverAt(right, down);
  if (cover === 0) return asItIs;

  const edge = mix(upper, mix(upper, lower, meeting), pose.blink);
  const onLid = pose.blink === 0 ? 0 : clamp(edge - down + 0.5, 0, 1);
  let colour = 0;
  if (onLid < 1) {
    // The shift fades to the corners and at the lids: the iris moves as a whole, the rim of the opening stays.
    const height = (down - upper) / Math.max(1, lower - upper);
    const free = isOpening ? smooth(0.98, 0.6, Math.abs(xi)) * smooth(0, 0.12, height) * smooth(1, 0.88, height) : 0;
    colour = take(eye, texture, right - 0.09 * eye.half * pose.gazeX * free, down - 0.05 * eye.half * pose.gazeY * free);
    // The lid's shadow on the eye; at last nothing of the eye is left below the lashes.
    if (isOpening) colour = darken(colour, Math.round(256 * (1 - 0.35 * pose.blink * smooth(0.25 * eye.half, 0, down - edge))));
    const gone = cover * smooth(0.65, 1, pose.blink);
    if (gone > 0) colour = blend(colour, lid.colourAt(right, down), Math.round(256 * gone));
  }
  if (onLid > 0) {
    const skin = lid.colourAt(right, down);
    const share = isOpening ? 1 : cover * smooth(0, leaving, pose.blink);
    const bare = share < 1 ? blend(take(eye, texture, right, down), skin, Math.round(256 * share)) : skin;
    colour = onLid < 1 ? blend(colour, bare, Math.round(256 * onLid)) : bare;
  }
  // The lashes lie over both.
  return pose.blink === 0 ? colour : lid.withLashes(colour, right, edge - down, smooth(0, leaving, pose.blink));
}

/** Box of the video in which the eye's opening is now, with the lid around it where that moves. */
function eyeBox(eye: Eye, { reach }: Lid, pose: Pose, grid: Grid, looks: Field): Box {
  const isStill = pose.blink === 0;
  const aside = eye.half + (isStill ? 0 : reach.aside);
  const upper = Math.min(...eye.upper.values) - (isStill ? 0 : reach.up);
  const lower = Math.max(...eye.lower.values) + (isStill ? 0 : reach.down);
  const xs: number[] = [];
  const ys: number[] = [];
  for (const right of [-aside, aside]) {
    for (const down of [upper, lower]) {
      const place = placeIn(eye, right, down);
      // The skin around an eye moves as one, nearly; the margin takes up the rest.
      xs.push((place.x - sampleGrid(grid, looks.dx, place.x, place.y)) / 2);
      ys.push((place.y - sampleGrid(grid, looks.dy, place.x, place.y)) / 2);
    }
  }
  const margin = 2 + 0.04 * eye.half;
  const within = (value: number) => clamp(value, 0, videoSide);
  return {
    left: within(Math.floor(Math.min(...xs) - margin)),
    top: within(Math.floor(Math.min(...ys) - margin)),
    right: within(Math.ceil(Math.max(...xs) + margin)),
    bottom: within(Math.ceil(Math.max(...ys) + margin)),
  };
}

export function createEyeLayer(face: Face, texture: Texture): Layer {
  const eyes = face.eyes.map(eye => ({ eye, lid: createLid(eye, texture) }));
  const isStill = (pose: Pose) => pose.blink === 0 && pose.gazeX === 0 && pose.gazeY === 0;

  /** A pixel of the video: the mean of four places of the stage, of which each may be as the skin layer left it. */
  function paintPixel({ eye, lid }: (typeof eyes)[number], video: Int32Array, at: number, pose: Pose, x: number, y: number) {
    const right = (x - eye.x) * eye.ex.x + (y - eye.y) * eye.ex.y;
    const down = (x - eye.x) * eye.ey.x + (y - eye.y) * eye.ey.y;
    // Half a pixel of the stage to the right and down, in the eye's own frame.
    const [ax, ay] = [(eye.ex.x + eye.ex.y) / 2, (eye.ey.x + eye.ey.y) / 2];
    const [bx, by] = [(eye.ex.x - eye.ex.y) / 2, (eye.ey.x - eye.ey.y) / 2];
    const a = colourAt(eye, lid, texture, pose, right - ax, down - ay);
    const b = colourAt(eye, lid, texture, pose, right + bx, down + by);
    const c = colourAt(eye, lid, texture, pose, right - bx, down - by);
    const d = colourAt(eye, lid, texture, pose, right + ax, down + ay);
    if ((a | b | c | d) === asItIs) return;
    const was = video[at] ?? 0;
    video[at] = meanOfFour(a || was, b || was, c || was, d || was);
  }

  return {
    boxes(pose, grid, looks) {
      return isStill(pose) ? [] : eyes.map(({ eye, lid }) => eyeBox(eye, lid, pose, grid, looks));
    },
    paint(video, pose, grid, looks) {
      if (isStill(pose)) return;
      for (const each of eyes) {
        const box = eyeBox(each.eye, each.lid, pose, grid, looks);
        for (let row = box.top; row < box.bottom; row += 1) {
          for (let column = box.left; column < box.right; column += 1) {
            const x = 2 * column + 1;
            const y = 2 * row + 1;
            const lookX = x + sampleGrid(grid, looks.dx, x, y);
            const lookY = y + sampleGrid(grid, looks.dy, x, y);
            paintPixel(each, video, row * videoSide + column, pose, lookX, lookY);
          }
        }
      }
    },
  };
}
