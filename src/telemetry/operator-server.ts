import Fastify from 'fastify';
import type { Registry } from 'prom-client';

export type OperatorServer = { url: string; close(): Promise<void> };

/** What an operator's tools ask: alive, ready, figures. `notReady` names what is missing, or undefined. */
export async function startOperatorServer(options: {
  host: string;
  port: number;
  registry: Registry;
  notReady: () => string | undefined;
}): Promise<OperatorServer> {
  const app = Fastify({ logger: false });
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const missing = options.notReady();
    if (missing === undefined) return { status: 'ready' };
    return reply.code(503).send({ status: 'not ready', missing });
  });
  app.get('/metrics', async (_request, reply) => reply.type(options.registry.contentType).send(await options.registry.metrics()));
  const { host, port } = options;
  const url = await app.listen({ host, port }).catch((error: Error) => {
    throw new Error(`HALLO_OPERATOR_HOST and HALLO_OPERATOR_PORT can't be listened on: ${error.message}`, { cause: error });
  });
  return { url, close: () => app.close() };
}
