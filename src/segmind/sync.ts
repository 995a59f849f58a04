import { SubmitUnknown } from './errors.ts';
import { findBase64, findOutputUrl } from './output.ts';
import type { Context } from './refusal.ts';
import type { Answered } from './transport.ts';

/** The file of a v1 call: its bytes, or (seen on other models) where it is. `mimeType` is null if the answer named none. */
export type SyncResult = { kind: 'bytes'; bytes: Buffer; mimeType: string | null } | { kind: 'url'; url: string };

/** Reads the answer to a v1 call by its content type. A success that can't be read was paid all the same: SubmitUnknown. */
export function readSync(answer: Answered, body: unknown, context: Context): SyncResult {
  const unreadable = (detail: string) =>
    new SubmitUnknown({ causeKind: 'unreadable', status: answer.status, detail, requestId: context.requestId });
  const mimeType = mimeTypeOf(answer);
  const isText = mimeType === null ? body !== undefined : mimeType.endsWith('json') || mimeType.startsWith('text/');
  if (!isText) {
    if (answer.body.length === 0) throw unreadable('the answer is empty');
    return { kind: 'bytes', bytes: answer.body, mimeType: mimeType === 'application/octet-stream' ? null : mimeType };
  }
  const url = findOutputUrl(body);
  if (url?.startsWith('http')) return { kind: 'url', url };
  const decoded = findBase64(body);
  if (decoded === null) throw unreadable('the answer has no file');
  return { kind: 'bytes', ...decoded };
}

function mimeTypeOf(answer: Answered): string | null {
  const header = answer.headers['content-type'];
  const value = Array.isArray(header) ? header[0] : header;
  return value?.split(';')[0]?.trim().toLowerCase() || null;
}
