import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { type Clock, SegmindClient, type SegmindClientOptions } from '../../src/segmind/index.ts';

export const KEY = 'SG_0123456789abcdef';

export type Seen = { method: string; path: string; headers: http.IncomingHttpHeaders; body: unknown };
export type Answer = { status?: number; headers?: Record<string, string>; json?: unknown; text?: string | Buffer };
/** Answers a request, or takes the socket into its own hands and returns nothing. */
export type Handler = (
  request: Seen,
  index: number,
  raw: { socket: Socket; response: http.ServerResponse },
) => Answer | undefined;

/** A real HTTP server on loopback that keeps what it was asked. Ends with the test. */
export async function startFake(handler: Handler) {
  const seen: Seen[] = [];
  const server = http.createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', chunk => chunks.push(chunk));
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const { method = '', url: path = '', headers } = incoming;
      const request = { method, path, headers, body: text === '' ? null : JSON.parse(text) };
      seen.push(request);
      const answer = handler(request, seen.length - 1, { socket: incoming.socket, response });
      if (answer === undefined) return;
      const type = answer.json === undefined ? {} : { 'content-type': 'application/json' };
      response.writeHead(answer.status ?? 200, { ...type, ...answer.headers });
      response.end(answer.json === undefined ? (answer.text ?? '') : JSON.stringify(answer.json));
    });
  });
  let connections = 0;
  server.on('connection', () => connections++);
  const url = await listen(server);
  return {
    url,
    seen,
    server,
    posts: () => seen.filter(request => request.method === 'POST').length,
    connections: () => connections,
  };
}

/** Listens on a free port of loopback until the test ends. */
export async function listen(server: http.Server | import('node:net').Server): Promise<string> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    if (server instanceof http.Server) server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${portOf(server)}`;
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  return z.object({ port: z.number() }).parse(server.address()).port;
}

/** A clock whose sleeps take no time: each moves `now` on and is written down. */
export function leapingClock(): Clock & { slept: number[] } {
  let now = Date.UTC(2030, 0, 1);
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(ms) {
      slept.push(ms);
      now += ms;
      await new Promise(resolve => setImmediate(resolve));
    },
  };
}

/** A client of the fake server, on a leaping clock, its jitter at the upper end. */
export function clientOf(baseUrl: string, options: SegmindClientOptions = {}): SegmindClient {
  const client = new SegmindClient({ apiKey: KEY, baseUrl, clock: leapingClock(), random: () => 0.999, ...options });
  onTestFinished(() => client.close());
  return client;
}

/** The answer to an accepted submit. */
export function submitted(baseUrl: string, requestId = 'r-1'): Answer {
  const responseUrl = `${baseUrl}/v2/requests/${requestId}`;
  const json = {
    request_id: requestId,
    status: 'QUEUED',
    poll_url: responseUrl,
    status_url: `${responseUrl}/status`,
    response_url: responseUrl,
  };
  return { json };
}

export const PARAMS = { input_image: 'http://example.com/face.png', input_audio: 'http://example.com/voice.wav' };

/** What a promise rejects with; fails if it does not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was expected to reject');
}
