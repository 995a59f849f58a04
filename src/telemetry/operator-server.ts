import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Status } from './status.ts';
import { STATUS_POLICY, statusPage } from './status-page.ts';

export type OperatorServer = { url: string; close(): Promise<void> };

type Answer = { status: number; type: string; body: string; policy?: string };

/**
 * What an operator and their tools ask: status page, alive, ready, figures, costs. `notReady` names what is missing, or undefined. On
 * Node's own server: a few fixed answers are not worth the memory of a framework in every bot.
 */
export async function startOperatorServer(options: {
  host: string;
  port: number;
  registry: Registry;
  notReady: () => string | undefined;
  /** what guilds have cost */
  costs: () => Promise<object>;
  status: () => Promise<Status>;
  /** takes secrets out of what the status page shows of foreign text */
  scrub: (text: string) => string;
}): Promise<OperatorServer> {
  const { host, port, registry, notReady, costs, status, scrub } = options;

  async function answerTo(method: string | undefined, path: string): Promise<Answer> {
    if (method !== 'GET' && method !== 'HEAD') return json(405, { error: 'only GET' });
    switch (path) {
      case '/':
        return { status: 200, type: 'text/html; charset=utf-8', body: statusPage(await status(), scrub), policy: STATUS_POLICY };
      case '/healthz':
        return json(200, { status: 'ok' });
      case '/readyz': {
        const missing = notReady();
        return missing === undefined ? json(200, { status: 'ready' }) : json(503, { status: 'not ready', missing });
      }
      case '/metrics':
        return { status: 200, type: registry.contentType, body: await registry.metrics() };
      case '/costs':
        return json(200, await costs());
      default:
        return json(404, { error: 'there are /, /healthz, /readyz, /metrics and /costs' });
    }
  }
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    answerTo(request.method, path)
      .catch(() => json(500, { error: 'the figures cannot be read' }))
      .then(answer => send(response, answer));
  });
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`HALLO_OPERATOR_HOST and HALLO_OPERATOR_PORT can't be listened on: ${why}`, { cause: error });
  }
  const bound = server.address();
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${typeof bound === 'object' && bound !== null ? bound.port : port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function json(status: number, value: object): Answer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}

function send(response: ServerResponse, { status, type, body, policy }: Answer): void {
  const headers = {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(policy && { 'content-security-policy': policy }),
  };
  response.writeHead(status, headers).end(body);
}
