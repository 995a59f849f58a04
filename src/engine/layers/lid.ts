/**
 * How an eye looks when it is closed: skin where the eye is now, spun over the opening like a film from the skin around it, so that
 * it has the light, make-up or stone of its surroundings; and the lashes, which go along with the lid's edge.
 */
import { sampleAt } from '../raster/sample.ts';
import type { Eye } from '../rig/face.ts';
import { placeIn } from '../rig/frame.ts';
import { bell, clamp, lookUp, mix, smooth } from '../rig/maths.ts';
import { lumaAt, meanColour, stageSide, type Texture } from '../rig/texture.ts';
import { blend, darken } from './blend.ts';
import { spinFilm } from './film.ts';

/** Places are given in the eye's own frame, in pixels of the stage from its middle. */
export type Lid = {
  /** 1 where the closed lid covers all, falling off to 0 around the opening. */
  coverAt(right: number, down: number): number;
  /** Packed colour of the closed lid, where it covers at all. */
  colourAt(right: number, down: number): number;
  /** A colour with the lashes over it, at a height above the lid's edge; `share` (0-1) of them. */
  withLashes(colour: number, right: number, above: number, share: number): number;
  /** How far the closed lid reaches beyond the opening: sideways, up and down. */
  reach: { aside: number; up: number; down: number };
};

/** Columns and rows of the film at most, for each half width of the eye. */
const filmDetail = 24;
/** Around the film this share of its reach is looked at for skin. */
const surroundings = 0.6;
/** What is darker than the skin around by more than this share is a lash, a brow, a crease; what is brighter, the white of the eye. */
const foreign = { darker: 0.1, brighter: 0.25 } as const;
/** A texel that is darker than the skin by this share is wholly a lash. */
const lashDarker = 0.3;

/** How thick the upper lashes' line is, and how far up the picture shows anything of lashes and creases. */
function lashesOf(eye: Eye, texture: Texture): { line: number; all: number } {
  const most = Math.min(0.42 * eye.half, Math.max(0.2 * eye.half, 0.6 * ((eye.upper.values[32] ?? 0) - eye.brow)));
  const lines: number[] = [];
  const alls: number[] = [];
  for (let xi = -0.7; xi <= 0.7; xi += 0.05) {
    const column: number[] = [];
    for (let up = 0; up <= most; up += 1) {
      const place = placeIn(eye, xi * eye.half, lookUp(eye.upper, xi) - up);
      column.push(lumaAt(texture, place.x, place.y));
    }
    const darkest = column.indexOf(Math.min(...column.slice(0, Math.ceil(0.2 * eye.half))));
    const [low, high] = [column[darkest] ?? 0, Math.max(...column.slice(darkest))];
    const isDark = (luma: number) => luma < low + 0.55 * (high - low);
    const end = column.findIndex((luma, up) => up > darkest && !isDark(luma));
    lines.push(end < 0 ? most : end);
    alls.push(column.findLastIndex(isDark));
  }
  const quantile = (values: number[], share: number) => values.sort((a, b) => a - b)[Math.floor(share * values.length)] ?? 0;
  return { line: clamp(quantile(lines, 0.5), 0.05 * eye.half, most), all: clamp(quantile(alls, 0.75), 0.08 * eye.half, most) };
}

export function createLid(eye: Eye, texture: Texture): Lid {
  const { half } = eye;
  const lashes = lashesOf(eye, texture);
  const reach = { aside: 0.2 * half, up: lashes.all + 0.12 * half, down: 0.17 * half };

  /** 0 in the opening, 1 where the closed lid ends. */
  function outside(right: number, down: number): number {
    const xi = clamp(right / half, -1, 1);
    const [upper, lower] = [lookUp(eye.upper, xi), lookUp(eye.lower, xi)];
    const over = down < upper ? (upper - down) / reach.up : down > lower ? (down - lower) / reach.down : 0;
    return Math.hypot(over, Math.max(0, Math.abs(right) - half) / reach.aside);
  }

  const step = Math.max(1, half / filmDetail);
  const far = 1 + surroundings;
  const [left, columns] = [-half - far * reach.aside, Math.ceil((2 * (half + far * reach.aside)) / step) + 2];
  const top = Math.min(...eye.upper.values) - far * reach.up;
  const rows = Math.ceil((Math.max(...eye.lower.values) + far * reach.down - top) / step) + 2;
  const film = spinFilm(columns, rows, filmSource());

  /** The skin around the opening, with what is no skin left out, and the grain of the cheek for what is spun. */
  function filmSource() {
    const spots = Array.from({ length: columns * rows }, (_, index) => {
      const right = left + (index % columns) * step;
      const down = top + Math.floor(index / columns) * step;
      const place = placeIn(eye, right, down);
      const colour = meanColour(texture, place.x, place.y, 1);
      const luma = 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2];
      const isUpper = down < (lookUp(eye.upper, clamp(right / half, -1, 1)) + lookUp(eye.lower, clamp(right / half, -1, 1))) / 2;
      return { colour, luma, isUpper, out: outside(right, down) };
    });
    const usual = [true, false].map(side => {
      const near = spots.filter(({ out, isUpper }) => isUpper === side && out >= 1 && out < far).map(({ luma }) => luma);
      return near.sort((a, b) => a - b)[Math.floor(0.7 * near.length)] ?? 128;
    });
    return spots.map(({ colour, luma, isUpper, out }) => {
      const middle = usual[isUpper ? 0 : 1] ?? 128;
      const isSkin = out >= far || (luma > (1 - foreign.darker) * middle && luma < (1 + foreign.brighter) * middle);
      return out >= 1 && isSkin ? colour : undefined;
    });
  }

  const cheekPlace = placeIn(eye, 0, lookUp(eye.lower, 0) + 0.75 * half);
  const cheek = meanColour(texture, cheekPlace.x, cheekPlace.y, Math.max(2, Math.round(0.15 * half)));

  /** So far below the lid's places lie those of the cheek that lend them their grain: below the lower lashes, too. */
  const toCheek = Math.max(...eye.lower.values) - (Math.min(...eye.upper.values) - reach.up) + 0.3 * half;

  /** How much a cheek's texel differs from its surroundings. */
  function grainAt(right: number, down: number): number {
    const place = placeIn(eye, right, down + toCheek);
    const own = lumaAt(texture, place.x, place.y);
    let around = 0;
    for (let side = 0; side < 4; side += 1) {
      around += lumaAt(texture, place.x + (side < 2 ? 3 : -3), place.y + (side % 2 === 0 ? 3 : -3));
    }
    return clamp(0.7 * (own - around / 4), -9, 9);
  }

  function colourAt(right: number, down: number): number {
    const xi = clamp(right / half, -1, 1);
    const [upper, lower] = [lookUp(eye.upper, xi), lookUp(eye.lower, xi)];
    const height = (down - upper) / Math.max(1, lower - upper);
    // A ball under skin: light on its bulge, turned off towards the lashes and under the brow.
    const light = 1 + 0.06 * bell(height - 0.5, 0.3) - 0.06 * bell(height - 1, 0.2) - 0.04 * bell(height, 0.2);
    const grain = grainAt(right, down);
    // The bulge takes some of the light that falls on the cheek below.
    const lit = 0.3 * bell(height - 0.5, 0.3) * smooth(1, 0.5, Math.abs(xi));
    const skin = film((right - left) / step, (down - top) / step);
    const byte = (channel: 0 | 1 | 2) => clamp(Math.round(mix(skin[channel], cheek[channel], lit) * light + grain), 0, 255);
    return byte(0) | (byte(1) << 8) | (byte(2) << 16) | 0xff000000;
  }

  const line = Math.max(1.2, 0.05 * half);
  return {
    reach,
    coverAt: (right, down) => 1 - smooth(0.5, 1, outside(right, down)),
    colourAt,
    withLashes(colour, right, above, share) {
      const xi = clamp(right / half, -1, 1);
      const down = lookUp(eye.upper, xi) - above;
      const place = placeIn(eye, right, down);
      const texel = sampleAt(texture, stageSide, place.x, place.y);
      const luma = 0.2126 * (texel & 255) + 0.7152 * ((texel >>> 8) & 255) + 0.0722 * ((texel >>> 16) & 255);
      const [red, green, blue] = film((right - left) / step, (down - top) / step);
      const darker = 1 - (luma + 4) / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 4);
      const isLash =
        smooth(1.2 * lashes.line, 0.7 * lashes.line, above) * smooth(-1.5, 0, above) * clamp(darker / lashDarker, 0, 1);
      // Where the picture shows no lashes, a soft line is still there: lids meet in a shadow.
      const shadow = 0.5 * bell(above, line) * smooth(1, 0.6, Math.abs(xi)) * (1 - isLash);
      const shaded = darken(colour, Math.round(256 * (1 - share * shadow)));
      return isLash === 0 ? shaded : blend(shaded, texel, Math.round(256 * share * isLash));
    },
  };
}
