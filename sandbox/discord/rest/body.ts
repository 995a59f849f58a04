import type { IncomingMessage } from 'node:http';
import { contentTypeOf } from '../cdn.ts';
import { invalidForm, type Result, refusals, refused, value } from './answers.ts';

export interface UploadedFile {
  /** n of the form field `files[n]`. */
  index: number;
  name: string;
  contentType: string;
  bytes: Uint8Array;
}

export interface Body {
  /** The parsed JSON, or payload_json; undefined without a body. */
  json: unknown;
  files: UploadedFile[];
}

const largestRequestBytes = 512 * 1024 * 1024;

/** Reads the whole request; null when it is larger than anything Discord takes. */
export async function readBytes(request: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    sizeBytes += chunk.length;
    if (sizeBytes <= largestRequestBytes) chunks.push(chunk);
  }
  return sizeBytes <= largestRequestBytes ? Buffer.concat(chunks) : null;
}

/** Understands JSON and multipart (`payload_json` and `files[n]`); refuses anything else as Discord does. */
export async function parseBody(bytes: Uint8Array, contentType: string): Promise<Result<Body>> {
  if (contentType.startsWith('multipart/form-data')) return parseForm(bytes, contentType);
  if (bytes.length === 0) return value({ json: undefined, files: [] });
  if (!contentType.startsWith('application/json')) {
    const message = `Expected "Content-Type" header to be one of {'application/json', 'multipart/form-data'}.`;
    return refused(invalidForm([{ path: [], code: 'CONTENT_TYPE_INVALID', message }]));
  }
  const json = parseJson(Buffer.from(bytes).toString());
  return json.ok ? value({ json: json.value, files: [] }) : json;
}

function parseJson(text: string): Result<unknown> {
  try {
    return value(JSON.parse(text));
  } catch {
    return refused(refusals.invalidJson);
  }
}

async function parseForm(bytes: Uint8Array, contentType: string): Promise<Result<Body>> {
  const headers = { 'content-type': contentType };
  const form = await new Response(Buffer.from(bytes), { headers }).formData().catch(() => null);
  if (form === null) return refused(refusals.invalidJson);
  const body: Body = { json: undefined, files: [] };
  for (const [key, part] of form.entries()) {
    if (key === 'payload_json') {
      const json = parseJson(typeof part === 'string' ? part : await part.text());
      if (!json.ok) return json;
      body.json = json.value;
      continue;
    }
    const index = /^files?\[(\d+)\]$/.exec(key)?.[1];
    if (index === undefined || typeof part === 'string') {
      const message = 'Expected payload_json and files[n] only.';
      return refused(invalidForm([{ path: [key], code: 'MULTIPART_FIELD_INVALID', message }]));
    }
    const type = part.type === '' || part.type === 'application/octet-stream' ? contentTypeOf(part.name) : part.type;
    body.files.push({ index: Number(index), name: part.name, contentType: type, bytes: await part.bytes() });
  }
  return value(body);
}
