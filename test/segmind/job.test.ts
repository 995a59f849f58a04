import { describe, expect, test } from 'vitest';
import { InferenceFailed, InferenceTimeout, SegmindError } from '../../src/segmind/index.ts';
import { type Answer, clientOf, KEY, leapingClock, PARAMS, rejection, startFake, submitted } from './fake-server.ts';

const state = (status: string, more: object = {}): Answer => ({ json: { status, request_id: 'r-1', ...more } });
const output = 'https://cdn.example/out.mp4';
const done: Answer = state('COMPLETED', { error: null, output, metrics: { inference_time: '303.1', cost: 0.42 } });

/** A server that gives these answers to status calls, the last one for ever, and `result` as the result. */
async function jobWith(statuses: readonly Answer[], result: Answer = done, options: Parameters<typeof clientOf>[1] = {}) {
  const clock = leapingClock();
  let looks = 0;
  const fake = await startFake(request => {
    if (!request.path.endsWith('/status')) return result;
    return statuses[Math.min(looks++, statuses.length - 1)] ?? {};
  });
  const job = clientOf(fake.url, { clock, ...options }).job('r-1');
  return { job, clock, fake };
}

describe('status', () => {
  test.each([
    ['QUEUED', 'queued'],
    ['PROCESSING', 'processing'],
    ['COMPLETED', 'completed'],
    ['completed', 'completed'],
    ['IN_REVIEW', 'unknown'],
  ])('%s is %s', async (rawState, expected) => {
    const { job, fake } = await jobWith([state(rawState)]);
    expect(await job.status()).toMatchObject({ state: expected, rawState, requestId: 'r-1', detail: null });
    expect(fake.seen[0]).toMatchObject({ method: 'GET', path: '/v2/requests/r-1/status', headers: { 'x-api-key': KEY } });
  });

  test.each([200, 422, 400, 500])('FAILED under %i is a value with the text of the provider', async status => {
    const { job, fake } = await jobWith([{ ...state('FAILED', { error: 'list index out of range' }), status }]);
    expect(await job.status()).toMatchObject({ state: 'failed', detail: 'list index out of range' });
    expect(fake.seen.length).toBe(1);
  });

  test('a FAILED text is cleaned, and read from `detail` too', async () => {
    const { job } = await jobWith([
      state('FAILED', { detail: `could not load https://cdn.example/a.png?sig=s3cret with ${KEY}` }),
    ]);
    const status = await job.status();
    expect(status.detail).toBe('could not load https://cdn.example/a.png with [key]');
    expect(JSON.stringify(status)).not.toMatch(/s3cret|SG_0/);
  });

  test('states that nobody knows are counted', async () => {
    const { job } = await jobWith([state('A'), state('QUEUED'), state('B')]);
    const counts = [await job.status(), await job.status(), await job.status()].map(status => status.unknownStates);
    expect(counts).toEqual([1, 1, 2]);
  });

  test.each([
    [{ inference_time: '303.1', queue_time: 2, total_time: '', cost: '0.42', remaining_credits: 9 }, [303.1, 2, null, 0.42, 9]],
    [{ inference_time: 'n/a', cost: null, queue_time: {}, total_time: [] }, [null, null, null, null, null]],
    ['none', [null, null, null, null, null]],
    [undefined, [null, null, null, null, null]],
  ])(
    'metrics %j are read tolerantly',
    async (metrics, [inferenceTimeS, queueTimeS, totalTimeS, costUsd, remainingCredits] = []) => {
      const { job } = await jobWith([state('PROCESSING', { metrics })]);
      expect((await job.status()).metrics).toEqual({ inferenceTimeS, queueTimeS, totalTimeS, costUsd, remainingCredits });
    },
  );

  test('an id that nobody knows is kind notFound and names the request', async () => {
    const { job } = await jobWith([{ status: 404, json: { error: 'Request r-1 not found' } }]);
    expect(await rejection(job.status())).toMatchObject({ kind: 'notFound', requestId: 'r-1', detail: 'Request r-1 not found' });
  });

  test('passing errors are repeated', async () => {
    const { job, clock } = await jobWith([{ status: 500 }, { text: '<html>' }, state('QUEUED')]);
    expect(await job.status()).toMatchObject({ state: 'queued' });
    expect(clock.slept).toEqual([499, 999]);
  });
});

describe('result', () => {
  test('has the URL, the metrics and the answer itself', async () => {
    const { job, fake } = await jobWith([], done);
    expect(await job.result()).toEqual({
      requestId: 'r-1',
      videoUrl: output,
      metrics: { inferenceTimeS: 303.1, queueTimeS: null, totalTimeS: null, costUsd: 0.42, remainingCredits: null },
      body: done.json,
    });
    expect(fake.seen[0]?.path).toBe('/v2/requests/r-1');
  });

  test.each([200, 422])('FAILED under %i is InferenceFailed', async status => {
    const { job } = await jobWith([], { ...state('FAILED', { error: 'no face found' }), status });
    const error = await rejection(job.result());
    expect(error).toBeInstanceOf(InferenceFailed);
    expect(error).toMatchObject({
      detail: 'no face found',
      requestId: 'r-1',
      statusBody: { status: 'FAILED', error: 'no face found' },
    });
  });

  test('before completion is a bad answer that is not asked for again', async () => {
    const { job, fake } = await jobWith([], state('PROCESSING'));
    expect(await rejection(job.result({ retries: 0 }))).toMatchObject({
      kind: 'badAnswer',
      detail: 'the request is not finished: PROCESSING',
    });
    expect(fake.seen.length).toBe(1);
  });

  test('without an output is a bad answer', async () => {
    const { job } = await jobWith([], state('COMPLETED', { output: null }));
    expect(await rejection(job.result({ retries: 0 }))).toMatchObject({ kind: 'badAnswer', requestId: 'r-1' });
  });

  test('may be large when it holds the file', async () => {
    const file = Buffer.alloc(3_000_000, 5).toString('base64');
    const { job } = await jobWith([], state('COMPLETED', { output: file }));
    expect((await job.result()).videoUrl.length).toBeGreaterThan(4_000_000);
  });
});

describe('wait', () => {
  test('polls every interval until the job is completed', async () => {
    const { job, clock, fake } = await jobWith([state('QUEUED'), state('PROCESSING'), state('COMPLETED')]);
    expect((await job.wait({ intervalMs: 2_000 })).videoUrl).toBe(output);
    expect(clock.slept).toEqual([2_000, 2_000]);
    expect(fake.seen.length).toBe(4);
  });

  test('ends at once when the job has failed, under 200 too', async () => {
    const { job, clock } = await jobWith([state('QUEUED'), state('FAILED', { error: 'no face' })]);
    const error = await rejection(job.wait());
    expect(error).toBeInstanceOf(InferenceFailed);
    expect(error).toMatchObject({ detail: 'no face', statusBody: { status: 'FAILED' } });
    expect(clock.slept).toEqual([1_000]);
  });

  test('ends with the id and the time when it lasts too long, after a last look', async () => {
    const { job, fake, clock } = await jobWith([state('PROCESSING')]);
    const error = await rejection(job.wait({ timeoutMs: 2_500, intervalMs: 1_000 }));
    expect(error).toBeInstanceOf(InferenceTimeout);
    expect(error).toMatchObject({ requestId: 'r-1', elapsedMs: 2_500, lastError: null });
    expect([clock.slept, fake.seen.length]).toEqual([[1_000, 1_000, 500], 4]);
  });

  test('never spins: neither with an interval of 0, nor in states that nobody knows', async () => {
    const { job, fake } = await jobWith([state('ON_HOLD')]);
    expect(await rejection(job.wait({ timeoutMs: 5_000, intervalMs: 0 }))).toBeInstanceOf(InferenceTimeout);
    expect(fake.seen.length).toBe(21);
    expect((await job.status()).unknownStates).toBe(22);
  });

  test('an unknown state on the way to completion is waited out', async () => {
    const { job } = await jobWith([state('WARMING_UP'), state('COMPLETED')]);
    expect((await job.wait()).videoUrl).toBe(output);
  });

  test('waits out server trouble, a proxy page and a limit, which it honours', async () => {
    const limit = { status: 429, headers: { 'retry-after': '60' } };
    const { job, clock } = await jobWith([{ status: 502 }, { text: '<html>' }, limit, state('COMPLETED')]);
    expect((await job.wait()).videoUrl).toBe(output);
    expect(clock.slept).toEqual([1_000, 1_000, 60_000]);
  });

  test('tells the last passing error when the time is over', async () => {
    const { job } = await jobWith([{ status: 503, json: { error: 'busy' } }]);
    expect(await rejection(job.wait({ timeoutMs: 3_000 }))).toMatchObject({
      name: 'InferenceTimeout',
      lastError: { kind: 'server', status: 503, detail: 'busy' },
    });
  });

  test.each([
    [401, 'key'],
    [402, 'credits'],
    [404, 'notFound'],
  ])('%i ends it at once', async (status, kind) => {
    const { job, fake } = await jobWith([{ status, json: { error: 'x' } }]);
    expect(await rejection(job.wait())).toMatchObject({ kind, requestId: 'r-1' });
    expect(fake.seen.length).toBe(1);
  });

  test('goes on when the result lags behind the status', async () => {
    let results = 0;
    const fake = await startFake(({ path }) => (path.endsWith('/status') || ++results > 2 ? done : state('PROCESSING')));
    expect((await clientOf(fake.url).job('r-1').wait()).videoUrl).toBe(output);
    expect(results).toBe(3);
  });

  test('an abort wins during the pause', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const clock = {
      now: () => 0,
      sleep: () => {
        stop.abort(reason);
        return new Promise<void>(() => {});
      },
    };
    const { job, fake } = await jobWith([state('QUEUED')], done, { clock });
    expect(await rejection(job.wait({ signal: stop.signal }))).toBe(reason);
    expect(fake.seen.length).toBe(1);
  });
});

describe('taking up an earlier request', () => {
  test('by its URLs', async () => {
    const fake = await startFake(() => done);
    const job = clientOf(fake.url).job('r-1', { statusUrl: `${fake.url}/s?x=1`, responseUrl: `${fake.url}/r` });
    await job.wait();
    expect(fake.seen.map(request => request.path)).toEqual(['/s?x=1', '/r']);
  });

  test('URLs of another origin never get the key', async () => {
    const other = await startFake(() => done);
    const fake = await startFake(() => done);
    const client = clientOf(fake.url);
    for (const statusUrl of [`${other.url}/s`, fake.url.replace('//', '//u:p@'), fake.url.replace('http', 'https'), '/s', 'x']) {
      const take = () => client.job('r-1', { statusUrl });
      expect(take).toThrow(SegmindError);
      expect(take).toThrow('another origin');
    }
    expect(other.seen.length).toBe(0);
  });

  test.each(['', '.', '..', 'a/b', 'a?b', 'x'.repeat(201)])('the id %j is refused', id => {
    expect(() => clientOf('http://127.0.0.1:1').job(id)).toThrow('request id');
  });
});

test('run submits and waits', async () => {
  const fake = await startFake(({ method }) => (method === 'POST' ? submitted(fake.url) : done));
  expect(await clientOf(fake.url).run('hallo', PARAMS)).toMatchObject({ requestId: 'r-1', videoUrl: output });
  expect(fake.seen.map(request => `${request.method} ${request.path}`)).toEqual([
    'POST /v2/hallo',
    'GET /v2/requests/r-1/status',
    'GET /v2/requests/r-1',
  ]);
});
