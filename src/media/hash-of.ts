import type { Sharp } from 'sharp';
import { HASHED_SIDE, hashPicture } from './picture-hash.ts';

/** The perceptual hash of an upright, opaque picture. Only for child processes: it decodes. Rejects where the picture is damaged. */
export async function hashOf(picture: Sharp): Promise<string> {
  const grey = await picture.greyscale().resize(HASHED_SIDE, HASHED_SIDE, { fit: 'fill' }).raw().toBuffer();
  return hashPicture(new Uint8Array(grey));
}
