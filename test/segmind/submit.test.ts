import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { certainlyNotTaken, InferenceFailed, SegmindError, SubmitUnknown } from '../../src/segmind/index.ts';
import {
  type Answer,
  clientOf,
  type Handler,
  KEY,
  leapingClock,
  listen,
  PARAMS,
  rejection,
  startFake,
  submitted,
} from './fake-server.ts';

/** A submit against a server that always does the same: what it ends in, and how many POSTs the server saw. */
async function submitAgainst(handler: Handler, options: Parameters<typeof clientOf>[1] = {}) {
  const fake = await startFake(handler);
  const error = await rejection(clientOf(fake.url, options).submitAsync('hallo', PARAMS));
  return { error, posts: fake.posts() };
}

test('a submit sends the checked parameters with the key and resolves to the job', async () => {
  const fake = await startFake(() => submitted(fake.url, 'abc'));
  const job = await clientOf(fake.url).submitAsync('hallo', { ...PARAMS, lip_weight: 2 });
  expect(job).toMatchObject({
    requestId: 'abc',
    statusUrl: `${fake.url}/v2/requests/abc/status`,
    responseUrl: `${fake.url}/v2/requests/abc`,
  });
  expect(fake.seen[0]).toMatchObject({
    method: 'POST',
    path: '/v2/hallo',
    headers: { 'x-api-key': KEY, 'content-type': 'application/json' },
    body: { ...PARAMS, pose_weight: 1.4, face_weight: 1, lip_weight: 2, face_expand_ratio: 1.2, base64: false },
  });
});

test('bad parameters, or a bad slug, are refused before any call', async () => {
  const fake = await startFake(() => submitted(fake.url));
  const client = clientOf(fake.url);
  expect(await rejection(client.submitAsync('hallo', { ...PARAMS, pose_weight: 10.5 }))).toMatchObject({
    kind: 'invalid',
    detail: 'pose_weight is 10.5, it must be a number from 0 to 10',
  });
  expect(await rejection(client.submitAsync('../v1/hallo', PARAMS))).toMatchObject({ kind: 'invalid' });
  expect(fake.seen.length).toBe(0);
});

test('parameters of other models are sent as they are', async () => {
  const fake = await startFake(() => submitted(fake.url));
  await clientOf(fake.url).submitAsync('other-model_2.1', { prompt: 'x' });
  expect(fake.seen[0]).toMatchObject({ path: '/v2/other-model_2.1', body: { prompt: 'x' } });
});

describe('certainly not taken: sent again', () => {
  const busy: [string, Answer][] = [
    ['429', { status: 429, json: { error: 'slow down' } }],
    ['429 without JSON', { status: 429, text: 'slow down' }],
    ["503 with the provider's JSON error", { status: 503, json: { error: 'the server is busy' } }],
  ];
  test.each(busy)('%s, then accepted', async (_, answer) => {
    const fake = await startFake((_request, index) => (index < 2 ? answer : submitted(fake.url)));
    const job = await clientOf(fake.url).submitAsync('hallo', PARAMS);
    expect([job.requestId, fake.posts()]).toEqual(['r-1', 3]);
  });

  test.each(busy)('%s, each time: bounded, and the error says so', async (_, answer) => {
    const { error, posts } = await submitAgainst(() => answer, { retry: { retries: 2 } });
    expect(error).toMatchObject({
      kind: answer.status === 429 ? 'rateLimited' : 'server',
      status: answer.status,
      notTaken: true,
    });
    expect([certainlyNotTaken(error), posts]).toEqual([true, 3]);
  });

  test('with no retries the caller decides, by the time that the answer tells', async () => {
    const clock = leapingClock();
    const fake = await startFake(() => ({ status: 429, headers: { 'retry-after': '5' }, json: { error: 'slow down' } }));
    const error = await rejection(clientOf(fake.url, { clock }).submitAsync('hallo', PARAMS, { retries: 0 }));
    expect(error).toMatchObject({ kind: 'rateLimited', notTaken: true, retryAt: clock.now() + 5_000 });
    expect([fake.posts(), clock.slept]).toEqual([1, []]);
  });

  test('nobody is listening', async () => {
    const clock = leapingClock();
    const error = await rejection(clientOf('http://127.0.0.1:1', { clock }).submitAsync('hallo', PARAMS));
    expect(error).toMatchObject({ kind: 'network', notTaken: true, detail: 'no connection (ECONNREFUSED)' });
    expect(clock.slept.length).toBe(3);
  });

  test('a TLS handshake that is never answered, and one that fails', async () => {
    const silent = net.createServer(() => {});
    const garbled = net.createServer(socket => socket.on('error', () => {}).end('this is no TLS'));
    for (const server of [silent, garbled]) {
      const baseUrl = (await listen(server)).replace('http:', 'https:');
      const client = clientOf(baseUrl, { timeouts: { connectTimeoutMs: 100 }, retry: { retries: 0 } });
      const error = await rejection(client.submitAsync('hallo', PARAMS));
      expect(error).toMatchObject({ kind: 'network', notTaken: true });
    }
  });
});

describe('refused: never sent again', () => {
  test.each([
    [400, 'invalid'],
    [401, 'key'],
    [402, 'credits'],
    [403, 'forbidden'],
    [404, 'notFound'],
    [410, 'gone'],
    [415, 'invalid'],
    [422, 'invalid'],
    [500, 'server'],
  ])('%i with a JSON error is %s', async (status, kind) => {
    const { error, posts } = await submitAgainst(() => ({ status, json: { error: 'no' } }));
    expect(error).toBeInstanceOf(SegmindError);
    expect(error).toMatchObject({ kind, status, detail: 'no' });
    expect([certainlyNotTaken(error), posts]).toEqual([false, 1]);
  });

  test('a 4xx whose body breaks off is a refusal all the same', async () => {
    const { error, posts } = await submitAgainst((_request, _index, { socket }) => {
      socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 100\r\n\r\n{"err');
      return undefined;
    });
    expect(error).toMatchObject({ kind: 'key', status: 401 });
    expect(posts).toBe(1);
  });

  test.each([200, 422])('FAILED under %i is the failure of the job', async status => {
    const { error, posts } = await submitAgainst(() => ({
      status,
      json: { status: 'FAILED', error: 'no face', request_id: 'r-9' },
    }));
    expect(error).toBeInstanceOf(InferenceFailed);
    expect(error).toMatchObject({ detail: 'no face', requestId: 'r-9' });
    expect(posts).toBe(1);
  });
});

describe('unknown: it may have been taken, so it is never sent again', () => {
  const full = (change: object) => ({
    json: { request_id: 'r-1', status_url: 'http://x.example/s', response_url: 'http://x.example/r', ...change },
  });
  test.each<[string, Answer, object]>([
    ['500 without JSON', { status: 500, text: 'oops' }, { causeKind: 'serverError', status: 500, detail: 'oops' }],
    ["500 with a gateway's JSON", { status: 500, json: { message: 'Internal server error' } }, { causeKind: 'serverError' }],
    ['502', { status: 502, text: '<h1>Bad Gateway</h1>' }, { causeKind: 'badGateway', detail: 'Bad Gateway' }],
    ['502 with a JSON error', { status: 502, json: { error: 'x' } }, { causeKind: 'badGateway' }],
    ['503 without JSON', { status: 503, text: 'busy' }, { causeKind: 'serverError', status: 503 }],
    ["503 with a gateway's JSON", { status: 503, json: { message: 'Service Unavailable' } }, { causeKind: 'serverError' }],
    ['504', { status: 504, json: { error: 'timed out', request_id: 'r-4' } }, { causeKind: 'gatewayTimeout', requestId: 'r-4' }],
    ['529', { status: 529, json: { error: 'overloaded' } }, { causeKind: 'serverError' }],
    ['a redirect', { status: 303, headers: { location: '/elsewhere' } }, { causeKind: 'redirect', status: 303 }],
    ['2xx with a page', { text: '<html>ok</html>' }, { causeKind: 'unreadable', status: 200 }],
    ['2xx without a body', { status: 204 }, { causeKind: 'unreadable', status: 204 }],
    ['2xx without an id', { json: { status: 'QUEUED' } }, { causeKind: 'unreadable', requestId: null }],
    ['2xx without a response_url', full({ response_url: undefined }), { causeKind: 'unreadable', requestId: 'r-1' }],
    ['2xx with a status_url of another origin', full({}), { causeKind: 'unreadable', requestId: 'r-1' }],
    ['2xx with an id that is no id', full({ request_id: '../../x' }), { causeKind: 'unreadable' }],
  ])('%s', async (_, answer, expected) => {
    const { error, posts } = await submitAgainst(() => answer);
    expect(error).toBeInstanceOf(SubmitUnknown);
    expect(error).toMatchObject(expected);
    expect([certainlyNotTaken(error), posts]).toEqual([false, 1]);
  });

  test.each<[string, Handler, object]>([
    [
      'a reset after the request was read',
      (_r, _i, { socket }) => void socket.resetAndDestroy(),
      { causeKind: 'connectionLost', status: null },
    ],
    ['a close without an answer', (_r, _i, { socket }) => void socket.end(), { causeKind: 'connectionLost', status: null }],
    ['no answer in time', () => undefined, { causeKind: 'timeout', status: null }],
    [
      'an answer that breaks off',
      (_r, _i, { socket }) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"requ'),
      { causeKind: 'connectionLost', status: 200 },
    ],
    [
      'an answer that is not HTTP',
      (_r, _i, { socket }) => void socket.end('well\r\n'),
      { causeKind: 'connectionLost', status: null },
    ],
    ['a gigantic answer', () => ({ text: ' '.repeat(3_000_000) }), { causeKind: 'unreadable', status: 200 }],
    [
      'a 503 that breaks off',
      (_r, _i, { socket }) => void socket.end('HTTP/1.1 503 Busy\r\ncontent-length: 99\r\n\r\n{"error":"busy"}'),
      { causeKind: 'connectionLost', status: 503 },
    ],
  ])('%s', async (_, handler, expected) => {
    const { error, posts } = await submitAgainst(handler, { timeouts: { headersTimeoutMs: 80 } });
    expect(error).toBeInstanceOf(SubmitUnknown);
    expect(error).toMatchObject(expected);
    expect(posts).toBe(1);
  });

  test('a kept connection that the server drops as the request arrives: one POST, not two', async () => {
    const posts: string[] = [];
    const server = net.createServer(socket => {
      socket.on('error', () => {});
      socket.on('data', data => {
        const head = data.toString();
        if (head.startsWith('POST')) {
          posts.push(head);
          socket.resetAndDestroy();
        } else if (head.startsWith('GET')) {
          socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 13\r\n\r\n{"credits":1}');
        }
      });
    });
    const client = clientOf(await listen(server));
    await client.accounts.credits();
    await new Promise(resolve => setTimeout(resolve, 20));
    const error = await rejection(client.submitAsync('hallo', PARAMS));
    expect(error).toBeInstanceOf(SubmitUnknown);
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(posts.length).toBe(1);
  });

  test('a kept connection that was closed while idle: the request goes out once, over a new one', async () => {
    const fake = await startFake(request => (request.method === 'GET' ? { json: { credits: 1 } } : submitted(fake.url)));
    const client = clientOf(fake.url);
    await client.accounts.credits();
    fake.server.closeAllConnections();
    await new Promise(resolve => setTimeout(resolve, 20));
    expect((await client.submitAsync('hallo', PARAMS)).requestId).toBe('r-1');
    expect(fake.posts()).toBe(1);
  });

  test('many submits at once whose connections break: each is seen once', async () => {
    const fake = await startFake((_request, _index, { socket }) => void socket.destroy());
    const client = clientOf(fake.url);
    const errors = await Promise.all(Array.from({ length: 80 }, () => rejection(client.submitAsync('hallo', PARAMS))));
    expect(errors.every(error => error instanceof SubmitUnknown)).toBe(true);
    expect(fake.posts()).toBe(80);
  });
});

describe('an abort during a submit', () => {
  const reason = new Error('shutting down');

  test('while it is under way rejects with the reason, though it may have been taken', async () => {
    const stop = new AbortController();
    const fake = await startFake(() => {
      stop.abort(reason);
      return undefined;
    });
    expect(await rejection(clientOf(fake.url).submitAsync('hallo', PARAMS, { signal: stop.signal }))).toBe(reason);
    expect(fake.posts()).toBe(1);
  });

  test('in the pause before a repetition sends nothing more', async () => {
    const stop = new AbortController();
    const fake = await startFake(() => ({ status: 429 }));
    const clock = { now: () => 0, sleep: async () => stop.abort(reason) };
    expect(await rejection(clientOf(fake.url, { clock }).submitAsync('hallo', PARAMS, { signal: stop.signal }))).toBe(reason);
    expect(fake.posts()).toBe(1);
  });
});

describe('runSync', () => {
  const video = Buffer.from([0, 0, 0, 24, ...Buffer.from('ftypisom')]);
  test.each<[string, Answer, object]>([
    [
      'raw bytes',
      { headers: { 'content-type': 'video/mp4' }, text: video },
      { kind: 'bytes', bytes: video, mimeType: 'video/mp4' },
    ],
    ['bytes of no type', { text: video }, { kind: 'bytes', bytes: video, mimeType: null }],
    ['base64 in video', { json: { video: video.toString('base64') } }, { kind: 'bytes', bytes: video }],
    ['base64 in image', { json: { image: video.toString('base64') } }, { kind: 'bytes', bytes: video }],
    [
      'a data URL in output',
      { json: { output: `data:video/mp4;base64,${video.toString('base64')}` } },
      { kind: 'bytes', bytes: video, mimeType: 'video/mp4' },
    ],
    ['a URL', { json: { output: ['https://cdn.example/a.mp4'] } }, { kind: 'url', url: 'https://cdn.example/a.mp4' }],
  ])('%s', async (_, answer, result) => {
    const fake = await startFake(() => answer);
    expect(await clientOf(fake.url).runSync('hallo', PARAMS)).toMatchObject(result);
    expect(fake.seen[0]).toMatchObject({ method: 'POST', path: '/v1/hallo' });
  });

  test.each<[string, Answer]>([
    ['nothing', { headers: { 'content-type': 'video/mp4' } }],
    ['JSON without a file', { json: { done: true } }],
    ['a page', { headers: { 'content-type': 'text/html' }, text: '<p>' }],
  ])('a success with %s was paid and is unknown', async (_, answer) => {
    const fake = await startFake(() => answer);
    expect(await rejection(clientOf(fake.url).runSync('hallo', PARAMS))).toMatchObject({
      name: 'SubmitUnknown',
      causeKind: 'unreadable',
    });
  });

  test('406 that speaks of credits is kind credits, and a run that takes too long is unknown', async () => {
    const poor = await startFake(() => ({ status: 406, json: { error: 'Insufficient credits' } }));
    expect(await rejection(clientOf(poor.url).runSync('hallo', PARAMS))).toMatchObject({ kind: 'credits', status: 406 });
    const slow = await startFake(() => undefined);
    const error = await rejection(clientOf(slow.url).runSync('hallo', PARAMS, { timeoutMs: 80 }));
    expect(error).toMatchObject({ name: 'SubmitUnknown', causeKind: 'timeout' });
    expect(slow.posts()).toBe(1);
  });

  test('a file over the cap is cut off', async () => {
    const fake = await startFake(() => ({ headers: { 'content-type': 'video/mp4' }, text: Buffer.alloc(200_000) }));
    const error = await rejection(clientOf(fake.url, { maxAnswerBytes: 100_000 }).runSync('hallo', PARAMS));
    expect(error).toMatchObject({ name: 'SubmitUnknown', causeKind: 'unreadable' });
  });
});
