import { STATUS_CODES } from 'node:http';
import { Readable } from 'node:stream';
import type { RESTOptions, ResponseLike } from 'discord.js';
import { Headers, request } from 'undici';

/**
 * How discord.js's REST client sends: by our undici, whose `request` takes half of the time of `fetch`. A body is text, or a list of
 * pieces (multipart.ts), which can be sent again.
 */
export const makeRequest: RESTOptions['makeRequest'] = async (url, { body, headers, method, signal }): Promise<ResponseLike> => {
  const answer = await request(url, {
    method: method ?? 'GET',
    headers: Object.fromEntries(Object.entries(headers ?? {})),
    signal: signal ?? null,
    body: ownBody(body),
  });
  const { statusCode } = answer;
  return {
    body: answer.body,
    arrayBuffer: () => answer.body.arrayBuffer(),
    json: () => answer.body.json(),
    text: () => answer.body.text(),
    get bodyUsed() {
      return answer.body.bodyUsed;
    },
    headers: headersOf(answer.headers),
    status: statusCode,
    statusText: STATUS_CODES[statusCode] ?? '',
    ok: statusCode >= 200 && statusCode < 300,
  };
};

function ownBody(body: unknown): string | Readable | null {
  if (body === undefined || body === null || typeof body === 'string') return body ?? null;
  if (!Array.isArray(body) || !body.every(piece => piece instanceof Uint8Array))
    throw new TypeError('a body that is neither text nor pieces');
  return Readable.from(body);
}

function headersOf(given: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const headers = new Headers();
  for (const [name, value = []] of Object.entries(given)) {
    for (const each of typeof value === 'string' ? [value] : value) headers.append(name, each);
  }
  return headers;
}
