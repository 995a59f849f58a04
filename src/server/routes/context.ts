import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Runner } from '../runner.ts';
import type { ServerSettings } from '../settings.ts';
import type { FileStore } from '../store/files.ts';
import type { RequestStore } from '../store/requests.ts';
import type { Urls } from '../urls.ts';

/** A Fastify instance whose route schemas are zod. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse<IncomingMessage>,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What the routes work with. */
export type RouteContext = {
  settings: ServerSettings;
  requests: RequestStore;
  files: FileStore;
  runner: Runner;
  urls: Urls;
  now: () => number;
  newId: () => string;
  /** False once the stores are closed, for what comes after the end of a connection. */
  isOpen: () => boolean;
};

/** Which call of the API a route answers; faults are ordered by it. */
export type CallName = 'submit' | 'status' | 'result' | 'sync' | 'credits' | 'upload' | 'file';

declare module 'fastify' {
  interface FastifyContextConfig {
    call?: CallName;
  }
}
