/** Looks for the one face that a portrait needs; runs in a child process. */

import sharp from 'sharp';
import type { z } from 'zod';
import { createFaceModel, type FaceModel } from '../../engine/face/human.ts';
import { type LocatedFace, locateFace, type Rgb } from '../../engine/face/landmarks.ts';
import { chin, foreheadTop } from '../../engine/face/points.ts';
import { squareAround } from '../crop.ts';
import {
  cropFor,
  detailOf,
  type FacePlace,
  type Grey,
  leastDetail,
  leastFacePixels,
  leastLight,
  lightOf,
  lookSide,
} from '../face-rules.ts';
import { ground, imageFacts } from '../image.ts';
import type { Task } from '../isolate.ts';
import { type FaceOutput, type FaceProblem, faceInput } from './orders-face.ts';

/** Longest side of the whole picture as it is searched, and of the one that is searched in tiles for small faces. */
const wholeSide = 768;
const tiledSide = 2_048;
const tileSide = 512;
const tileStep = 384;
/** A face among several, or in a tile, must be this sure: many tiles make many chances to be wrong. */
const sureScore = 0.65;
/** Side of the square in which a small face is looked at again, in heights of that face: the detector wants some room about it. */
const surroundings = 2.6;
/** Faces smaller than this share of the largest are people in the background: the crop leaves them out. */
const rivalShare = 0.6;

type Picture = { rgb: Rgb /** Pixels of the upright original for one of these. */; scale: number };
type Size = { width: number; height: number };
type Order = z.infer<typeof faceInput>;

/** The picture, upright and opaque, at most so long. */
async function read(order: Order, longest: number): Promise<Picture> {
  const image = sharp(order.path, { limitInputPixels: order.maxPixels, failOn: 'error', pages: 1 })
    .autoOrient()
    .flatten({ background: ground })
    .toColourspace('srgb')
    .resize(longest, longest, { fit: 'inside', withoutEnlargement: true })
    .removeAlpha()
    .raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  const size = await sizeOf(order.path);
  return { rgb: { data: new Uint8Array(data), width: info.width, height: info.height }, scale: size.width / info.width };
}

async function sizeOf(path: string): Promise<Size> {
  const facts = await imageFacts(path);
  if (facts === undefined) throw new Error('no picture that can be read');
  return facts;
}

function cut({ data, width, height }: Rgb, left: number, top: number, side: number): Rgb {
  const [right, bottom] = [Math.min(width, left + side), Math.min(height, top + side)];
  const rows = Array.from({ length: bottom - top }, (_, row) =>
    data.subarray(((top + row) * width + left) * 3, ((top + row) * width + right) * 3),
  );
  return { data: new Uint8Array(Buffer.concat(rows)), width: right - left, height: bottom - top };
}

/** Middle and height of a face in its landmarks. */
function placeOf(mesh: Float32Array): FacePlace {
  const [topX = 0, topY = 0] = mesh.subarray(foreheadTop * 3, foreheadTop * 3 + 2);
  const [chinX = 0, chinY = 0] = mesh.subarray(chin * 3, chin * 3 + 2);
  return { x: (topX + chinX) / 2, y: (topY + chinY) / 2, height: Math.hypot(topX - chinX, topY - chinY) };
}

/** The faces of a picture that are certainly such. */
async function sureFaces(model: FaceModel, { data, width, height }: Rgb): Promise<FacePlace[]> {
  const faces = await model.detect({ rgb: Float32Array.from(data), width, height });
  return faces.filter(({ boxScore }) => boxScore >= sureScore).map(({ mesh }) => placeOf(mesh));
}

/** Faces too small to be seen in the whole picture. */
async function searchTiles(model: FaceModel, picture: Rgb): Promise<FacePlace[]> {
  const found: FacePlace[] = [];
  for (let top = 0; top === 0 || top + tileSide - tileStep < picture.height; top += tileStep) {
    for (let left = 0; left === 0 || left + tileSide - tileStep < picture.width; left += tileStep) {
      const faces = await sureFaces(model, cut(picture, left, top, tileSide));
      found.push(...faces.map(face => ({ ...face, x: face.x + left, y: face.y + top })));
    }
  }
  return found;
}

/** The largest first, each once. */
function eachOnce(faces: readonly FacePlace[]): FacePlace[] {
  const apart: FacePlace[] = [];
  for (const face of faces.toSorted((a, b) => b.height - a.height)) {
    if (apart.every(other => Math.hypot(other.x - face.x, other.y - face.y) > 0.6 * other.height)) apart.push(face);
  }
  return apart;
}

type Refused = Extract<FaceOutput, { ok: false }>;
/** `isAlone` false: other faces may be about, which a crop has to leave out. */
type Found = { ok: true; place: FacePlace; quarterTurns: LocatedFace['quarterTurns']; isAlone: boolean } | Refused;

const scaled = ({ x, y, height }: FacePlace, scale: number): FacePlace => ({
  x: x * scale,
  y: y * scale,
  height: height * scale,
});
const refused = (problem: FaceProblem): Refused => ({ ok: false, problem });

/** The largest of these faces looked at alone: one that the whole picture hides, or that has others behind it. */
async function closeUp(model: FaceModel, picture: Picture, faces: readonly FacePlace[]): Promise<Found> {
  const [largest, second] = eachOnce(faces);
  if (largest === undefined) return refused({ code: 'no-face' });
  if (second !== undefined && second.height > largest.height * rivalShare) return refused({ code: 'several-faces', count: 2 });
  const { width, height: rows } = picture.rgb;
  const { left, top, side } = squareAround(width, rows, { x: largest.x, y: largest.y, side: largest.height * surroundings });
  const result = await locateFace(model, cut(picture.rgb, left, top, side));
  if (!result.ok) return refused(problemOf(result.problem, largest.height * picture.scale));
  const { mesh, quarterTurns } = result.face;
  // Where it would lie in the whole picture, turned, is not worth knowing of such a face.
  if (quarterTurns !== 0) return refused({ code: 'face-tilted', degrees: -90 * quarterTurns });
  const { x, y, height } = placeOf(mesh);
  return { ok: true, place: scaled({ x: x + left, y: y + top, height }, picture.scale), quarterTurns, isAlone: false };
}

type Located = Exclude<Awaited<ReturnType<typeof locateFace>>, { ok: true }>['problem'];

function problemOf(problem: Located, facePixels: number): FaceProblem {
  if (problem.code !== 'face-too-small') return problem;
  return { code: 'face-too-small', facePixels: Math.round(facePixels), leastFacePixels };
}

async function find(model: FaceModel, order: Order): Promise<Found> {
  const picture = await read(order, wholeSide);
  const result = await locateFace(model, picture.rgb);
  if (result.ok) {
    const { mesh, quarterTurns } = result.face;
    return { ok: true, place: scaled(placeOf(mesh), picture.scale), quarterTurns, isAlone: true };
  }
  const { code } = result.problem;
  if (code === 'several-faces') return closeUp(model, picture, await sureFaces(model, picture.rgb));
  const isOneTile = Math.max(picture.rgb.width, picture.rgb.height) <= tileSide;
  if (code === 'face-too-small' || (code === 'no-face' && !isOneTile)) {
    const large = await read(order, tiledSide);
    return closeUp(model, large, await searchTiles(model, large.rgb));
  }
  return refused(result.problem);
}

/** The face alone, upright, grey and small. */
async function look(order: Order, size: Size, place: FacePlace, quarterTurns: number): Promise<Grey> {
  const square = squareAround(size.width, size.height, { x: place.x, y: place.y, side: Math.max(8, place.height) });
  const data = await sharp(order.path, { limitInputPixels: order.maxPixels, pages: 1 })
    .autoOrient()
    .rotate(quarterTurns * 90)
    .flatten({ background: ground })
    .extract({ left: square.left, top: square.top, width: square.side, height: square.side })
    .resize(lookSide, lookSide, { fit: 'fill', kernel: 'cubic' })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  return { data: new Uint8Array(data), side: lookSide };
}

async function check(order: Order): Promise<FaceOutput> {
  const { width, height } = await sizeOf(order.path);
  const found = await find(await createFaceModel(), order);
  if (!found.ok) return found;
  const { place, quarterTurns, isAlone } = found;
  const facePixels = Math.round(place.height);
  if (place.height < leastFacePixels) return refused({ code: 'face-too-small', facePixels, leastFacePixels });
  const size = quarterTurns % 2 === 0 ? { width, height } : { width: height, height: width };
  const grey = await look(order, size, place, quarterTurns);
  const [light, detail] = [lightOf(grey), detailOf(grey)];
  if (light < leastLight) return refused({ code: 'face-dark', light, leastLight });
  if (detail < leastDetail) return refused({ code: 'face-blurred', detail, leastDetail });
  const focus = cropFor(place, size, isAlone);
  return { ok: true, quarterTurns, facePixels, ...(focus && { focus }) };
}

/** Throws where the picture can't be decoded: that is for the portrait task to find. */
export const run: Task = async order => check(faceInput.parse(order));
