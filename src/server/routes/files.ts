import { createReadStream } from 'node:fs';
import { fileTypeFromBuffer } from 'file-type';
import { z } from 'zod';
import { isAcceptable } from '../inputs.ts';
import { sendProblem } from '../problems.ts';
import { binary, errorBody, uploadAnswer, uploadBody } from '../schemas.ts';
import type { App, RouteContext } from './context.ts';

type Range = { start: number; end: number };

/** One range of bytes (inclusive) of an HTTP Range header; undefined = the whole file, 'unsatisfiable' = 416. */
export function parseRange(header: string | undefined, sizeBytes: number): Range | 'unsatisfiable' | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, from = '', to = ''] = found ?? [];
  if (found === null || (from === '' && to === '')) return undefined;
  const start = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  return start > end ? 'unsatisfiable' : { start, end };
}

/** The bytes of a base64 data URL; undefined for anything else. */
export function decodeDataUrl(url: string): Buffer | undefined {
  const head = /^data:[^,]{0,200};base64,/i.exec(url)?.[0];
  if (head === undefined) return undefined;
  const text = url.slice(head.length);
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}

/** `POST /upload-asset`. A file's type is what its content says, not what its data URL says. */
export function registerUpload(app: App, { settings, files, urls }: RouteContext): void {
  const { imageBytes, audioBytes } = settings.limits;
  app.post(
    '/upload-asset',
    {
      config: { call: 'upload' },
      // base64 makes four characters of three bytes; the rest is JSON.
      bodyLimit: Math.ceil((imageBytes + audioBytes) * (4 / 3)) + 10_000,
      schema: {
        tags: ['assets'],
        summary: 'Upload inputs as data URLs',
        body: uploadBody,
        response: { 200: uploadAnswer, 400: errorBody, 401: errorBody, 406: errorBody, 413: errorBody, 429: errorBody },
      },
    },
    async (request, reply) => {
      const assets: { bytes: Buffer; type: { extension: string; contentType: string } }[] = [];
      for (const url of request.body.data_urls) {
        const bytes = decodeDataUrl(url);
        if (bytes === undefined) return sendProblem(reply, { status: 400, error: 'data_urls: not a base64 data URL' });
        const found = await fileTypeFromBuffer(bytes);
        const isImage = found !== undefined && isAcceptable('image', found.mime);
        if (found === undefined || !(isImage || isAcceptable('audio', found.mime)))
          return sendProblem(reply, { status: 406, error: 'data_urls: not a supported image or audio file' });
        if (bytes.length > (isImage ? imageBytes : audioBytes))
          return sendProblem(reply, { status: 413, error: 'data_urls: file is too large' });
        assets.push({ bytes, type: { extension: found.ext.replaceAll(/[^a-z0-9]/g, '').slice(0, 8), contentType: found.mime } });
      }
      const names = await Promise.all(assets.map(asset => files.put(asset.bytes, asset.type)));
      return reply.send({ file_urls: names.map(name => urls.file(request, name)) });
    },
  );
}

/** `GET /files/…`: whoever knows the name may fetch it, whole or in ranges, without a key. */
export function registerFiles(app: App, { files, now }: RouteContext): void {
  app.get(
    '/files/:name',
    {
      config: { call: 'file' },
      schema: {
        tags: ['files'],
        summary: 'A finished video or an uploaded asset',
        params: z.object({ name: z.string() }),
        response: {
          200: { description: 'The file', content: { '*/*': { schema: binary } } },
          206: { description: 'A part of it', content: { '*/*': { schema: binary } } },
          404: errorBody,
          416: errorBody,
        },
      },
    },
    async (request, reply) => {
      const file = files.find(request.params.name);
      if (file === undefined) return sendProblem(reply, { status: 404, error: 'File not found' });
      const range = parseRange(request.headers.range, file.sizeBytes);
      reply.headers({
        'accept-ranges': 'bytes',
        'x-content-type-options': 'nosniff',
        'cache-control': `public, max-age=${Math.max(0, Math.floor((file.expiresAtMs - now()) / 1000))}, immutable`,
      });
      if (range === 'unsatisfiable') {
        reply.header('content-range', `bytes */${file.sizeBytes}`);
        return sendProblem(reply, { status: 416, error: 'Range not satisfiable' });
      }
      const { start, end } = range ?? { start: 0, end: file.sizeBytes - 1 };
      if (range !== undefined) reply.code(206).header('content-range', `bytes ${start}-${end}/${file.sizeBytes}`);
      return reply
        .type(file.contentType)
        .header('content-length', end - start + 1)
        .send(createReadStream(file.path, { start, end }));
    },
  );
}
