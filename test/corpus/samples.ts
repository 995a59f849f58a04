import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { codings, speechLike, wavOf, writeCoded, writeVideo } from '../support/make-media.ts';

export const pictureFormats = ['jpg', 'png', 'webp', 'avif', 'gif'] as const;
export const voiceFormats = ['wav', 'mp3', 'ogg', 'opus', 'm4a', 'mp4', 'flac', 'webm'] as const;
export type PictureFormat = (typeof pictureFormats)[number];
export type VoiceFormat = (typeof voiceFormats)[number];

/** Good files, from which the bad ones are made. */
export type Samples = {
  pictures: Record<PictureFormat, Buffer>;
  voices: Record<VoiceFormat, Buffer>;
  /** An mp4 of pictures and sound. */
  video: Buffer;
};

const side = 192;

/** A picture with gradients and edges. */
export function picture(width: number, height: number): Sharp {
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < data.length; at += 1) data[at] = (at * 7 + ((at / (width * 3)) | 0) * 13) & 0xff;
  return sharp(data, { raw: { width, height, channels: 3 } });
}

export function encodePicture(from: Sharp, format: PictureFormat): Promise<Buffer> {
  switch (format) {
    case 'jpg':
      return from.jpeg().toBuffer();
    case 'png':
      return from.png().toBuffer();
    case 'webp':
      return from.webp().toBuffer();
    case 'avif':
      return from.avif({ effort: 0 }).toBuffer();
    case 'gif':
      return from.gif({ effort: 1 }).toBuffer();
  }
}

/** A voice in any format, by way of a file that is gone afterwards. */
export async function encodeVoice(format: Exclude<VoiceFormat, 'wav'>, samples: Float32Array): Promise<Buffer> {
  return viaFile(path => writeCoded(path, format, samples));
}

export function sampleRateOf(format: Exclude<VoiceFormat, 'wav'>): number {
  return codings[format].sampleRate;
}

async function viaFile(write: (path: string) => Promise<void>): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'hallo-samples-'));
  try {
    await write(join(folder, 'file'));
    return await readFile(join(folder, 'file'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function makeSamples(): Promise<Samples> {
  const coded = (format: Exclude<VoiceFormat, 'wav'>) => encodeVoice(format, speechLike(1, sampleRateOf(format)));
  const drawn = (format: PictureFormat) => encodePicture(picture(side, side), format);
  return {
    pictures: {
      ...{ jpg: await drawn('jpg'), png: await drawn('png'), webp: await drawn('webp') },
      ...{ avif: await drawn('avif'), gif: await drawn('gif') },
    },
    voices: {
      wav: wavOf(speechLike(1, 16_000), 16_000),
      ...{ mp3: await coded('mp3'), ogg: await coded('ogg'), opus: await coded('opus'), m4a: await coded('m4a') },
      ...{ mp4: await coded('mp4'), flac: await coded('flac'), webm: await coded('webm') },
    },
    video: await viaFile(path => writeVideo(path, { seconds: 1, width: 128, height: 128 })),
  };
}
