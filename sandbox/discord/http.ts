import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Cdn, StoredFile } from './cdn.ts';
import { type FaultBox, type Outcome, withFaults } from './faults.ts';
import type { Gateway } from './gateway.ts';

/** Serves something beside the API, e.g. a page. True: it has taken the request. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface HttpDeps {
  api: (request: IncomingMessage) => Promise<Outcome>;
  cdn: Cdn;
  faults: FaultBox;
  gateway: Gateway;
  pages: readonly PageHandler[];
}

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);

/** True for names of this machine's loopback alone. */
export function isLoopback(host: string): boolean {
  return loopbackNames.has(host) || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The one port of the stand-in: /api, /gateway, attachments and pages. Other hosts' names are refused (DNS rebinding). */
export function createHttp(deps: HttpDeps): Server {
  const server = createServer((request, response) => {
    void serve(deps, request, response).catch((error: unknown) => {
      // A fault of the stand-in itself: it must not look like one of Discord's refusals.
      console.error(`the sandbox failed at ${request.method} ${request.url}:`, error);
      response.writeHead(500, { 'content-type': 'text/plain' }).end(error instanceof Error ? error.stack : String(error));
    });
  });
  server.on('upgrade', (request, socket, head) => {
    const ok = hostAllowed(request) && new URL(request.url ?? '/', 'http://127.0.0.1').pathname.replace(/\/$/, '') === '/gateway';
    if (ok) deps.gateway.upgrade(request, socket, head);
    else socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
  });
  return server;
}

function hostAllowed(request: IncomingMessage): boolean {
  const host = request.headers.host ?? '';
  return isLoopback(host.replace(/:\d+$/, ''));
}

async function serve(deps: HttpDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (!hostAllowed(request)) return plain(response, 403, 'Only for this machine.');
  if (url.pathname.startsWith('/api/')) return serveApi(deps, request, response);
  if (/^\/(ephemeral-)?attachments\//.test(url.pathname)) return serveFile(deps, url, request, response);
  if (deps.pages.some(page => page(request, response))) return;
  if (url.pathname === '/') return plain(response, 200, frontPage, 'text/html; charset=utf-8');
  plain(response, 404, 'Not found.');
}

async function serveApi(deps: HttpDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const outcome = await deps.api(request);
  if (outcome.kind === 'drop') {
    request.socket.destroy();
    return;
  }
  const { status, json, headers } = outcome.answer;
  if (json === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(json));
}

async function serveFile(deps: HttpDeps, url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = decodeURIComponent(url.pathname);
  const faults = deps.faults.take(request.method ?? 'GET', path, { named: true });
  const outcome = await withFaults(faults, async () => ({ status: 200 }));
  if (outcome.kind === 'drop') return void request.socket.destroy();
  if (outcome.answer.status !== 200) return plain(response, outcome.answer.status, 'Ordered fault');
  const found = deps.cdn.open(path, url.searchParams);
  if (found.found) sendFile(found.file, request, response);
  else plain(response, 404, 'This content is no longer available.');
}

function sendFile(file: StoredFile, request: IncomingMessage, response: ServerResponse): void {
  const range = rangeOf(request.headers.range, file);
  const bytes = file.bytes.subarray(range.from, range.to + 1);
  response.writeHead(range.partial ? 206 : 200, {
    'content-type': file.contentType,
    'content-length': bytes.length,
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=86400',
    'content-disposition': `inline; filename="${file.filename}"`,
    ...(range.partial ? { 'content-range': `bytes ${range.from}-${range.to}/${file.bytes.length}` } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** The part of a file that a player asks for; anything that is no single range within the file means all of it. */
function rangeOf(header: string | undefined, file: StoredFile): { partial: boolean; from: number; to: number } {
  const last = file.bytes.length - 1;
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined || Number(from) > last) return { partial: false, from: 0, to: last };
  return { partial: true, from: Number(from), to: to ? Math.min(Number(to), last) : last };
}

function plain(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type }).end(text);
}

const frontPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Hallo sandbox</title>
<h1>Hallo sandbox</h1>
<p>A stand-in for Discord on this machine. The bot talks to it at <code>/api/v10</code> and <code>/gateway</code>.
Nothing here reaches Discord, and nothing outside this machine reaches here.</p>`;
