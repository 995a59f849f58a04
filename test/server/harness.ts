import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { Engine, EngineJob, EngineResult } from '../../src/server/engines/engine.ts';
import type { FaultOrderInput } from '../../src/server/faults/fault.ts';
import { createServer, type ServerDeps } from '../../src/server/server.ts';
import type { ServerSettingsInput } from '../../src/server/settings.ts';

export const fixtureVideo = fileURLToPath(new URL('../../src/server/faults/instant.mp4', import.meta.url));

/** The smallest PNG: one pixel. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A WAV of 100 samples of silence. */
export const wav = Buffer.concat([
  Buffer.from('RIFF\xec\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0\x02\0\x10\0data\xc8\0\0\0', 'latin1'),
  Buffer.alloc(200),
]);

export const dataUrl = (mime: string, bytes: Buffer): string => `data:${mime};base64,${bytes.toString('base64')}`;

/** An engine that answers the fixture video, and remembers its jobs. */
export function copyEngine(): Engine & { jobs: EngineJob[] } {
  const jobs: EngineJob[] = [];
  return {
    name: 'copy',
    jobs,
    async render(job) {
      jobs.push(job);
      await copyFile(fixtureVideo, job.outputPath);
      return { ok: true };
    },
  };
}

type Held = { job: EngineJob; finish(result?: EngineResult): Promise<void> };

/** An engine whose renders last until the test ends them. `next()` waits for the next render to start. */
export function heldEngine() {
  const started: Held[] = [];
  const wanted: ((held: Held) => void)[] = [];
  const engine: Engine = {
    name: 'held',
    render(job) {
      const { promise, resolve, reject } = Promise.withResolvers<EngineResult>();
      job.signal.addEventListener('abort', () => reject(job.signal.reason));
      const held: Held = {
        job,
        async finish(result = { ok: true }) {
          if (result.ok) await copyFile(fixtureVideo, job.outputPath);
          resolve(result);
        },
      };
      const waiting = wanted.shift();
      if (waiting === undefined) started.push(held);
      else waiting(held);
      return promise;
    },
  };
  return {
    engine,
    /** Renders that started and were not asked for yet. */
    startedCount: () => started.length,
    next(): Promise<Held> {
      const held = started.shift();
      return held === undefined ? new Promise(resolve => wanted.push(resolve)) : Promise.resolve(held);
    },
  };
}

export async function tempDir(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'hallo-server-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const submitted = z.object({
  request_id: z.string(),
  status: z.literal('QUEUED'),
  poll_url: z.string(),
  status_url: z.string(),
  response_url: z.string(),
});
const metrics = z.strictObject({
  queue_time: z.number().optional(),
  inference_time: z.number().optional(),
  total_time: z.number().optional(),
  cost: z.number().optional(),
  remaining_credits: z.number().optional(),
});
export const state = z.object({
  status: z.string(),
  request_id: z.string(),
  metrics,
  error: z.string().nullish(),
  output: z.string().optional(),
});

/** A client of the API that knows HTTP and nothing else. */
export function apiClient(url: string, headers: Record<string, string> = {}) {
  const send = (method: string, path: string, body?: unknown, signal?: AbortSignal) =>
    fetch(new URL(path, url), {
      method,
      headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  const get = (path: string) => send('GET', path);
  const post = (path: string, body: unknown, signal?: AbortSignal) => send('POST', path, body, signal);

  async function upload(): Promise<{ input_image: string; input_audio: string }> {
    const answer = await post('/upload-asset', { data_urls: [dataUrl('image/png', png), dataUrl('audio/wav', wav)] });
    const [input_image = '', input_audio = ''] = z
      .object({ file_urls: z.array(z.string()) })
      .parse(await answer.json()).file_urls;
    return { input_image, input_audio };
  }

  return {
    get,
    post,
    send,
    upload,
    async submit(parameters: Record<string, unknown> = {}) {
      const answer = await post('/v2/hallo', { ...(await upload()), ...parameters });
      return submitted.parse(await answer.json());
    },
    /** Polls until the state is an end, or the one that is wanted. */
    async until(statusUrl: string, wanted: readonly string[] = ['COMPLETED', 'FAILED']) {
      for (;;) {
        const answer = await get(statusUrl);
        const body = state.parse(await answer.json());
        if (wanted.includes(body.status)) return { http: answer.status, ...body };
      }
    },
    order: (fault: FaultOrderInput) => post('/admin/faults', fault),
  };
}

/** A server that is closed when the test is over. */
export async function startServer(settings: Partial<ServerSettingsInput> = {}, deps: Partial<ServerDeps> = {}) {
  const dataDir = settings.dataDir ?? (await tempDir());
  const server = createServer(
    { engine: copyEngine(), admin: true, faults: true, concurrency: 1, requestsPerMinute: 1_000_000, ...settings, dataDir },
    { log: pino({ level: 'silent' }), ...deps },
  );
  onTestFinished(() => server.close());
  const { url } = await server.start();
  return { ...server, url, dataDir, api: apiClient(url) };
}

/** A foreign web server on loopback. */
export async function startOrigin(listener: RequestListener): Promise<string> {
  const origin = createHttpServer(listener);
  await new Promise<void>(resolve => origin.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void origin.close());
  const address = origin.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

export const videoBytes = (): Promise<Buffer> => readFile(fixtureVideo);
