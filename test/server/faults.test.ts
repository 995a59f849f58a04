import { expect, test } from 'vitest';
import { z } from 'zod';
import type { FaultOrderInput } from '../../src/server/faults/fault.ts';
import { copyEngine, heldEngine, startServer, state, videoBytes } from './harness.ts';

const submitsOf = async (api: { get(path: string): Promise<Response> }) =>
  z.object({ requests: z.array(z.unknown()) }).parse(await (await api.get('/admin/requests')).json()).requests.length;

test('the next renders fail with the ordered text, under 422 or under 200, and the one after them does not', async () => {
  const { api } = await startServer();
  await api.order({ fault: 'failed', text: 'Request Moderated', times: 2, http: 200 });
  await api.order({ fault: 'failed', text: 'the server is busy' });
  const ends = [];
  for (let turn = 0; turn < 4; turn += 1) {
    const { status_url, response_url } = await api.submit();
    const { http, status, error } = await api.until(status_url);
    expect((await api.get(response_url)).status).toBe(http);
    ends.push([http, status, error]);
  }
  expect(ends).toEqual([
    [200, 'FAILED', 'Request Moderated'],
    [200, 'FAILED', 'Request Moderated'],
    [422, 'FAILED', 'the server is busy'],
    [200, 'COMPLETED', undefined],
  ]);
});

test.each([400, 401, 402, 403, 404, 405, 406, 410, 422, 429, 500, 502, 503, 504] as const)(
  'code %i can be ordered for submit, status and result, before or after the submit was taken',
  async status => {
    const { api } = await startServer();
    const inputs = await api.upload();
    await api.order({ fault: 'error', call: 'submit', status, text: 'no' });
    await api.order({ fault: 'error', call: 'submit', status, body: 'html', when: 'after' });
    const before = await api.post('/v2/hallo', inputs);
    expect([before.status, await before.json(), await submitsOf(api)]).toEqual([status, { error: 'no' }, 0]);
    const after = await api.post('/v2/hallo', inputs);
    expect([after.status, after.headers.get('content-type'), await submitsOf(api)]).toEqual([
      status,
      'text/html; charset=utf-8',
      1,
    ]);
    const { status_url, response_url } = await api.submit();
    for (const [call, url] of [
      ['status', status_url],
      ['result', response_url],
    ] as const) {
      await api.order({ fault: 'error', call, status });
      const answer = await api.get(url);
      expect([answer.status, await answer.json()]).toEqual([status, { error: expect.stringMatching(/./) }]);
      expect((await api.get(url)).status).toBe(200);
    }
  },
);

test('a 429 can bear its reset in each of the formats, and other headers', async () => {
  const nowMs = Date.UTC(2026, 0, 1);
  const { api } = await startServer({}, { now: () => nowMs });
  const resets = [];
  for (const resetFormat of ['iso', 'epoch-s', 'epoch-ms'] as const) {
    await api.order({
      fault: 'error',
      call: 'credits',
      status: 429,
      resetInMs: 2_000,
      resetFormat,
      headers: { 'retry-after': '2' },
    });
    const { headers } = await api.get('/v1/get-user-credits');
    resets.push(headers.get('x-rate-limit-reset-at-utc'));
    expect(headers.get('retry-after')).toBe('2');
  }
  expect(resets).toEqual(['2026-01-01T00:00:02.000Z', '1767225602', '1767225602000']);
});

test('a connection is dropped before or after the submit was taken', async () => {
  const { api } = await startServer();
  const inputs = await api.upload();
  for (const [when, taken] of [
    ['before', 0],
    ['after', 1],
  ] as const) {
    await api.order({ fault: 'drop', call: 'submit', when });
    await expect(api.post('/v2/hallo', inputs)).rejects.toThrow('fetch failed');
    expect(await submitsOf(api)).toBe(taken);
  }
});

test('latency lasts as ordered, or until the faults are cleared', async () => {
  const { api } = await startServer();
  await api.order({ fault: 'latency', call: 'credits', delayMs: 60 });
  const startMs = performance.now();
  await api.get('/v1/get-user-credits');
  expect(performance.now() - startMs).toBeGreaterThan(55);
  await api.order({ fault: 'latency', call: 'credits', delayMs: 3_600_000, when: 'after' });
  const slow = api.get('/v1/get-user-credits');
  await expect.poll(async () => (await api.get('/admin/faults')).json()).toEqual({ pending: [] });
  await api.send('DELETE', '/admin/faults');
  expect((await slow).status).toBe(200);
});

test('a slow drip brings the same answer in pieces', async () => {
  const { api } = await startServer();
  await api.order({ fault: 'drip', call: 'credits', chunkBytes: 10, intervalMs: 5 });
  const answer = await api.get('/v1/get-user-credits');
  let pieces = 0;
  let text = '';
  for await (const piece of answer.body ?? []) {
    pieces += 1;
    text += Buffer.from(piece).toString();
  }
  expect(JSON.parse(text)).toEqual({ credits: 1_000_000, 'free-credits': 0 });
  expect(pieces).toBeGreaterThan(2);
});

test('malformed and gigantic answers', async () => {
  const { api } = await startServer();
  await api.order({ fault: 'malformed', call: 'credits' });
  await expect((await api.get('/v1/get-user-credits')).json()).rejects.toThrow(SyntaxError);
  await api.order({ fault: 'gigantic', call: 'credits', bytes: 3_000_000 });
  expect((await (await api.get('/v1/get-user-credits')).text()).length).toBeGreaterThan(3_000_000);
});

test('a render that never finishes keeps its place until the faults are cleared', async () => {
  const { api } = await startServer();
  await api.order({ fault: 'never-finishes' });
  const stuck = await api.submit();
  const next = await api.submit();
  await api.until(stuck.status_url, ['PROCESSING']);
  expect(await api.until(next.status_url, ['QUEUED'])).toHaveProperty('status', 'QUEUED');
  await api.send('DELETE', '/admin/faults');
  expect(await api.until(stuck.status_url)).toMatchObject({ status: 'FAILED' });
  expect(await api.until(next.status_url)).toMatchObject({ status: 'COMPLETED' });
});

test('an instant render gives a video without the engine; one that takes its time gives the engine’s', async () => {
  const engine = copyEngine();
  const { api } = await startServer({ engine });
  await api.order({ fault: 'instant' });
  expect(await api.until((await api.submit()).status_url)).toMatchObject({ status: 'COMPLETED' });
  expect(engine.jobs).toHaveLength(0);
  await api.order({ fault: 'render-takes', durationMs: 30 });
  const slow = await api.until((await api.submit()).status_url);
  expect(slow.metrics.inference_time).toBeGreaterThanOrEqual(0.03);
  expect(engine.jobs).toHaveLength(1);
});

test('a known request can be lost, or be in a state that nobody knows, for some answers', async () => {
  const { api } = await startServer({ engine: heldEngine().engine });
  const { status_url, request_id } = await api.submit();
  await api.order({ fault: 'lost', times: 2 });
  for (let turn = 0; turn < 2; turn += 1) {
    const answer = await api.get(status_url);
    expect([answer.status, await answer.json()]).toEqual([404, { error: `Request ${request_id} not found` }]);
  }
  await api.order({ fault: 'unknown-state', state: 'THINKING' });
  expect(await (await api.get(status_url)).json()).toMatchObject({ status: 'THINKING', request_id });
  expect(await (await api.get(status_url)).json()).toMatchObject({
    request_id,
    status: expect.stringMatching(/QUEUED|PROCESSING/),
  });
});

test('a submit can name a status_url of another origin, or lack a field', async () => {
  const { api } = await startServer();
  const inputs = await api.upload();
  await api.order({ fault: 'foreign-status-url', origin: 'http://evil.test' });
  expect(await (await api.post('/v2/hallo', inputs)).json()).toMatchObject({
    status_url: expect.stringMatching(/^http:\/\/evil\.test\/v2\/requests\/.+\/status$/),
  });
  await api.order({ fault: 'incomplete-submit', omit: 'response_url' });
  expect(Object.keys(Object(await (await api.post('/v2/hallo', inputs)).json()))).toEqual([
    'request_id',
    'status',
    'poll_url',
    'status_url',
  ]);
});

test('the output comes in every shape that is known, and in some that are none', async () => {
  const { api } = await startServer();
  const { status_url, response_url } = await api.submit();
  await api.until(status_url);
  const { output } = state.parse(await (await api.get(response_url)).json());
  const shapes = {
    array: { output: [output] },
    'object-url': { output: { url: output } },
    'object-video-url': { output: { video_url: output } },
    'top-level-video': { video: { url: output } },
    null: { output: null },
    number: { output: 42 },
    missing: { status: 'COMPLETED' },
  } as const;
  const order = async (shape: Extract<FaultOrderInput, { fault: 'output-shape' }>['shape']) => {
    await api.order({ fault: 'output-shape', shape });
    return z.record(z.string(), z.unknown()).parse(await (await api.get(response_url)).json());
  };
  for (const shape of ['array', 'object-url', 'object-video-url', 'top-level-video', 'null', 'number'] as const) {
    expect(await order(shape)).toMatchObject(shapes[shape]);
  }
  expect(await order('missing')).not.toHaveProperty('output');
});

test('the output can be something that is no video', async () => {
  const { api } = await startServer();
  const { status_url, response_url } = await api.submit();
  await api.until(status_url);
  const { output = '' } = state.parse(await (await api.get(response_url)).json());
  await api.order({ fault: 'not-a-video' });
  const answer = await api.get(output);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'video/mp4']);
  expect(await answer.text()).toContain('no video');
  expect(Buffer.from(await (await api.get(output)).arrayBuffer())).toEqual(await videoBytes());
});

test('orders are listed with the times that are left; an unknown fault is refused; clearing forgets all', async () => {
  const { api } = await startServer();
  await api.order({ fault: 'lost', times: 3 });
  await api.get('/v2/requests/x/status');
  expect(await (await api.get('/admin/faults')).json()).toEqual({ pending: [{ fault: 'lost', times: 2, call: 'status' }] });
  expect((await api.post('/admin/faults', { fault: 'explosion' })).status).toBe(400);
  expect(await (await api.send('DELETE', '/admin/faults')).json()).toEqual({ pending: [] });
  expect(await (await api.get('/admin/faults')).json()).toEqual({ pending: [] });
});
