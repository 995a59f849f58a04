import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requestNotFound } from '../problems.ts';
import type { AnswerFault } from './fault.ts';

/** What Fastify hands from hook to hook as the body of an answer. */
export type Payload = string | Buffer | Readable | null;

type ErrorFault = Extract<AnswerFault, { fault: 'error' }>;

const defaultTexts: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Invalid API key',
  402: 'Insufficient credits',
  403: 'Forbidden',
  405: 'Method Not Allowed',
  406: 'Parameter value was refused',
  410: 'This model has been retired',
  422: 'The request failed',
  429: 'Too many requests',
  500: 'Internal server error',
  502: 'Bad gateway',
  503: 'Service unavailable',
  504: 'Gateway timeout',
};

const requestId = (request: FastifyRequest): string =>
  z.object({ id: z.string() }).safeParse(request.params).data?.id ?? 'unknown';

function resetText(format: ErrorFault['resetFormat'], atMs: number): string {
  switch (format) {
    case 'iso':
      return new Date(atMs).toISOString();
    case 'epoch-s':
      return String(Math.ceil(atMs / 1000));
    case 'epoch-ms':
      return String(atMs);
  }
}

/** Sets code and headers of an ordered error and answers its body. */
export function errorAnswer(fault: ErrorFault, request: FastifyRequest, reply: FastifyReply, nowMs: number): string {
  const text =
    fault.text ?? (fault.status === 404 ? requestNotFound(requestId(request)).error : defaultTexts[fault.status]) ?? '';
  reply.removeHeader('content-length').code(fault.status).headers(fault.headers);
  if (fault.resetInMs !== undefined)
    reply.header('x-rate-limit-reset-at-utc', resetText(fault.resetFormat, nowMs + fault.resetInMs));
  reply.type(fault.body === 'html' ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8');
  if (fault.body === 'empty') return '';
  return fault.body === 'html'
    ? `<html><head><title>${fault.status}</title></head><body><h1>${text}</h1></body></html>\n`
    : JSON.stringify({ error: text });
}

async function* inDrops(payload: Payload, chunkBytes: number, intervalMs: number): AsyncGenerator<Buffer> {
  const source = payload instanceof Readable ? payload : [payload ?? ''];
  for await (const part of source) {
    const bytes = Buffer.from(part);
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      yield bytes.subarray(at, at + chunkBytes);
      await sleep(intervalMs, undefined, { ref: false });
    }
  }
}

function* gigantic(bytes: number): Generator<Buffer> {
  const block = Buffer.alloc(65_536, 'a');
  yield Buffer.from('{"padding":"');
  for (let left = bytes; left > 0; left -= block.length) yield block.subarray(0, Math.min(left, block.length));
  yield Buffer.from('"}');
}

/** Rewrites a JSON body; a body that is none stays as it is. */
function edit(payload: Payload, change: (body: Record<string, unknown>) => Record<string, unknown>): Payload {
  if (typeof payload !== 'string') return payload;
  const body = z.record(z.string(), z.unknown()).safeParse(JSON.parse(payload));
  return body.success ? JSON.stringify(change(body.data)) : payload;
}

function withOrigin(url: unknown, origin: string): string {
  const { pathname } = new URL(String(url));
  return `${new URL(origin).origin}${pathname}`;
}

function reshape(body: Record<string, unknown>, shape: Extract<AnswerFault, { fault: 'output-shape' }>['shape']) {
  const { output, ...rest } = body;
  switch (shape) {
    case 'array':
      return { ...rest, output: [output] };
    case 'object-url':
      return { ...rest, output: { url: output } };
    case 'object-video-url':
      return { ...rest, output: { video_url: output } };
    case 'top-level-video':
      return { ...rest, video: { url: output } };
    case 'null':
      return { ...rest, output: null };
    case 'number':
      return { ...rest, output: 42 };
    case 'missing':
      return rest;
  }
}

type ChangingFault = Exclude<AnswerFault, { fault: 'error' | 'latency' | 'drop' }>;

/** The body that an ordered fault makes of a finished answer. */
export function changedAnswer(fault: ChangingFault, request: FastifyRequest, reply: FastifyReply, payload: Payload): Payload {
  reply.removeHeader('content-length');
  switch (fault.fault) {
    case 'drip':
      return Readable.from(inDrops(payload, fault.chunkBytes, fault.intervalMs));
    case 'gigantic':
      return Readable.from(gigantic(fault.bytes));
    case 'malformed':
      return typeof payload === 'string' ? payload.slice(0, Math.ceil(payload.length / 2)) : '{"request_id": "';
    case 'lost':
      reply.code(404);
      return JSON.stringify({ error: requestNotFound(requestId(request)).error });
    case 'unknown-state':
      return edit(payload, body => ({ ...body, status: fault.state }));
    case 'foreign-status-url':
      return edit(payload, body => ({ ...body, status_url: withOrigin(body.status_url, fault.origin) }));
    case 'incomplete-submit':
      return edit(payload, body => Object.fromEntries(Object.entries(body).filter(([name]) => name !== fault.omit)));
    case 'output-shape':
      return edit(payload, body => reshape(body, fault.shape));
    case 'not-a-video':
      return '<html><body>This is no video.</body></html>';
  }
}
