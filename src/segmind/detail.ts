/** Texts out of foreign answers: found in whatever field they are, cleaned of secrets, bounded. */

/** Longest text that is kept of an answer. */
export const DETAIL_LIMIT = 2_000;

/** Deeper structures than this are cut: an answer may be hostile. */
const DEPTH_LIMIT = 12;

const TEXT_FIELDS = ['error', 'error_description', 'message', 'detail'] as const;

/** Takes the key and every URL's credentials, query and fragment out of a text, and bounds it. */
export function scrub(text: string, key: string | null, limit = DETAIL_LIMIT): string {
  const bounded = text.slice(0, limit * 4);
  const keyless = key ? bounded.replaceAll(key, '[key]') : bounded;
  const clean = keyless
    .replace(/\b(https?:\/\/)(?:[^\s/"'<>@]{1,200}@)?([^\s"'<>?#]*)[?#][^\s"'<>]*/gi, '$1$2')
    .replace(/\b(https?:\/\/)[^\s/"'<>@]{1,200}@/gi, '$1')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ')
    .trim();
  return (clean.length > limit ? `${clean.slice(0, limit - 1)}…` : clean).toWellFormed();
}

/** The same for every string of a parsed answer. */
export function scrubDeep(value: unknown, key: string | null, depth = 0): unknown {
  if (typeof value === 'string') return scrub(value, key);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_LIMIT) return '…';
  if (Array.isArray(value)) return value.slice(0, 100).map(item => scrubDeep(item, key, depth + 1));
  const entries = Object.entries(value).slice(0, 100);
  return Object.fromEntries(entries.map(([name, item]) => [scrub(name, key, 200), scrubDeep(item, key, depth + 1)]));
}

/**
 * The error text of a parsed answer: `error` (with `error_description`), else `message`, else `detail`, each a text, a list or an
 * object that holds one. Null if there is none.
 */
export function findDetail(body: unknown): string | null {
  if (!isRecord(body)) return null;
  const error = textOf(body.error);
  const description = textOf(body.error_description);
  if (error !== null && description !== null && error !== description) return `${error}: ${description}`;
  return error ?? description ?? textOf(body.message) ?? textOf(body.detail);
}

/** The provider's own envelope: `error` with a text in it. Gateways answer `{"message": …}`, or no JSON at all. */
export function hasOwnError(body: unknown): boolean {
  return isRecord(body) && textOf(body.error) !== null;
}

/** What an HTML page or plain text says, in one line. */
export function plainText(body: string): string {
  return body
    .slice(0, 4_000)
    .replace(/<(script|style)\b[^<]{0,4000}<\/\1>/gi, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}

function textOf(value: unknown, depth = 0): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value.slice(0, DETAIL_LIMIT * 4);
  if (typeof value === 'number') return String(value);
  if (depth >= 4) return null;
  if (Array.isArray(value)) {
    const texts = value.slice(0, 10).map(item => textOf(item, depth + 1));
    return texts.filter(text => text !== null).join('; ') || null;
  }
  if (!isRecord(value)) return null;
  for (const field of [...TEXT_FIELDS, 'msg', 'reason', 'code']) {
    const text = textOf(value[field], depth + 1);
    if (text !== null) return text;
  }
  return null;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
