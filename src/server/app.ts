import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import Fastify, { type FastifyBaseLogger, type HTTPMethods, LogController } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { createGate } from './auth.ts';
import type { FaultBook } from './faults/book.ts';
import { hookFaults } from './faults/hooks.ts';
import { answerError, sendMethodNotAllowed, sendProblem } from './problems.ts';
import { createRateLimiter } from './rate-limit.ts';
import { registerAdminFaults, registerAdminRequests } from './routes/admin.ts';
import type { App, RouteContext } from './routes/context.ts';
import { registerFiles, registerUpload } from './routes/files.ts';
import { registerV1 } from './routes/v1.ts';
import { registerV2 } from './routes/v2.ts';

/** Parameters are a few hundred bytes; uploads have a limit of their own. */
const bodyLimitBytes = 1024 * 1024;
/** A client that doesn't finish sending its request is cut off. */
const requestTimeoutMs = 120_000;

export type FaultWiring = { book: FaultBook; restart: (downMs: number) => void };

const openapi: NonNullable<FastifyDynamicSwaggerOptions['openapi']> = {
  openapi: '3.1.0',
  info: { title: 'Hallo API', version: '2', description: 'A portrait and a voice become a video in which the portrait speaks.' },
  components: { securitySchemes: { apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' } } },
  security: [{ apiKey: [] }],
};

const allMethods: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Answers 405 for every method that the path of an API route doesn't know. HEAD goes with GET. */
function refuseOtherMethods(app: App, known: ReadonlyMap<string, readonly string[]>): void {
  for (const [url, allowed] of known) {
    app.route({
      method: allMethods.filter(method => !allowed.includes(method)),
      url,
      schema: { hide: true },
      onRequest: async (_request, reply) => sendMethodNotAllowed(reply, allowed),
      handler: async () => undefined,
    });
  }
}

function logAnswers(app: App): void {
  app.addHook('onResponse', async (request, reply) => {
    // The route's pattern, not the URL: file names are all that protects a file.
    const route = request.routeOptions.url ?? 'unknown';
    request.log.debug({ method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered');
  });
}

/** The HTTP side of the server: every route with its gate, its schemas and its OpenAPI document. */
export async function createApp(context: RouteContext, log: Logger, faults: FaultWiring | undefined): Promise<App> {
  const loggerInstance: FastifyBaseLogger = log;
  const app: App = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, { status: 404, error: 'Not found' }));
  await app.register(swagger, { openapi, transform: jsonSchemaTransform });

  const known = new Map<string, string[]>();
  app.addHook('onRoute', route => {
    if (route.method === 'HEAD' || route.schema?.hide === true) return;
    known.set(route.url, [...(known.get(route.url) ?? []), ...[route.method].flat()]);
  });
  logAnswers(app);
  if (faults !== undefined) hookFaults(app, faults.book, context.now);

  const { settings, now } = context;
  await app.register(async scope => {
    const limiter = createRateLimiter(settings.requestsPerMinute);
    scope.addHook('onRequest', createGate({ apiKeys: settings.apiKeys, limiter, now }));
    const api: App = scope.withTypeProvider<ZodTypeProvider>();
    registerV2(api, context);
    registerV1(api, context);
    registerUpload(api, context);
  });
  registerFiles(app, context);
  if (settings.admin) registerAdminRequests(app, context);
  if (faults !== undefined) registerAdminFaults(app, faults.book, faults.restart);
  app.get('/openapi.json', { schema: { tags: ['about'], summary: 'This document' } }, async () => app.swagger());
  refuseOtherMethods(app, known);
  return app;
}
