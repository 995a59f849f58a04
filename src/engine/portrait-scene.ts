/** From a portrait's file to what is animated: the texture and the landmarks on it, or why that can't be. */
import sharp, { type Sharp } from 'sharp';
import { squareAround } from '../media/crop.ts';
import { ground, imageFacts } from '../media/image.ts';
import { portraitTypes, sniff } from '../media/sniff.ts';
import type { FaceFinder } from './face/find.ts';
import type { FaceProblem, LocatedFace } from './face/landmarks.ts';
import { packTexture, stageSide, type Texture } from './rig/texture.ts';

export type PortraitScene = { texture: Texture; mesh: Float32Array };
export type SceneResult = { ok: true; scene: PortraitScene } | { ok: false; detail: string };

/** The face is looked for in the whole picture at this size of its longer side. */
const searchSide = 640;

const failed = (detail: string): SceneResult => ({ ok: false, detail });

/** The texts of FAILED; the first is the Hallo model's own when it finds no face. */
function describe(problem: FaceProblem): string {
  switch (problem.code) {
    case 'no-face':
      return 'cannot do a non-empty take from an empty axes. (no face detected in the source image)';
    case 'several-faces':
      return `There are ${problem.count} faces in the source image; exactly one face is needed.`;
    case 'face-too-small':
      return `The face in the source image is too small: ${Math.round(problem.share * 100)} % of its shorter side, at least 15 % is needed.`;
    case 'face-turned':
      return `The face in the source image is turned away by ${Math.abs(problem.degrees)}°; a face from the front is needed.`;
    case 'face-tilted':
      return `The face in the source image is tilted by ${Math.abs(problem.degrees)}°; an upright face is needed.`;
  }
}

/** A face that is higher than its picture is wide by more than this, as a quotient, gets a margin; a square would cut its chin off. */
const mostBeyond = 1.12;

/**
 * The square that is animated, in pixels of the upright picture: the largest around the face. A picture that is much narrower than
 * its face is high gets a neutral margin, `aside` and `above` on both sides, and the square counts from there.
 */
function cropFor({ mesh }: LocatedFace, scale: number, width: number, height: number) {
  const range = (values: Float32Array) => ({ low: Math.min(...values) * scale, high: Math.max(...values) * scale });
  const [xs, ys] = [range(mesh.filter((_, index) => index % 3 === 0)), range(mesh.filter((_, index) => index % 3 === 1))];
  const extent = Math.max(xs.high - xs.low, ys.high - ys.low);
  const needed = Math.min(Math.max(width, height), extent);
  const margin = (length: number) => (extent > mostBeyond * length ? Math.ceil(Math.max(0, needed - length) / 2) : 0);
  const [aside, above] = [margin(width), margin(height)];
  const middle = { x: (xs.low + xs.high) / 2 + aside, y: (ys.low + ys.high) / 2 + above };
  return { aside, above, ...squareAround(width + 2 * aside, height + 2 * above, { ...middle, side: Number.POSITIVE_INFINITY }) };
}

/** Reads the picture, finds its one face, and cuts the square around it. */
export async function readScene(path: string, maxPixels: number, find: FaceFinder['find']): Promise<SceneResult> {
  const type = await sniff(path);
  const facts = type === undefined || !portraitTypes.has(type) ? undefined : await imageFacts(path);
  if (facts === undefined) return failed('Read source image failed! It is no JPEG, PNG, WebP, AVIF or GIF picture.');
  if (facts.width * facts.height > maxPixels) return failed('Read source image failed! It has too many pixels.');
  const upright = () =>
    sharp(path, { limitInputPixels: maxPixels, failOn: 'error', pages: 1 })
      .autoOrient()
      .flatten({ background: ground })
      .toColourspace('srgb');
  const search = await upright()
    .resize(searchSide, searchSide, { fit: 'inside' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(() => undefined);
  if (search === undefined) return failed('Read source image failed! The file is damaged.');
  const { width: searchWidth, height: searchHeight } = search.info;
  const found = await find({ data: new Uint8Array(search.data), width: searchWidth, height: searchHeight });
  if (!found.ok) return failed(describe(found.problem));

  const { mesh, quarterTurns } = found.face;
  const isSideways = quarterTurns % 2 === 1;
  const [width, height] = isSideways ? [facts.height, facts.width] : [facts.width, facts.height];
  const scale = width / (isSideways ? searchHeight : searchWidth);
  const { aside, above, left, top, side } = cropFor(found.face, scale, width, height);
  // sharp turns only once in a pipeline, and cuts before it adds margins, so those two are steps of their own.
  const stepped = async (picture: Sharp) => sharp(await picture.png({ compressionLevel: 1 }).toBuffer());
  const turned = quarterTurns === 0 ? upright() : (await stepped(upright())).rotate(quarterTurns * 90);
  const margins = { left: aside, right: aside, top: above, bottom: above, background: ground };
  const whole = aside + above === 0 ? turned : await stepped(turned.extend(margins));
  const rgba = await whole
    .extract({ left, top, width: side, height: side })
    .resize(stageSide, stageSide, { kernel: 'lanczos3' })
    .ensureAlpha()
    .raw()
    .toBuffer();
  const place = (value: number, from: number) => ((value * scale - from) * stageSide) / side;
  const placed = mesh.map((value, index) => place(value, index % 3 === 0 ? left - aside : index % 3 === 1 ? top - above : 0));
  return { ok: true, scene: { texture: packTexture(rgba), mesh: placed } };
}
