/** Reading pictures with sharp. Only for child processes: hostile files may crash it. */
import sharp, { type Metadata, type Sharp } from 'sharp';
import { type Focus, squareAround } from './crop.ts';

sharp.cache(false);
sharp.concurrency(1);
// libvips knows many more formats, some of which read other files (svg) or are rarely tested.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadHeif', 'VipsForeignLoadNsgif'],
});

/** Stands behind what is transparent. */
export const ground = '#808080';

/** A picture's own facts, read from its header; width and height are those of the upright picture. */
export type ImageFacts = { width: number; height: number; metadata: Metadata };

/** Reads the header, without decoding and so without a limit of pixels; undefined when it is none that sharp reads. */
export async function imageFacts(path: string): Promise<ImageFacts | undefined> {
  const metadata = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  if (metadata === undefined) return undefined;
  const { width, height } = metadata.autoOrient;
  return { width, height, metadata };
}

/**
 * The first frame, upright, opaque, in sRGB and cut to a square. Decoding it fails on truncated and damaged files. `quarterTurns`
 * clockwise come after what the file itself says of its way up; the focus is in the turned picture.
 */
export function squarePicture(
  path: string,
  facts: ImageFacts,
  { maxPixels, focus, quarterTurns }: { maxPixels: number; focus?: Focus | undefined; quarterTurns: number },
): Sharp {
  const { width, height } = quarterTurns % 2 === 0 ? facts : { width: facts.height, height: facts.width };
  const { left, top, side } = squareAround(width, height, focus);
  return sharp(path, { limitInputPixels: maxPixels, failOn: 'error', pages: 1 })
    .autoOrient()
    .rotate(quarterTurns * 90)
    .extract({ left, top, width: side, height: side })
    .flatten({ background: ground })
    .toColourspace('srgb');
}

/** The first frame as it was given, upright and opaque: what is hashed does not depend on how it is cut. */
export function wholePicture(path: string, maxPixels: number): Sharp {
  return sharp(path, { limitInputPixels: maxPixels, failOn: 'error', pages: 1 }).autoOrient().flatten({ background: ground });
}
