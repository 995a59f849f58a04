import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createServer } from '../../src/server/server.ts';
import { readServerSettings } from '../../src/server/settings.ts';
import { apiClient, copyEngine, heldEngine, startServer, state, tempDir } from './harness.ts';

test('requests survive a restart: the running one is taken up again, then the queued ones in their order', async () => {
  const before = heldEngine();
  const first = await startServer({ engine: before.engine });
  const ids = [await first.api.submit(), await first.api.submit(), await first.api.submit()].map(each => each.request_id);
  const running = await before.next();
  await first.close();
  expect(running.job.signal.aborted).toBe(true);

  const after = heldEngine();
  const second = await startServer({ engine: after.engine, dataDir: first.dataDir });
  const path = (id: string | undefined): string => `/v2/requests/${id}/status`;
  const states = async () => Promise.all(ids.map(async id => state.parse(await (await second.api.get(path(id))).json()).status));
  for (const turn of [0, 1, 2]) {
    const render = await after.next();
    const wanted = ids.map((_, index) => (index < turn ? 'COMPLETED' : index === turn ? 'PROCESSING' : 'QUEUED'));
    expect(await states()).toEqual(wanted);
    await render.finish();
    await second.api.until(path(ids[turn]));
  }
  expect(await (await second.api.get('/admin/requests')).json()).toMatchObject({ billedUsd: 1.26 });
});

test('a server that is killed while it renders leaves its data directory free, and bills the render once', async () => {
  const dataDir = await tempDir();
  const child = spawn(process.execPath, [fileURLToPath(new URL('./stuck-server.ts', import.meta.url)), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = z
    .tuple([z.instanceof(Buffer)])
    .parse(await once(child.stdout, 'data'))
    .map(String);
  const api = apiClient((url ?? '').trim());
  const { request_id, status_url } = await api.submit();
  await api.until(status_url, ['PROCESSING']);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const after = await startServer({ dataDir });
  expect(await after.api.until(`/v2/requests/${request_id}/status`)).toMatchObject({ status: 'COMPLETED' });
  expect(await (await after.api.get('/admin/requests')).json()).toMatchObject({ requests: [{ starts: 2 }], billedUsd: 0.42 });
});

test('a render that was running in five crashes is not started a sixth time', async () => {
  const dataDir = await tempDir();
  const held = heldEngine();
  const server = await startServer({ engine: held.engine, dataDir });
  const { request_id } = await server.api.submit();
  await held.next();
  await server.close();
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(dataDir, 'server.sqlite'));
  database.prepare('UPDATE requests SET starts = 5').run();
  database.close();
  const engine = copyEngine();
  const again = await startServer({ engine, dataDir });
  expect(await again.api.until(`/v2/requests/${request_id}/status`)).toMatchObject({ status: 'FAILED', error: 'Internal error' });
  expect(engine.jobs).toEqual([]);
});

test('an ordered restart breaks the render off and takes it up again, on the same port', async () => {
  const held = heldEngine();
  const { api } = await startServer({ engine: held.engine });
  const { status_url } = await api.submit();
  const broken = await held.next();
  await api.order({ fault: 'restart' });
  const again = await held.next();
  expect(broken.job.signal.aborted).toBe(true);
  await again.finish();
  expect(await api.until(status_url)).toMatchObject({ status: 'COMPLETED', metrics: { cost: 0.42 } });
});

test('a data directory serves one server at a time', async () => {
  const { dataDir, close } = await startServer();
  const second = createServer({ dataDir, engine: copyEngine() }, { log: pino({ level: 'silent' }) });
  await expect(second.start()).rejects.toThrow('in use by another server');
  await close();
  await expect(second.start()).resolves.toHaveProperty('url');
  await second.close();
});

test('a port that is taken is refused, and the data directory is free again', async () => {
  const { url } = await startServer();
  const dataDir = await tempDir();
  const port = Number(new URL(url).port);
  const log = pino({ level: 'silent' });
  await expect(createServer({ dataDir, port, engine: copyEngine() }, { log }).start()).rejects.toThrow('EADDRINUSE');
  const other = createServer({ dataDir, engine: copyEngine() }, { log });
  await other.start();
  await other.close();
});

test('no more renders run at once than are allowed, and they start in the order of their submission', async () => {
  const held = heldEngine();
  const { api } = await startServer({ engine: held.engine, concurrency: 2 });
  const submits = [await api.submit(), await api.submit(), await api.submit(), await api.submit()];
  const running = [await held.next(), await held.next()];
  expect(await api.until(submits[2]?.status_url ?? '', ['QUEUED'])).toHaveProperty('status', 'QUEUED');
  expect(held.startedCount()).toBe(0);
  await running[1]?.finish();
  await held.next();
  await api.until(submits[2]?.status_url ?? '', ['PROCESSING']);
  expect(await api.until(submits[3]?.status_url ?? '', ['QUEUED'])).toHaveProperty('status', 'QUEUED');
});

test('a v1 client that goes away breaks its render off, unbilled, and the next one starts', async () => {
  const held = heldEngine();
  const { api } = await startServer({ engine: held.engine });
  const inputs = await api.upload();
  const leaving = new AbortController();
  const call = api.post('/v1/hallo', inputs, leaving.signal).catch(() => 'gone');
  const running = await held.next();
  const next = await api.submit();
  leaving.abort();
  expect(await call).toBe('gone');
  await (await held.next()).finish();
  await api.until(next.status_url);
  expect(running.job.signal.aborted).toBe(true);
  expect(await (await api.get('/admin/requests')).json()).toMatchObject({
    requests: [{ mode: 'sync', state: 'FAILED', costUsd: null }, { state: 'COMPLETED' }],
  });
});

test('a stop answers a waiting v1 client 503, and its render is not taken up again', async () => {
  const held = heldEngine();
  const first = await startServer({ engine: held.engine });
  const call = first.api.post('/v1/hallo', await first.api.upload());
  await held.next();
  await first.close();
  expect((await call).status).toBe(503);
  const second = await startServer({ engine: held.engine, dataDir: first.dataDir });
  expect(await (await second.api.get('/admin/requests')).json()).toMatchObject({
    requests: [{ state: 'FAILED', costUsd: null }],
  });
});

test('a request can be asked for during an hour, its video fetched for seven days, and its bill stays', async () => {
  let nowMs = Date.UTC(2026, 0, 1);
  const { api, sweep, dataDir } = await startServer({}, { now: () => nowMs });
  const { status_url, response_url } = await api.submit();
  await api.until(status_url);
  const { output = '' } = state.parse(await (await api.get(response_url)).json());
  const hourMs = 3_600_000;
  nowMs += hourMs - 1;
  await sweep();
  expect((await api.get(status_url)).status).toBe(200);
  nowMs += 1;
  for (const swept of [false, true]) {
    if (swept) await sweep();
    expect([(await api.get(status_url)).status, (await api.get(response_url)).status]).toEqual([404, 404]);
  }
  expect((await api.get(output)).status).toBe(200);
  nowMs += 7 * 24 * hourMs;
  expect((await api.get(output)).status).toBe(404);
  await sweep();
  expect(await readdir(join(dataDir, 'files'))).toEqual([]);
  expect(await (await api.get('/admin/requests')).json()).toMatchObject({ requests: [{ costUsd: 0.42 }], billedUsd: 0.42 });
});

test('a render that outlives its request is broken off and makes room', async () => {
  let nowMs = Date.UTC(2026, 0, 1);
  const held = heldEngine();
  const { api, sweep, dataDir } = await startServer({ engine: held.engine, retentionMs: 1_000 }, { now: () => nowMs });
  await api.submit();
  const running = await held.next();
  nowMs += 1_000;
  const next = await api.submit();
  await sweep();
  expect(running.job.signal.aborted).toBe(true);
  expect(existsSync(join(dataDir, 'work', running.job.outputPath.split('/').at(-2) ?? ''))).toBe(false);
  await (await held.next()).finish();
  expect(await api.until(next.status_url)).toMatchObject({ status: 'COMPLETED' });
  expect(await (await api.get('/admin/requests')).json()).toMatchObject({ billedUsd: 0.42 });
});

test('calls need one of the keys in x-api-key; files and the OpenAPI document need none', async () => {
  const { api, url } = await startServer({ apiKeys: ['key-one', 'key-two'] });
  const status = async (headers: Record<string, string>) => (await apiClient(url, headers).get('/v1/get-user-credits')).status;
  expect(await status({ 'x-api-key': 'key-two' })).toBe(200);
  expect(await status({ 'x-api-key': 'key-three' })).toBe(401);
  expect(await status({ authorization: 'Bearer key-one' })).toBe(401);
  expect(await (await api.get('/v2/requests/x')).json()).toEqual({ error: 'Invalid API key' });
  expect((await api.get('/openapi.json')).status).toBe(200);
  const { input_image } = await apiClient(url, { 'x-api-key': 'key-one' }).upload();
  expect((await api.get(input_image)).status).toBe(200);
});

test('calls over the rate are answered 429 with the time of the reset, for each key by itself', async () => {
  let nowMs = Date.UTC(2026, 0, 1);
  const { url } = await startServer({ apiKeys: ['a', 'b'], requestsPerMinute: 2 }, { now: () => nowMs });
  const call = (key: string) => apiClient(url, { 'x-api-key': key }).get('/v1/get-user-credits');
  expect([(await call('a')).status, (await call('a')).status]).toEqual([200, 200]);
  nowMs += 59_999;
  const refused = await call('a');
  expect([refused.status, await refused.json()]).toEqual([429, { error: 'Too many requests' }]);
  expect(refused.headers.get('x-rate-limit-reset-at-utc')).toBe('2026-01-01T00:01:00.000Z');
  expect((await call('b')).status).toBe(200);
  nowMs += 1;
  expect((await call('a')).status).toBe(200);
});

test('a server without keys, with admin routes or with faults is refused on a host that is not loopback', () => {
  const problems = (change: object) => {
    const result = readServerSettings({ dataDir: 'x', engine: copyEngine(), host: '0.0.0.0', ...change });
    return result.ok ? [] : result.problems.map(problem => problem.split(':')[0]);
  };
  expect(problems({})).toEqual(['apiKeys']);
  expect(problems({ apiKeys: ['k'] })).toEqual([]);
  expect(problems({ apiKeys: ['k'], admin: true, faults: true })).toEqual(['admin', 'faults']);
  expect(problems({ host: '127.0.0.1', admin: true })).toEqual([]);
  expect(() => createServer({ dataDir: 'x', engine: copyEngine(), host: '::' }, { log: pino({ level: 'silent' }) })).toThrow(
    'apiKeys',
  );
});

test('admin routes are there only when they are switched on, and only by a loopback name', async () => {
  const off = await startServer({ admin: false, faults: false });
  for (const path of ['/admin/requests', '/admin/faults']) expect((await off.api.get(path)).status).toBe(404);
  const on = await startServer();
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  httpRequest(`${on.url}/admin/requests`, { headers: { host: 'evil.test' } }, answer =>
    resolve(answer.resume().statusCode),
  ).end();
  expect(await promise).toBe(403);
});
