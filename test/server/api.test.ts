import { request as httpRequest } from 'node:http';
import { expect, test } from 'vitest';
import { copyEngine, dataUrl, heldEngine, png, startOrigin, startServer, state, videoBytes, wav } from './harness.ts';

test('a request goes through its states to a public video, and is billed once', async () => {
  const held = heldEngine();
  const { api, url } = await startServer({ engine: held.engine, creditsUsd: 10, costUsd: 0.42 });
  const first = await api.submit();
  const running = await held.next();
  const second = await api.submit();
  expect(first.status_url).toBe(`${url}/v2/requests/${first.request_id}/status`);
  expect(first.response_url).toBe(`${url}/v2/requests/${first.request_id}`);
  expect((await api.until(first.status_url, ['PROCESSING'])).metrics).not.toHaveProperty('cost');
  expect(await api.until(second.status_url, ['QUEUED'])).toMatchObject({ http: 200, request_id: second.request_id });
  const early = await api.get(first.response_url);
  expect([early.status, await early.json()]).toMatchObject([200, { status: 'PROCESSING', error: null }]);

  await running.finish();
  const done = await api.until(first.status_url);
  expect(done).toMatchObject({ http: 200, status: 'COMPLETED', metrics: { cost: 0.42, remaining_credits: 9.58 } });
  const result = await (await api.get(first.response_url)).json();
  expect(result).toMatchObject({
    status: 'COMPLETED',
    error: null,
    output: expect.stringMatching(/\/files\/[0-9a-f]{48}\.mp4$/),
  });
  const video = await api.get(state.parse(result).output ?? '');
  expect(video.headers.get('content-type')).toBe('video/mp4');
  expect(Buffer.from(await video.arrayBuffer())).toEqual(await videoBytes());
  expect(await (await api.get('/v1/get-user-credits')).json()).toEqual({ credits: 9.58, 'free-credits': 0 });
  await held.next();
  expect(await (await api.get('/admin/requests')).json()).toMatchObject({
    requests: [
      { id: first.request_id, state: 'COMPLETED', costUsd: 0.42 },
      { id: second.request_id, state: 'PROCESSING', costUsd: null },
    ],
    billedUsd: 0.42,
  });
});

test('a failed render is FAILED under 422 on status and result, and costs nothing', async () => {
  const held = heldEngine();
  const { api } = await startServer({ engine: held.engine });
  const { request_id, status_url, response_url } = await api.submit();
  await (await held.next()).finish({ ok: false, detail: 'cannot do a non-empty take from an empty axes.' });
  await api.until(status_url);
  for (const url of [status_url, response_url]) {
    const answer = await api.get(url);
    expect(answer.status).toBe(422);
    const body = await answer.json();
    expect(body).toEqual({
      status: 'FAILED',
      error: 'cannot do a non-empty take from an empty axes.',
      metrics: expect.any(Object),
      request_id,
    });
    expect(state.parse(body).metrics).not.toHaveProperty('cost');
  }
  expect(await (await api.get('/admin/requests')).json()).toMatchObject({ billedUsd: 0 });
});

test('the weights reach the engine, with the defaults of the API for those that are not given', async () => {
  const engine = copyEngine();
  const { api } = await startServer({ engine });
  await api.until((await api.submit({ pose_weight: 0, lip_weight: 10 })).status_url);
  expect(engine.jobs[0]?.weights).toEqual({ poseWeight: 0, faceWeight: 1, lipWeight: 10, faceExpandRatio: 1.2 });
});

test('v1 answers the bytes of the video, or base64 in JSON, and no public file is left', async () => {
  const { api } = await startServer();
  const inputs = await api.upload();
  const bytes = await api.post('/v1/hallo', inputs);
  expect(bytes.headers.get('content-type')).toBe('video/mp4');
  expect(Buffer.from(await bytes.arrayBuffer())).toEqual(await videoBytes());
  const json = await api.post('/v1/hallo', { ...inputs, base64: true });
  expect(json.headers.get('content-type')).toContain('application/json');
  expect(await json.json()).toEqual({ image: (await videoBytes()).toString('base64') });
});

test('v1 answers 500 with the detail of a failed render', async () => {
  const { api } = await startServer();
  await api.order({ fault: 'failed', text: 'list index out of range' });
  const answer = await api.post('/v1/hallo', await api.upload());
  expect([answer.status, await answer.json()]).toEqual([500, { error: 'list index out of range' }]);
});

test.each<[string, Record<string, unknown>, number]>([
  ['a missing parameter', { input_image: undefined }, 400],
  ['a parameter of the wrong type', { pose_weight: '1' }, 400],
  ['a weight above 10', { pose_weight: 10.01 }, 406],
  ['a weight below 0', { face_expand_ratio: -0.1 }, 406],
  ['a missing parameter beside a weight out of range', { input_audio: undefined, lip_weight: 11 }, 400],
])('%s is refused and not taken', async (_name, change, status) => {
  const { api } = await startServer();
  for (const path of ['/v2/hallo', '/v1/hallo']) {
    const answer = await api.post(path, { input_image: 'https://x.test/a.png', input_audio: 'https://x.test/a.wav', ...change });
    expect([answer.status, await answer.json()]).toEqual([
      status,
      { error: expect.stringContaining(Object.keys(change)[0] ?? '') },
    ]);
  }
  expect(await (await api.get('/admin/requests')).json()).toMatchObject({ requests: [] });
});

test('a body that is no JSON, of another type, or too large is refused', async () => {
  const { url } = await startServer();
  const post = async (type: string, body: string) => {
    const answer = await fetch(`${url}/v2/hallo`, { method: 'POST', headers: { 'content-type': type }, body });
    return [answer.status, await answer.json()];
  };
  expect(await post('application/json', '{"input_image":')).toEqual([400, { error: expect.any(String) }]);
  expect(await post('application/json', '')).toEqual([400, { error: expect.any(String) }]);
  expect(await post('text/plain', '{}')).toEqual([406, { error: expect.stringContaining('Content-Type') }]);
  expect(await post('application/json', JSON.stringify({ a: 'x'.repeat(1_100_000) }))).toEqual([
    413,
    { error: expect.any(String) },
  ]);
});

test('a wrong method answers 405 in HTML, an unknown path or model 404 in JSON', async () => {
  const { api } = await startServer();
  for (const [method, path] of [
    ['GET', '/v2/hallo'],
    ['DELETE', '/v2/requests/x'],
    ['POST', '/v2/requests/x/status'],
  ] as const) {
    const answer = await api.send(method, path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([405, expect.stringContaining('text/html')]);
  }
  for (const path of ['/v2/other-model', '/nothing']) expect((await api.post(path, {})).status).toBe(404);
  const unknown = await api.get('/v2/requests/3f/status');
  expect([unknown.status, await unknown.json()]).toEqual([404, { error: 'Request 3f not found' }]);
});

test('no render is taken that the credits do not cover beside the open ones: 402 on v2, 406 on v1', async () => {
  const held = heldEngine();
  const { api } = await startServer({ engine: held.engine, costUsd: 0.4, creditsUsd: 0.9 });
  await api.submit();
  await api.submit();
  const inputs = await api.upload();
  const v2 = await api.post('/v2/hallo', inputs);
  const v1 = await api.post('/v1/hallo', inputs);
  expect([v2.status, await v2.json()]).toEqual([402, { error: 'Insufficient credits' }]);
  expect([v1.status, await v1.json()]).toEqual([406, { error: 'Insufficient credits' }]);
  await (await held.next()).finish({ ok: false, detail: 'no face' });
  await held.next();
  expect((await api.post('/v2/hallo', inputs)).status).toBe(200);
});

test('URLs are built from the Host header, or from the configured public URL', async () => {
  const submitAs = async (url: string, host: string) => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const call = httpRequest(
      `${url}/v2/hallo`,
      { method: 'POST', headers: { host, 'content-type': 'application/json' } },
      answer => {
        answer.setEncoding('utf8').once('data', resolve);
      },
    );
    call.end(JSON.stringify({ input_image: 'https://x.test/a.png', input_audio: 'https://x.test/a.wav' }));
    return state
      .pick({ request_id: true })
      .loose()
      .parse(JSON.parse(await promise));
  };
  const byHost = await startServer();
  expect((await submitAs(byHost.url, 'hallo.test:81')).status_url).toMatch(/^http:\/\/hallo\.test:81\/v2\/requests\//);
  const fixed = await startServer({ publicUrl: 'https://hallo.test/' });
  expect((await submitAs(fixed.url, 'other.test')).status_url).toMatch(/^https:\/\/hallo\.test\/v2\/requests\//);
});

test('a file is served in ranges', async () => {
  const { url, api } = await startServer();
  const { input_image } = await api.upload();
  const range = async (value: string) => {
    const answer = await fetch(input_image, { headers: { range: value } });
    return [answer.status, answer.headers.get('content-range'), Buffer.from(await answer.arrayBuffer())];
  };
  const size = png.length;
  expect(await range('bytes=0-7')).toEqual([206, `bytes 0-7/${size}`, png.subarray(0, 8)]);
  expect(await range('bytes=-4')).toEqual([206, `bytes ${size - 4}-${size - 1}/${size}`, png.subarray(-4)]);
  expect(await range(`bytes=${size - 1}-`)).toEqual([206, `bytes ${size - 1}-${size - 1}/${size}`, png.subarray(-1)]);
  expect((await range(`bytes=${size}-`)).slice(0, 2)).toEqual([416, `bytes */${size}`]);
  const whole = await fetch(input_image);
  expect([whole.status, whole.headers.get('content-length'), whole.headers.get('content-type')]).toEqual([
    200,
    String(size),
    'image/png',
  ]);
  for (const name of ['../server.sqlite', '..%2fserver.sqlite', `${'0'.repeat(48)}.mp4`]) {
    expect((await fetch(`${url}/files/${name}`)).status).toBe(404);
  }
});

test('an uploaded asset is judged by its content, its encoding and its size', async () => {
  const { api } = await startServer({ limits: { imageBytes: 100, audioBytes: 300 } });
  const upload = async (...data_urls: string[]) => (await api.post('/upload-asset', { data_urls })).status;
  expect(await upload(dataUrl('image/png', Buffer.from('<html>')))).toBe(406);
  expect(await upload('https://x.test/a.png')).toBe(400);
  expect(await upload('data:image/png;base64,***')).toBe(400);
  expect(await upload(dataUrl('image/png', Buffer.concat([png, Buffer.alloc(100)])))).toBe(413);
  expect(await upload(dataUrl('text/plain', wav))).toBe(200);
});

test('inputs at private addresses are refused without a connection', async () => {
  let calls = 0;
  const origin = await startOrigin((_request, response) => {
    calls += 1;
    response.end(png);
  });
  const { api } = await startServer();
  for (const input_image of [
    `${origin}/a.png`,
    'http://169.254.169.254/latest',
    'http://[::1]/a.png',
    'http://localhost/a.png',
  ]) {
    const { status_url } = await api.submit({ input_image });
    expect(await api.until(status_url)).toMatchObject({
      status: 'FAILED',
      error: 'Reference media rejected: input_image must be at a public address.',
    });
  }
  expect(calls).toBe(0);
});

test('the text of FAILED says what is wrong with an input, and never shows the query of its URL', async () => {
  const origin = await startOrigin((request, response) => {
    if (request.url?.startsWith('/large')) response.end(Buffer.alloc(2_000));
    else if (request.url?.startsWith('/text')) response.end('just text');
    else if (request.url?.startsWith('/voice')) response.end(wav);
    else response.writeHead(403).end();
  });
  const engine = copyEngine();
  const { api } = await startServer({ engine, allowPrivateAddresses: true, limits: { imageBytes: 1_000 } });
  const failure = async (input_image: string) => (await api.until((await api.submit({ input_image })).status_url)).error;
  const prefix = 'Reference media rejected: ';
  expect(await failure('ftp://x.test/a.png')).toBe(`${prefix}URL must be a valid HTTP or HTTPS URL.`);
  expect(await failure('portrait.png')).toBe(`${prefix}URL must be a valid HTTP or HTTPS URL.`);
  expect(await failure(`${origin}/gone?sig=secret`)).toBe(`${prefix}input_image could not be downloaded: HTTP 403.`);
  expect(await failure(`${origin}/large?sig=secret`)).toBe(`${prefix}input_image is larger than 1000 bytes.`);
  expect(await failure(`${origin}/text?sig=secret`)).toBe(`${prefix}input_image is not a supported image file.`);
  expect(await failure(`${origin}/voice`)).toBe(`${prefix}input_image is not a supported image file (found audio/wav).`);
  expect(engine.jobs).toEqual([]);
  expect((await api.until((await api.submit({ input_audio: `${origin}/voice` })).status_url)).status).toBe('COMPLETED');
});

test('an engine that writes no video is a failed render', async () => {
  const { api } = await startServer({ engine: { name: 'idle', render: async () => ({ ok: true }) } });
  expect(await api.until((await api.submit()).status_url)).toMatchObject({
    status: 'FAILED',
    error: 'The engine wrote no mp4 file.',
  });
});

test('an engine that breaks is an internal error, whose inside stays in the log', async () => {
  const { api } = await startServer({ engine: { name: 'broken', render: () => Promise.reject(new Error('/etc/secret')) } });
  expect(await api.until((await api.submit()).status_url)).toMatchObject({ status: 'FAILED', error: 'Internal error' });
});
