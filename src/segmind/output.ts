import { isRecord } from './detail.ts';

/** The fields under which providers put a file, in the order of trust. */
const FILE_FIELDS = ['video_url', 'url', 'video', 'output', 'image', 'audio', 'data', 'file'] as const;

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)?((?:;[\w.+-]+=[\w.+-]+)*);base64,/i;

/** Base64 without a name for it is only believed from this length on: states and ids look like base64 too. */
const NAMED_BASE64_LENGTH = 16;
const NAMELESS_BASE64_LENGTH = 128;

/**
 * The one file of a completed answer, whatever its shape: `output` as a URL, `[url]`, `{url}`, `{video_url}`, or a top-level
 * `video.url`. Base64 becomes a `data:` URL, of `video/mp4` unless it says otherwise. Null if there is none.
 */
export function findOutputUrl(body: unknown): string | null {
  if (!isRecord(body)) return null;
  for (const field of ['output', ...FILE_FIELDS]) {
    const found = fileIn(body[field], 0);
    if (found !== null) return found;
  }
  return null;
}

function fileIn(value: unknown, depth: number): string | null {
  if (typeof value === 'string') return asFileUrl(value.trim());
  if (depth >= 4) return null;
  if (Array.isArray(value)) return firstFile(value.slice(0, 20), depth);
  return isRecord(value)
    ? firstFile(
        FILE_FIELDS.map(field => value[field]),
        depth,
      )
    : null;
}

function firstFile(values: readonly unknown[], depth: number): string | null {
  for (const value of values) {
    const found = fileIn(value, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

function asFileUrl(text: string): string | null {
  if (DATA_URL.test(text.slice(0, 200))) return text;
  const protocol = URL.parse(text)?.protocol;
  if (protocol === 'http:' || protocol === 'https:') return text;
  return isBase64(text, NAMED_BASE64_LENGTH) ? `data:video/mp4;base64,${text}` : null;
}

export type DecodedData = { bytes: Buffer; mimeType: string | null };

/** The bytes of a base64 `data:` URL; null for every other text. */
export function decodeDataUrl(url: string): DecodedData | null {
  const match = DATA_URL.exec(url.slice(0, 200));
  if (match === null) return null;
  const encoded = url.slice(match[0].length);
  if (!isBase64(encoded, 1)) return null;
  return { bytes: Buffer.from(encoded, 'base64'), mimeType: match[1]?.toLowerCase() ?? null };
}

/** Base64 bytes in any field of a JSON answer: the well-known fields first, else the longest text that is base64. */
export function findBase64(body: unknown): DecodedData | null {
  const texts: { text: string; named: boolean }[] = [];
  collectTexts(body, false, 0, texts);
  texts.sort((a, b) => Number(b.named) - Number(a.named) || b.text.length - a.text.length);
  for (const { text, named } of texts) {
    const decoded = decodeDataUrl(text);
    if (decoded !== null) return decoded;
    if (isBase64(text, named ? NAMED_BASE64_LENGTH : NAMELESS_BASE64_LENGTH)) {
      return { bytes: Buffer.from(text, 'base64'), mimeType: null };
    }
  }
  return null;
}

function collectTexts(value: unknown, named: boolean, depth: number, into: { text: string; named: boolean }[]): void {
  if (typeof value === 'string') into.push({ text: value.trim(), named });
  if (typeof value !== 'object' || value === null || depth >= 6 || into.length >= 200) return;
  const known: readonly string[] = FILE_FIELDS;
  for (const [name, item] of Object.entries(value)) collectTexts(item, named || known.includes(name), depth + 1, into);
}

function isBase64(text: string, minLength: number): boolean {
  if (text.length < minLength || !/^[A-Za-z0-9+/\r\n]+={0,2}\s*$/.test(text)) return false;
  return text.replace(/\s+/g, '').length % 4 === 0;
}
