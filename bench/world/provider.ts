import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A job as the stand-in knows it. Jobs that it never took, but is asked for, are seeds of the bench: it took them earlier. */
type State = 'PROCESSING' | 'COMPLETED' | 'FAILED';

export type BenchProvider = {
  url: string;
  /** settings that lead a bot here */
  settings: { SEGMIND_BASE_URL: string; SEGMIND_UPLOAD_URL: string };
  /** the addresses of a job, for a seed */
  job(requestId: string): { requestId: string; statusUrl: string; responseUrl: string };
  close(): Promise<void>;
};

export type ProviderOptions = {
  /** Answers when (epoch ms) a submit may come; until then it gets 429. Told the addresses that it was given. */
  submit?: (input: { portraitUrl: string }) => { refusedUntilMs: number } | undefined;
  /** The state of a job, as it is asked for. */
  state?: (requestId: string) => State;
  video?: () => Buffer;
};

/** The v2 API of the provider over real HTTP, without any work behind it: it must not take the time that is measured. */
export async function startBenchProvider({
  submit = () => undefined,
  state = () => 'PROCESSING',
  video = () => Buffer.alloc(0),
}: ProviderOptions = {}): Promise<BenchProvider> {
  let taken = 0;
  let url = '';
  const job = (requestId: string) => ({
    requestId,
    statusUrl: `${url}/v2/requests/${requestId}/status`,
    responseUrl: `${url}/v2/requests/${requestId}`,
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, route, , requestId = ''] = (request.url ?? '').split('/');
    if (request.method === 'POST') {
      const body = await bodyOf(request);
      taken += 1;
      if (request.url === '/upload-asset') return send(response, 200, { file_urls: [`${url}/input/${taken}`] });
      const refused = submit({ portraitUrl: String(Object(JSON.parse(body)).input_image) });
      if (refused !== undefined) {
        response.setHeader('x-rate-limit-reset-at-utc', new Date(refused.refusedUntilMs).toISOString());
        return send(response, 429, { error: 'Too many requests' });
      }
      const { requestId: id, statusUrl, responseUrl } = job(`job-${taken}`);
      const urls = { poll_url: statusUrl, status_url: statusUrl, response_url: responseUrl };
      return send(response, 200, { request_id: id, status: 'QUEUED', ...urls });
    }
    if (route === 'video') {
      const bytes = video();
      response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': bytes.length }).end(bytes);
      return;
    }
    if (route !== 'v2') return send(response, 404, { error: 'not found' });
    const status = state(requestId);
    const output = status === 'COMPLETED' ? { output: `${url}/video/${requestId}.mp4` } : {};
    const error = status === 'FAILED' ? { error: 'Rendering failed!' } : {};
    const metrics = status === 'COMPLETED' ? { inference_time: 1, cost: 0.42 } : {};
    // The bare bot asks once, so the output stands under the status too.
    send(response, status === 'FAILED' ? 422 : 200, { request_id: requestId, status, metrics, ...output, ...error });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => send(response, 500, { error: String(error) }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  url = `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
  return {
    url,
    settings: { SEGMIND_BASE_URL: url, SEGMIND_UPLOAD_URL: `${url}/upload-asset` },
    job,
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
