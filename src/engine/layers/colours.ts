/** The colours that the painted parts are mixed from, taken from the portrait so they fit photographs, paintings and stone. */
import type { Face } from '../rig/face.ts';
import { placeIn } from '../rig/frame.ts';
import { clamp, mix } from '../rig/maths.ts';
import { meanColour, type Rgb, type Texture } from '../rig/texture.ts';

/** Packed; `ruddy` are teeth in the hue of lips and tongue. */
export type Palette = { teeth: number; ruddy: number; tongue: number; dark: number };

export const lumaOf = ([red, green, blue]: Rgb): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

function towards(from: Rgb, to: Rgb, share: number): Rgb {
  return [mix(from[0], to[0], share), mix(from[1], to[1], share), mix(from[2], to[2], share)];
}

const scaled = ([red, green, blue]: Rgb, by: number): Rgb => [red * by, green * by, blue * by];

/** Brightness 0-255 to a grey. */
const grey = (luma: number): Rgb => [luma, luma, luma];

/** Samples cheeks and lips: teeth as bright as lit skin but paler, tongue and dark in the hue of the lips. */
export function paletteOf(face: Face, texture: Texture): Palette {
  const { unit, mouth, points } = face;
  const radius = Math.max(2, Math.round(0.06 * unit));
  const cheeks = [50, 280].map(index => meanColour(texture, points[index * 3] ?? 0, points[index * 3 + 1] ?? 0, radius));
  const skin = cheeks.reduce((best, colour) => (lumaOf(colour) > lumaOf(best) ? colour : best));
  const lipPlace = placeIn(mouth, 0, (mouth.lower.values[32] ?? 0) + 0.05 * unit);
  const lip = meanColour(texture, lipPlace.x, lipPlace.y, Math.max(1, Math.round(0.025 * unit)));
  const skinLuma = Math.max(40, lumaOf(skin));
  const lipLuma = Math.max(20, lumaOf(lip));
  // Lips of stone or charcoal are grey, and so is then all that is mixed from them; flesh is redder inside than out.
  const warmLip = scaled(lip, 1 / lipLuma);
  const flesh = redder(warmLip, 1.5);
  const teethLuma = Math.min(225, 0.97 * skinLuma + 8);
  const teeth = towards(grey(teethLuma), scaled(skin, teethLuma / skinLuma), 0.42);
  const tongue = scaled(flesh, Math.min(118, 0.56 * lipLuma + 12));
  const hue = Math.max(1, ...tongue);
  return {
    teeth: packed(teeth),
    ruddy: packed([(teeth[0] * tongue[0]) / hue, (teeth[1] * tongue[1]) / hue, (teeth[2] * tongue[2]) / hue]),
    tongue: packed(tongue),
    dark: packed(scaled(flesh, Math.min(26, 0.13 * lipLuma + 3))),
  };
}

function packed(colour: Rgb): number {
  const [red, green, blue] = colour.map(channel => Math.round(clamp(channel, 0, 255)));
  return (red ?? 0) | ((green ?? 0) << 8) | ((blue ?? 0) << 16) | 0xff000000;
}

/** A colour of the same light whose hue is stronger by a factor. */
function redder(colour: Rgb, by: number): Rgb {
  const luma = lumaOf(colour);
  const away = (channel: number) => Math.max(0.15 * luma, luma + (channel - luma) * by);
  return [away(colour[0]), away(colour[1]), away(colour[2])];
}
