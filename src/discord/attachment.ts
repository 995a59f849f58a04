import type { Attachment } from 'discord.js';
import type { Source } from '../core/render.ts';

/** Where a picker of files offers portraits, and voices. What a file is, its content decides later. */
export const FILE_TYPES = {
  portrait: ['.jpg', '.jpeg', '.png', '.webp', '.avif', '.gif'],
  voice: ['.wav', '.mp3', '.ogg', '.opus', '.m4a', '.flac', '.webm'],
} as const;
export type InputName = keyof typeof FILE_TYPES;

/** The attachment as Discord states it; its content is looked at later. */
export function attachmentSource(attachment: Attachment): Source {
  const { url, name, contentType, size, duration, width, height } = attachment;
  return { kind: 'attachment', url, name, contentType, sizeBytes: size, durationSeconds: duration, width, height };
}

/** The first attachment that can be a portrait, and the first that can be a voice. */
export function inputsAmong(attachments: Iterable<Attachment>): Partial<Record<InputName, Source>> {
  const found: Partial<Record<InputName, Source>> = {};
  for (const attachment of attachments) {
    const name = inputNameOf(attachment);
    if (name !== undefined) found[name] ??= attachmentSource(attachment);
  }
  return found;
}

/** By the stated type; by the name's extension where the type leaves it open, as it does for recordings that are stated as videos. */
export function inputNameOf({ contentType, name }: Pick<Attachment, 'contentType' | 'name'>): InputName | undefined {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (/^image\/(jpe?g|png|webp|avif|gif)$/.test(type)) return 'portrait';
  if (/^audio\/|^application\/ogg$/.test(type)) return 'voice';
  const has = (extensions: readonly string[]) => extensions.some(each => name.toLowerCase().endsWith(each));
  const isUnstated = type === '' || type === 'application/octet-stream';
  if (isUnstated && has(FILE_TYPES.portrait)) return 'portrait';
  return (isUnstated || type.startsWith('video/')) && has(FILE_TYPES.voice) ? 'voice' : undefined;
}
