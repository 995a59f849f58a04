/** Finds the one face of a picture, whichever way up the picture is, and its landmarks as exactly as the models can. */
import type { DetectedFace, FaceModel } from './human.ts';
import { chin, eyeOuterLeft, eyeOuterRight, foreheadTop, oval } from './points.ts';

/** A picture's colours, 0-255, three bytes a pixel. */
export type Rgb = { data: Uint8Array; width: number; height: number };

/** Why there is no face to work with. `share` is the face's height over the picture's shorter side. */
export type FaceProblem =
  | { code: 'no-face' }
  | { code: 'several-faces'; count: number }
  | { code: 'face-too-small'; share: number }
  | { code: 'face-turned'; degrees: number }
  | { code: 'face-tilted'; degrees: number };

/** `mesh` in pixels of the picture after `quarterTurns` clockwise turns, which set the face upright. */
export type LocatedFace = { mesh: Float32Array; quarterTurns: 0 | 1 | 2 | 3; boxScore: number; share: number };
export type FaceResult = { ok: true; face: LocatedFace } | { ok: false; problem: FaceProblem };

/** Portraits score 0.8-0.9, a crude drawing of a face 0.55, other things not at all. */
const minBoxScore = 0.5;
/** From here on a second box counts as a face, not as a chance. */
const minSecondScore = 0.6;
/** Both scores of an upright face together; below, the picture may be turned, so all four ways are tried. */
const uprightScore = 0.78;
/** How much surer the models must be of a turned picture: they were trained on upright ones. */
const turnMargin = 0.05;
const minShare = 0.15;
const maxTiltDegrees = 45;
const maxYawDegrees = 42;
/** Side of the upright crop that the landmarks are found in again, and its size in face heights. */
const cropSide = 320;
const cropFaces = 1.55;

type Xy = { x: number; y: number };
const at = (mesh: Float32Array, index: number): Xy => ({ x: mesh[index * 3] ?? 0, y: mesh[index * 3 + 1] ?? 0 });
const toDegrees = (radians: number) => (radians * 180) / Math.PI;
const sureness = (face: DetectedFace | undefined) => (face === undefined ? 0 : face.boxScore * face.meshScore);

/** Angle of the line between the eyes; positive is clockwise. */
function tiltOf(mesh: Float32Array): number {
  const [left, right] = [at(mesh, eyeOuterLeft), at(mesh, eyeOuterRight)];
  return Math.atan2(right.y - left.y, right.x - left.x);
}

/** Angle by which the face looks aside, from the depths of the eyes' corners. */
function yawOf(mesh: Float32Array): number {
  const [left, right] = [at(mesh, eyeOuterLeft), at(mesh, eyeOuterRight)];
  const depth = (mesh[eyeOuterRight * 3 + 2] ?? 0) - (mesh[eyeOuterLeft * 3 + 2] ?? 0);
  return Math.atan2(depth, Math.hypot(right.x - left.x, right.y - left.y));
}

/** Middle of the outline and the face's height from forehead to chin. */
function extentOf(mesh: Float32Array): Xy & { height: number; width: number } {
  const points = oval.map(index => at(mesh, index));
  const [xs, ys] = [points.map(p => p.x), points.map(p => p.y)];
  const middle = (values: number[]) => (Math.min(...values) + Math.max(...values)) / 2;
  const [top, bottom] = [at(mesh, foreheadTop), at(mesh, chin)];
  const height = Math.hypot(bottom.x - top.x, bottom.y - top.y);
  return { x: middle(xs), y: middle(ys), height, width: Math.max(...xs) - Math.min(...xs) };
}

/** A quarter turn clockwise. */
export function turned({ data, width, height }: Rgb): Rgb {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const to = (x * height + (height - 1 - y)) * 3;
      out.set(data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3), to);
    }
  }
  return { data: out, width: height, height: width };
}

/** A square of the picture about a middle, turned back by its tilt; what lies outside repeats the border. */
function upright(picture: Rgb, middle: Xy, side: number, tilt: number, mirror: boolean): Float32Array {
  const { data, width, height } = picture;
  const out = new Float32Array(cropSide * cropSide * 3);
  const scale = side / cropSide;
  const [cos, sin] = [Math.cos(tilt) * scale, Math.sin(tilt) * scale];
  for (let row = 0; row < cropSide; row += 1) {
    for (let column = 0; column < cropSide; column += 1) {
      const u = (mirror ? cropSide - 1 - column : column) - cropSide / 2 + 0.5;
      const v = row - cropSide / 2 + 0.5;
      const x = Math.min(width - 1.001, Math.max(0, middle.x + u * cos - v * sin));
      const y = Math.min(height - 1.001, Math.max(0, middle.y + u * sin + v * cos));
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [fx, fy] = [x - left, y - top];
      for (let channel = 0; channel < 3; channel += 1) {
        const from = (top * width + left) * 3 + channel;
        const upper = (data[from] ?? 0) * (1 - fx) + (data[from + 3] ?? 0) * fx;
        const lower = (data[from + width * 3] ?? 0) * (1 - fx) + (data[from + width * 3 + 3] ?? 0) * fx;
        out[(row * cropSide + column) * 3 + channel] = upper * (1 - fy) + lower * fy;
      }
    }
  }
  return out;
}

/** Landmarks found again in an upright crop and in its mirror image; their mean has half the noise, and no side is preferred. */
async function refine(model: FaceModel, picture: Rgb, rough: Float32Array): Promise<Float32Array> {
  const tilt = tiltOf(rough);
  const extent = extentOf(rough);
  const side = Math.max(extent.height, extent.width) * cropFaces;
  const sum = new Float32Array(rough.length);
  let count = 0;
  for (const mirror of [false, true]) {
    const rgb = upright(picture, extent, side, tilt, mirror);
    const [best] = (await model.detect({ rgb, width: cropSide, height: cropSide })).sort((a, b) => sureness(b) - sureness(a));
    if (best === undefined) continue;
    count += 1;
    for (let index = 0; index < sum.length / 3; index += 1) {
      const from = (mirror ? (model.mirrored[index] ?? 0) : index) * 3;
      const x = best.mesh[from] ?? 0;
      sum[index * 3] = (sum[index * 3] ?? 0) + (mirror ? cropSide - x : x);
      sum[index * 3 + 1] = (sum[index * 3 + 1] ?? 0) + (best.mesh[from + 1] ?? 0);
      sum[index * 3 + 2] = (sum[index * 3 + 2] ?? 0) + (best.mesh[from + 2] ?? 0);
    }
  }
  if (count === 0) return rough;
  const scale = side / cropSide;
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)];
  return sum.map((_, at) => {
    const index = at - (at % 3);
    const u = ((sum[index] ?? 0) / count - cropSide / 2) * scale;
    const v = ((sum[index + 1] ?? 0) / count - cropSide / 2) * scale;
    if (at % 3 === 0) return extent.x + u * cos - v * sin;
    return at % 3 === 1 ? extent.y + u * sin + v * cos : ((sum[index + 2] ?? 0) / count) * scale;
  });
}

/** A grey rim around a picture, as a share of its longer side: the detector misplaces faces that fill their picture. */
const rimShare = 0.08;
const grey = 128;

/** All faces of a picture, looked for with the rim around it, surest first; told in pixels of the picture. */
async function detectAll(model: FaceModel, { data, width, height }: Rgb): Promise<DetectedFace[]> {
  const rim = Math.round(rimShare * Math.max(width, height));
  const wide = width + 2 * rim;
  const rgb = new Float32Array(wide * (height + 2 * rim) * 3).fill(grey);
  for (let row = 0; row < height; row += 1) {
    rgb.set(data.subarray(row * width * 3, (row + 1) * width * 3), ((row + rim) * wide + rim) * 3);
  }
  const faces = await model.detect({ rgb, width: wide, height: height + 2 * rim });
  return faces
    .map(face => ({ ...face, mesh: face.mesh.map((value, index) => (index % 3 === 2 ? value : value - rim)) }))
    .sort((a, b) => sureness(b) - sureness(a));
}

/** How many faces stand apart from one another. */
function countApart(faces: readonly DetectedFace[]): number {
  const kept: (Xy & { height: number })[] = [];
  for (const face of faces.filter(({ boxScore }) => boxScore >= minSecondScore)) {
    const extent = extentOf(face.mesh);
    const apart = kept.every(
      other => Math.hypot(other.x - extent.x, other.y - extent.y) > 0.6 * Math.max(other.height, extent.height),
    );
    if (apart && extent.height > 0) kept.push(extent);
  }
  return kept.length;
}

/** The models' view of the picture in the way up that they are surest of. */
async function detectTurned(model: FaceModel, picture: Rgb) {
  let current = picture;
  let best: { picture: Rgb; faces: DetectedFace[]; quarterTurns: 0 | 1 | 2 | 3; score: number } | undefined;
  for (const quarterTurns of [0, 1, 2, 3] as const) {
    if (quarterTurns > 0) current = turned(current);
    const faces = await detectAll(model, current);
    const score = sureness(faces[0]) + (quarterTurns === 0 ? turnMargin : 0);
    if (best === undefined || score > best.score) best = { picture: current, faces, quarterTurns, score };
    if (quarterTurns === 0 && score - turnMargin >= uprightScore) break;
  }
  return best;
}

/** Finds the face, or says why a portrait can't be made of this picture. */
export async function locateFace(model: FaceModel, original: Rgb): Promise<FaceResult> {
  const problem = (found: FaceProblem): FaceResult => ({ ok: false, problem: found });
  const best = await detectTurned(model, original);
  const rough = best?.faces[0];
  if (best === undefined || rough === undefined || rough.boxScore < minBoxScore) return problem({ code: 'no-face' });
  const { picture, faces, quarterTurns } = best;
  const count = countApart(faces);
  if (count > 1) return problem({ code: 'several-faces', count });
  const mesh = await refine(model, picture, rough.mesh);
  const share = extentOf(mesh).height / Math.min(picture.width, picture.height);
  if (share < minShare) return problem({ code: 'face-too-small', share });
  const tilt = toDegrees(tiltOf(mesh));
  if (Math.abs(tilt) > maxTiltDegrees) return problem({ code: 'face-tilted', degrees: Math.round(tilt) });
  const yaw = toDegrees(yawOf(mesh));
  if (Math.abs(yaw) > maxYawDegrees) return problem({ code: 'face-turned', degrees: Math.round(yaw) });
  return { ok: true, face: { mesh, quarterTurns, boxScore: rough.boxScore, share } };
}
