/** What makes a face usable, decided from plain measures. Pure. */
import { type Focus, squareAround } from './crop.ts';

/** A grey picture of a face, 0-255 a pixel, square. */
export type Grey = { data: Uint8Array; side: number };

/**
 * Side at which faces are looked at for light and focus: so a face is judged alike whatever its pixels are. At 64 a blur is told from
 * a drawing's plain areas; at 160 both are smooth.
 */
export const lookSide = 64;
/**
 * The lightest tenth of a face below this is too dark to tell its parts, 0-255. The sample portraits, dimmed to a quarter of their
 * light, have 45 and more and are still seen well; dimmed to a tenth they have 18-21.
 */
export const leastLight = 32;
/**
 * The detail of a face less than this is a blur; see `detailOf`. The sample portraits have 0.50-0.69; softened over a sixtieth of the
 * face's height 0.18 and more, over a thirtieth 0.14 at most.
 */
export const leastDetail = 0.15;
/** A face of fewer pixels, forehead to chin, has nothing that could move. A picture of 128 pixels, the least that is taken, shows 45-65. */
export const leastFacePixels = 56;
/**
 * A face takes up this much of the square's side at least; below, the picture is cropped around it. The Hallo model's own examples
 * show 0.35-0.51 between hairline and chin.
 */
const roomyShare = 0.34;
/**
 * Sides of the crop in heights of the face. The Hallo model wants a face over 50-70 % of the picture: hair and all, a head is about 1.3
 * times as high as the face from hairline to chin, so it then takes up 60 %.
 */
const cropFaces = 2.2;

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
 * enough, whole and alone, or where nothing else would come of it.
 */
export function cropFor(
  { x, y, height }: FacePlace,
  picture: { width: number; height: number },
  isAlone: boolean,
): Focus | undefined {
  const usual = squareAround(picture.width, picture.height);
  const inside = (middle: number, start: number) =>
    middle - height * 0.75 >= start && middle + height * 0.75 <= start + usual.side;
  if (isAlone && height / usual.side >= roomyShare && inside(x, usual.left) && inside(y, usual.top)) return undefined;
  // Faces near the border of a picture are moved inwards by the crop itself. A little above the face's middle is the head's.
  const focus = { x, y: y - height * 0.1, side: Math.round(height * cropFaces) };
  const square = squareAround(picture.width, picture.height, focus);
  const isUsual = square.side === usual.side && square.left === usual.left && square.top === usual.top;
  return isUsual ? undefined : focus;
}
