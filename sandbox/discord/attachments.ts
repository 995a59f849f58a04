import { type Cdn, cleanFilename, contentTypeOf, type StoredFile } from './cdn.ts';
import type { NextId } from './snowflake.ts';

/** A file that a member hands in. */
export interface GivenFile {
  name: string;
  bytes: Uint8Array;
  /** Default: by the name's extension. */
  contentType?: string;
  /** Stated by Discord for voice messages; left out unless given. */
  durationSecs?: number;
}

/** An attachment as tests and the page see it. */
export interface SandboxAttachment {
  id: string;
  filename: string;
  contentType: string;
  sizeBytes: number;
  description: string | null;
  spoiler: boolean;
  width: number | null;
  height: number | null;
  durationSecs: number | null;
  /** Signed; works for 24 hours of the stand-in's clock. */
  url: string;
}

const spoilerFlag = 1 << 3;

export function attachmentView(file: StoredFile, cdn: Cdn): SandboxAttachment {
  const { id, filename, contentType, bytes, description, spoiler, width, height, durationSecs } = file;
  return {
    id,
    filename,
    contentType,
    sizeBytes: bytes.length,
    description,
    spoiler,
    width,
    height,
    durationSecs,
    url: cdn.url(file),
  };
}

/** An attachment in a payload (resources/message#attachment-object). */
export function attachmentPayload(file: StoredFile, cdn: Cdn) {
  const url = cdn.url(file);
  return {
    id: file.id,
    filename: file.filename,
    size: file.bytes.length,
    url,
    proxy_url: url,
    content_type: file.contentType,
    ...(file.width !== null && file.height !== null ? { width: file.width, height: file.height } : {}),
    ...(file.durationSecs !== null ? { duration_secs: file.durationSecs } : {}),
    ...(file.description !== null ? { description: file.description } : {}),
    ...(file.ephemeral ? { ephemeral: true } : {}),
    ...(file.spoiler ? { flags: spoilerFlag } : {}),
  };
}

/** Stores what a member uploads with a command or a modal, with the size that an image has. */
export async function storeGivenFile(cdn: Cdn, nextId: NextId, channelId: string, given: GivenFile): Promise<StoredFile> {
  const filename = cleanFilename(given.name);
  const contentType = given.contentType ?? contentTypeOf(filename);
  const size = contentType.startsWith('image/') ? await imageSize(given.bytes) : null;
  return cdn.put({
    id: nextId(),
    channelId,
    filename,
    contentType,
    bytes: given.bytes,
    ephemeral: true,
    description: null,
    spoiler: filename.startsWith('SPOILER_'),
    width: size?.width ?? null,
    height: size?.height ?? null,
    durationSecs: given.durationSecs ?? null,
  });
}

/** Null where the bytes are no image that can be read. */
async function imageSize(bytes: Uint8Array): Promise<{ width: number; height: number } | null> {
  // sharp throws at once for no bytes at all.
  if (bytes.length === 0) return null;
  const { default: sharp } = await import('sharp');
  const found = await sharp(bytes)
    .metadata()
    .catch(() => null);
  return found?.width && found.height ? { width: found.width, height: found.height } : null;
}
