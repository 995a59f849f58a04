import { type Cdn, cleanFilename, type StoredFile } from './cdn.ts';
import { limits } from './numbers.ts';
import { type FieldError, invalidForm, type Result, refusals, refused, value } from './rest/answers.ts';
import type { UploadedFile } from './rest/body.ts';
import { allComponents, type MessageBody } from './rest/message-schema.ts';
import type { NextId } from './snowflake.ts';

export interface MessageFilesDeps {
  cdn: Cdn;
  nextId: NextId;
}

export interface FilesRequest {
  channelId: string;
  sizeLimitBytes: number;
  body: MessageBody;
  uploads: readonly UploadedFile[];
  /** What the message has so far; empty for a new one. */
  existing: readonly StoredFile[];
}

/**
 * The files that a message has after a request: of the existing ones those listed in `attachments` (all, if the list is
 * left out), then the uploaded ones. An entry's id is an existing attachment's, or n of `files[n]`.
 */
export function filesAfter(deps: MessageFilesDeps, request: FilesRequest): Result<StoredFile[]> {
  const { body, uploads, existing, channelId } = request;
  if (uploads.some(each => each.bytes.length > request.sizeLimitBytes)) return refused(refusals.tooLarge);
  const listed = body.attachments ?? null;
  const unknown = (listed ?? []).findIndex(
    each => !existing.some(file => file.id === String(each.id)) && !uploads.some(upload => upload.index === Number(each.id)),
  );
  if (unknown !== -1) {
    const path = ['attachments', unknown, 'id'];
    return refused(invalidForm([{ path, code: 'ATTACHMENT_NOT_FOUND', message: 'Attachment data not found' }]));
  }
  const kept = existing.filter(file => listed === null || listed.some(each => String(each.id) === file.id));
  if (kept.length + uploads.length > limits.attachments) {
    return refused(
      invalidForm([{ path: ['attachments'], code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 10 or fewer in length.' }]),
    );
  }
  const metadata = (id: string | number) => listed?.find(each => String(each.id) === String(id));
  for (const file of kept) applyMetadata(file, metadata(file.id));
  const added = uploads.map(upload => {
    const given = metadata(upload.index);
    const file: StoredFile = {
      id: deps.nextId(),
      channelId,
      filename: cleanFilename(given?.filename ?? upload.name),
      contentType: upload.contentType,
      bytes: upload.bytes,
      ephemeral: false,
      description: null,
      spoiler: false,
      width: null,
      height: null,
      durationSecs: null,
    };
    file.spoiler = file.filename.startsWith('SPOILER_');
    applyMetadata(file, given);
    return file;
  });
  const all = [...kept, ...added];
  const dangling = danglingReferences(body, all);
  if (dangling.length > 0) return refused(invalidForm(dangling));
  for (const file of added) deps.cdn.put(file);
  for (const file of existing) if (!kept.includes(file)) deps.cdn.remove(file.id);
  return value(all);
}

function applyMetadata(file: StoredFile, given: NonNullable<MessageBody['attachments']>[number] | undefined): void {
  if (given?.description !== undefined) file.description = given.description;
  if (given?.is_spoiler != null) file.spoiler = given.is_spoiler;
}

/** Links `attachment://name` in components and embeds whose file the message doesn't have. */
function danglingReferences(body: MessageBody, files: readonly StoredFile[]): FieldError[] {
  const text = JSON.stringify([allComponents(body.components ?? []), body.embeds ?? []]);
  const names = [...text.matchAll(/"attachment:\/\/([^"]+)"/g)].map(match => match[1] ?? '');
  return names
    .filter(name => !files.some(file => file.filename === name))
    .slice(0, 1)
    .map(name => ({
      path: ['components'],
      code: 'MEDIA_ATTACHMENT_NOT_FOUND',
      message: `The referenced attachment was not found in the message: ${name}`,
    }));
}
