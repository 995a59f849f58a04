/** What makes a face usable, decided from plain measures. Pure. */
import type { Focus } from './crop.ts';

/** A grey picture of a face, 0-255 a pixel, square. */
export type Grey = { data: Uint8Array; side: number };

/** Side at which faces are looked at for light and focus: so a face is judged alike whatever its pixels are. */
export const lookSide = 160;
/** The lightest tenth of a face below this is too dark to tell its parts, 0-255. */
export const leastLight = 48;
/** The detail of a face less than this is a blur; see `detailOf`. Oils and marble have 0.2 and more. */
export const leastDetail = 0.06;
/** A face of fewer pixels, forehead to chin, has nothing that could move. */
export const leastFacePixels = 72;
/** A face may take up this much of the square's side at least; below, the picture is cropped around it. */
const roomyShare = 0.24;
/** Sides of the crop in heights of the face: hair and shoulders belong to a portrait. */
const cropFaces = 2.6;

/** The luma below which nine tenths of the face lie. */
export function lightOf({ data }: Grey): number {
  return data.toSorted()[Math.floor(data.length * 0.9)] ?? 0;
}

/**
 * How much of the picture's contrast changes from pixel to pixel: the spread of the Laplacian over the spread of the luma. Light and
 * contrast cancel out.
 */
export function detailOf({ data, side }: Grey): number {
  const at = (x: number, y: number) => data[y * side + x] ?? 0;
  let [count, sum, squares, bends] = [0, 0, 0, 0];
  for (let y = 1; y < side - 1; y += 1) {
    for (let x = 1; x < side - 1; x += 1) {
      const here = at(x, y);
      const bend = 4 * here - at(x - 1, y) - at(x + 1, y) - at(x, y - 1) - at(x, y + 1);
      count += 1;
      sum += here;
      squares += here * here;
      bends += bend * bend;
    }
  }
  const spread = squares / count - (sum / count) ** 2;
  return spread > 0 ? Math.sqrt(bends / count / spread) : 0;
}

/** Where a face lies, in pixels of the upright picture; `height` from forehead to chin. */
export type FacePlace = { x: number; y: number; height: number };

/**
 * What to cut out so that the face is well seen; undefined where the usual square from the picture's middle shows it large
 * enough and whole.
 */
export function cropFor({ x, y, height }: FacePlace, picture: { width: number; height: number }): Focus | undefined {
  const side = Math.min(picture.width, picture.height);
  const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
  const inside = (middle: number, start: number) => middle - height * 0.75 >= start && middle + height * 0.75 <= start + side;
  if (height / side >= roomyShare && inside(x, left) && inside(y, top)) return undefined;
  // Faces near the border of a picture are moved inwards by the crop itself.
  return { x, y: y - height * 0.1, side: Math.round(height * cropFaces) };
}
