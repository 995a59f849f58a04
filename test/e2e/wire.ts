import { Agent, createServer, type IncomingMessage, request as sendRequest } from 'node:http';
import { z } from 'zod';

/** The calls of the Hallo API, by method and path. */
export type Call = 'submit' | 'status' | 'result' | 'upload' | 'credits' | 'file' | 'other';

type Json = Record<string, unknown>;
const jsonObject = z.record(z.string(), z.unknown());

/** What lies between the bot and the provider: counts every request as it comes, and changes answers where a test orders it. */
export type Wire = {
  url: string;
  /** Requests so far, whether they were answered or not. */
  count(call: Call): number;
  /** The JSON of the next answer to this call is changed so, once. */
  change(call: Call, change: (body: Json) => Json): void;
  close(): Promise<void>;
};

export async function startWire(targetUrl: () => string): Promise<Wire> {
  const counts = new Map<Call, number>();
  const changes: { call: Call; change: (body: Json) => Json }[] = [];
  const agent = new Agent({ keepAlive: true });

  const server = createServer((incoming, outgoing) => {
    const call = callOf(incoming);
    counts.set(call, (counts.get(call) ?? 0) + 1);
    const { hostname: host, port } = new URL(targetUrl());
    const { method, url: path, headers } = incoming;
    const onward = sendRequest({ host, port, method, path, headers, agent }, answer => {
      const at = changes.findIndex(each => each.call === call);
      const [ordered] = at < 0 ? [] : changes.splice(at, 1);
      const status = answer.statusCode ?? 500;
      if (ordered === undefined) {
        outgoing.writeHead(status, answer.headers);
        answer.pipe(outgoing);
        answer.on('close', () => answer.complete || outgoing.destroy());
        return;
      }
      void bodyOf(answer).then(body => {
        const { 'content-length': _length, ...rest } = answer.headers;
        outgoing.writeHead(status, rest);
        outgoing.end(JSON.stringify(ordered.change(body)));
      });
    });
    // A connection that breaks on one side breaks on the other.
    onward.on('error', () => incoming.socket.destroy());
    outgoing.on('close', () => outgoing.writableFinished || onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();

  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    count: call => counts.get(call) ?? 0,
    change: (call, change) => void changes.push({ call, change }),
    async close() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

function callOf({ method, url = '' }: IncomingMessage): Call {
  if (method === 'POST') return url === '/v2/hallo' ? 'submit' : url === '/upload-asset' ? 'upload' : 'other';
  if (/^\/v2\/requests\/[^/]+\/status$/.test(url)) return 'status';
  if (/^\/v2\/requests\/[^/]+$/.test(url)) return 'result';
  if (url === '/v1/get-user-credits') return 'credits';
  return url.startsWith('/files/') ? 'file' : 'other';
}

async function bodyOf(answer: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(Buffer.from(chunk));
  return jsonObject.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
}
