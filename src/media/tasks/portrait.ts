/** Makes a portrait of any accepted format a square JPEG without metadata; runs in a child process. */
import { readFile, writeFile } from 'node:fs/promises';
import type { z } from 'zod';
import { isBarePicture } from '../bare-picture.ts';
import { hashOf } from '../hash-of.ts';
import { type ImageFacts, imageFacts, squarePicture, wholePicture } from '../image.ts';
import type { Task } from '../isolate.ts';
import type { MediaProblem } from '../problem.ts';
import { portraitTypes, sniff } from '../sniff.ts';
import { type PortraitOutput, portraitInput } from './orders.ts';

/** Twice what the model works with; more would only cost time and upload. */
const maxSide = 1024;
const jpegQuality = 92;

const refused = (problem: MediaProblem): PortraitOutput => ({ ok: false, problem });

/** True for a file that may be handed on as it is: square, small, upright, opaque, plain colours, and saying nothing of its owner. */
function isFinished({ width, height, metadata }: ImageFacts): boolean {
  const { orientation, exif, xmp, iptc, icc, space, depth, hasAlpha, isPalette } = metadata;
  const tells = exif !== undefined || xmp !== undefined || iptc !== undefined || icc !== undefined;
  const isPlain = space === 'srgb' && depth === 'uchar' && hasAlpha === false && isPalette !== true;
  return width === height && width <= maxSide && (orientation ?? 1) === 1 && isPlain && !tells;
}

function contentTypeOf(type: string): 'image/jpeg' | 'image/png' | undefined {
  return type === 'image/jpeg' || type === 'image/png' ? type : undefined;
}

async function prepare(order: z.infer<typeof portraitInput>): Promise<PortraitOutput> {
  const { path, outputPath, maxPixels, minSide, focus, quarterTurns } = order;
  const type = await sniff(path);
  if (type === undefined || !portraitTypes.has(type)) return refused({ code: 'not-an-image', found: type });
  const facts = await imageFacts(path);
  if (facts === undefined) return refused({ code: 'image-broken' });
  const { width, height } = facts;
  if (width * height > maxPixels) return refused({ code: 'too-many-pixels', width, height, maxPixels });
  if (Math.min(width, height) < minSide) return refused({ code: 'portrait-too-small', width, height, minSide });
  const square = squarePicture(path, facts, { maxPixels, focus, quarterTurns });
  const asItIs = focus === undefined && quarterTurns === 0;
  const kept = contentTypeOf(type);
  if (kept !== undefined && asItIs && isFinished(facts) && isBarePicture(await readFile(path))) {
    const whole = await square.stats().catch(() => undefined); // decodes all of it
    return whole === undefined
      ? refused({ code: 'image-broken' })
      : { ok: true, changed: false, contentType: kept, width, height, hash: await hashOf(wholePicture(path, maxPixels)) };
  }
  const made = await square
    .resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: jpegQuality, chromaSubsampling: '4:4:4' })
    .toBuffer({ resolveWithObject: true })
    .catch(() => undefined);
  if (made === undefined) return refused({ code: 'image-broken' });
  await writeFile(outputPath, made.data);
  const hash = await hashOf(wholePicture(path, maxPixels));
  return { ok: true, changed: true, contentType: 'image/jpeg', width: made.info.width, height: made.info.height, hash };
}

export const run: Task = async order => prepare(portraitInput.parse(order));
