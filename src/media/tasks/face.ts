/** Looks for the one face that a portrait needs; runs in a child process. */

import sharp from 'sharp';
import type { z } from 'zod';
import { createFaceModel, type FaceModel } from '../../engine/face/human.ts';
import { type LocatedFace, locateFace, type Rgb } from '../../engine/face/landmarks.ts';
import { chin, foreheadTop } from '../../engine/face/points.ts';
import { cropFor, detailOf, type FacePlace, leastDetail, leastFacePixels, leastLight, lightOf, lookSide } from '../face-rules.ts';
import { ground, imageFacts } from '../image.ts';
import type { Task } from '../isolate.ts';
import { type FaceOutput, faceInput } from './orders-face.ts';

/** Longest side of the whole picture as it is searched, and of the one that is searched in tiles for small faces. */
const wholeSide = 1_024;
const tiledSide = 2_048;
const tileSide = 512;
const tileStep = 384;
/** A face in a tile must be this sure: many tiles make many chances to be wrong. */
const tileScore = 0.65;
/** Faces smaller than this share of the largest are people in the background. */
const rivalShare = 0.6;

type Picture = { rgb: Rgb /** Pixels of the upright original for one of these. */; scale: number };
type Size = { width: number; height: number };
type Order = z.infer<typeof faceInput>;

/** The picture, upright and opaque, at most so long; undefined when it can't be decoded. */
async function read(order: Order, longest: number): Promise<Picture | undefined> {
  const image = sharp(order.path, { limitInputPixels: order.maxPixels, failOn: 'error', pages: 1 })
    .autoOrient()
    .flatten({ background: ground })
    .toColourspace('srgb')
    .resize(longest, longest, { fit: 'inside', withoutEnlargement: true })
    .removeAlpha()
    .raw();
  const made = await image.toBuffer({ resolveWithObject: true }).catch(() => undefined);
  const facts = made && (await imageFacts(order.path));
  if (made === undefined || facts === undefined) return undefined;
  const { width, height } = made.info;
  return { rgb: { data: new Uint8Array(made.data), width, height }, scale: facts.width / width };
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

/** Faces too small to be seen in the whole picture, largest first, each once. */
async function searchTiles(model: FaceModel, { width, height, ...picture }: Rgb): Promise<FacePlace[]> {
  const found: FacePlace[] = [];
  for (let top = 0; top === 0 || top + tileSide - tileStep < height; top += tileStep) {
    for (let left = 0; left === 0 || left + tileSide - tileStep < width; left += tileStep) {
      const tile = cut({ ...picture, width, height }, left, top, tileSide);
      const faces = await model.detect({ rgb: Float32Array.from(tile.data), width: tile.width, height: tile.height });
      for (const face of faces.filter(({ boxScore }) => boxScore >= tileScore)) {
        const place = placeOf(face.mesh);
        found.push({ ...place, x: place.x + left, y: place.y + top });
      }
    }
  }
  const apart: FacePlace[] = [];
  for (const face of found.sort((a, b) => b.height - a.height)) {
    if (apart.every(other => Math.hypot(other.x - face.x, other.y - face.y) > 0.6 * other.height)) apart.push(face);
  }
  return apart;
}

type Found = { ok: true; place: FacePlace; quarterTurns: LocatedFace['quarterTurns'] } | Extract<FaceOutput, { ok: false }>;

const scaled = ({ x, y, height }: FacePlace, scale: number): FacePlace => ({
  x: x * scale,
  y: y * scale,
  height: height * scale,
});
const refused = (problem: Extract<FaceOutput, { ok: false }>['problem']): Found => ({ ok: false, problem });

/** A face that the whole picture hides among too much else. */
async function findSmall(model: FaceModel, order: Order): Promise<Found> {
  const picture = await read(order, tiledSide);
  if (picture === undefined) return refused({ code: 'image-broken' });
  const [largest, second] = await searchTiles(model, picture.rgb);
  if (largest === undefined) return refused({ code: 'no-face' });
  if (second !== undefined && second.height > largest.height * rivalShare) return refused({ code: 'several-faces', count: 2 });
  const side = Math.round(Math.min(largest.height * 2.6, picture.rgb.width, picture.rgb.height));
  const start = (middle: number, length: number) => Math.round(Math.min(Math.max(0, middle - side / 2), length - side));
  const [left, top] = [start(largest.x, picture.rgb.width), start(largest.y, picture.rgb.height)];
  const result = await locateFace(model, cut(picture.rgb, left, top, side));
  if (!result.ok) return refused(problemOf(result.problem, largest.height * picture.scale));
  const { x, y, height } = placeOf(result.face.mesh);
  return { ok: true, place: scaled({ x: x + left, y: y + top, height }, picture.scale), quarterTurns: result.face.quarterTurns };
}

type Located = Exclude<Awaited<ReturnType<typeof locateFace>>, { ok: true }>['problem'];

function problemOf(problem: Located, facePixels: number): Extract<FaceOutput, { ok: false }>['problem'] {
  if (problem.code !== 'face-too-small') return problem;
  return { code: 'face-too-small', facePixels: Math.round(facePixels), leastFacePixels };
}

async function find(model: FaceModel, order: Order): Promise<Found> {
  const picture = await read(order, wholeSide);
  if (picture === undefined) return refused({ code: 'image-broken' });
  const result = await locateFace(model, picture.rgb);
  if (result.ok) {
    const { mesh, quarterTurns } = result.face;
    return { ok: true, place: scaled(placeOf(mesh), picture.scale), quarterTurns };
  }
  const { code } = result.problem;
  if (code === 'no-face' || code === 'face-too-small') return findSmall(model, order);
  return refused(problemOf(result.problem, 0));
}

/** The face alone, upright, grey and small; undefined when it can't be decoded. */
async function look(order: Order, size: Size, place: FacePlace, quarterTurns: number) {
  const side = Math.max(8, Math.round(Math.min(place.height, size.width, size.height)));
  const start = (middle: number, length: number) => Math.round(Math.min(Math.max(0, middle - side / 2), length - side));
  const upright = await sharp(order.path, { limitInputPixels: order.maxPixels, pages: 1 })
    .autoOrient()
    .rotate(quarterTurns * 90)
    .flatten({ background: ground })
    .extract({ left: start(place.x, size.width), top: start(place.y, size.height), width: side, height: side })
    .resize(lookSide, lookSide, { fit: 'fill', kernel: 'cubic' })
    .toColourspace('b-w')
    .raw()
    .toBuffer()
    .catch(() => undefined);
  return upright && { data: new Uint8Array(upright), side: lookSide };
}

async function check(order: Order): Promise<FaceOutput> {
  const facts = await imageFacts(order.path);
  if (facts === undefined) return { ok: false, problem: { code: 'image-broken' } };
  const found = await find(await createFaceModel(), order);
  if (!found.ok) return found;
  const { place, quarterTurns } = found;
  const facePixels = Math.round(place.height);
  if (place.height < leastFacePixels) return { ok: false, problem: { code: 'face-too-small', facePixels, leastFacePixels } };
  const size = quarterTurns % 2 === 0 ? facts : { width: facts.height, height: facts.width };
  const grey = await look(order, size, place, quarterTurns);
  if (grey === undefined) return { ok: false, problem: { code: 'image-broken' } };
  const [light, detail] = [lightOf(grey), detailOf(grey)];
  if (light < leastLight) return { ok: false, problem: { code: 'face-dark', light, leastLight } };
  if (detail < leastDetail) return { ok: false, problem: { code: 'face-blurred', detail, leastDetail } };
  // The crop is in the picture as it is; in a turned one the face's place is that of the picture turned back.
  const focus = quarterTurns === 0 ? cropFor(place, size) : undefined;
  return { ok: true, quarterTurns, facePixels, ...(focus && { focus }) };
}

export const run: Task = async order => check(faceInput.parse(order));
