/** What a file is by its content; its name and declared type count for nothing here. */
import { fileTypeFromFile } from 'file-type';
import type { Container } from './av/input.ts';

/** The media type of a file's content, without parameters; undefined when it is none that is known (a text, for instance). */
export async function sniff(path: string): Promise<string | undefined> {
  const found = await fileTypeFromFile(path).catch(() => undefined);
  return found?.mime.split(';')[0];
}

/** Portraits: media type → file extension. */
export const portraitTypes: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', 'jpg'],
  ['image/png', 'png'],
  ['image/webp', 'webp'],
  ['image/avif', 'avif'],
  ['image/gif', 'gif'],
]);

/**
 * Voices: media type → the container that it is opened as. Ogg holds Vorbis and Opus. mp4 and webm are accepted whatever their
 * content calls itself, since recorders write sound alone into both; what counts is that there is sound inside.
 */
export const voiceContainers: ReadonlyMap<string, Container> = new Map<string, Container>([
  ['audio/wav', 'wav'],
  ['audio/mpeg', 'mp3'],
  ['audio/ogg', 'ogg'],
  ['video/ogg', 'ogg'],
  ['application/ogg', 'ogg'],
  ['audio/flac', 'flac'],
  ['audio/mp4', 'mov'],
  ['audio/x-m4a', 'mov'],
  ['video/mp4', 'mov'],
  ['audio/webm', 'matroska'],
  ['video/webm', 'matroska'],
]);

/** Videos that a provider may deliver: media type → container. */
export const videoContainers: ReadonlyMap<string, Container> = new Map<string, Container>([
  ['video/mp4', 'mov'],
  ['video/x-m4v', 'mov'],
  ['video/quicktime', 'mov'],
  ['video/webm', 'matroska'],
  ['video/x-matroska', 'matroska'],
]);
