import type { FastifyRequest } from 'fastify';
import { publicNamePattern } from './store/files.ts';
import type { InputSource } from './store/requests.ts';

/** Absolute URLs of this server, as its clients reach it. */
export type Urls = {
  status(request: FastifyRequest, id: string): string;
  result(request: FastifyRequest, id: string): string;
  file(request: FastifyRequest, name: string): string;
  /** Tells a file of this server, which is read from its disk, from a URL of somebody else. */
  source(request: FastifyRequest, url: string): InputSource;
};

function originOf(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}

const filesPrefix = '/files/';

/** `publicUrl` goes before the Host header; `listening` is where there is neither (HTTP/1.0). */
export function createUrls(options: { publicUrl: string | undefined; listening: () => string }): Urls {
  const fixed = options.publicUrl?.replace(/\/+$/, '');
  const base = (request: FastifyRequest): string => {
    if (fixed !== undefined) return fixed;
    const host = request.headers.host;
    return (host === undefined ? undefined : originOf(`${request.protocol}://${host}`)) ?? options.listening();
  };
  return {
    status: (request, id) => `${base(request)}/v2/requests/${id}/status`,
    result: (request, id) => `${base(request)}/v2/requests/${id}`,
    file: (request, name) => `${base(request)}${filesPrefix}${name}`,
    source(request, url) {
      for (const own of [base(request), options.listening()]) {
        const name = url.startsWith(`${own}${filesPrefix}`) ? url.slice(own.length + filesPrefix.length) : '';
        if (publicNamePattern.test(name)) return { kind: 'file', name };
      }
      return { kind: 'url', url };
    },
  };
}
