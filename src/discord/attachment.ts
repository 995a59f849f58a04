import type { Attachment } from 'discord.js';
import type { Source } from '../core/render.ts';

/** The attachment as Discord states it; its content is looked at later. */
export function attachmentSource(attachment: Attachment): Source {
  const { url, name, contentType, size, duration, width, height } = attachment;
  return { kind: 'attachment', url, name, contentType, sizeBytes: size, durationSeconds: duration, width, height };
}
