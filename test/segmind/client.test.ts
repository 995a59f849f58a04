import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { SegmindClient, SegmindError } from '../../src/segmind/index.ts';
import { clientOf, KEY, leapingClock, listen, rejection, startFake } from './fake-server.ts';

describe('making a client', () => {
  test('the key comes from SEGMIND_API_KEY if it is not given', async () => {
    const fake = await startFake(() => ({ json: { credits: 1 } }));
    process.env.SEGMIND_API_KEY = ' SG_from_env\n';
    try {
      const client = new SegmindClient({ baseUrl: fake.url });
      await client.accounts.credits();
      await client.close();
    } finally {
      delete process.env.SEGMIND_API_KEY;
    }
    expect(fake.seen[0]?.headers).toMatchObject({ 'x-api-key': 'SG_from_env' });
  });

  test('no key, or one that no header can carry, is an error of kind key that does not repeat it', () => {
    delete process.env.SEGMIND_API_KEY;
    expect(() => new SegmindClient()).toThrow('set SEGMIND_API_KEY');
    const broken = () => new SegmindClient({ apiKey: 'se\ncret' });
    expect(broken).toThrow(SegmindError);
    expect(broken).not.toThrow('cret');
  });

  test('a null key sends none', async () => {
    const fake = await startFake(() => ({ json: { credits: 1 } }));
    await clientOf(fake.url, { apiKey: null }).accounts.credits();
    expect(fake.seen[0]?.headers).not.toHaveProperty('x-api-key');
  });

  test.each(['ftp://x', 'not a url', 'http://user:pw@x', 'http://x?y=1'])('the base URL %j is refused', baseUrl => {
    expect(() => new SegmindClient({ apiKey: KEY, baseUrl })).toThrow('baseUrl');
  });

  test('a client that is printed shows no key', () => {
    const client = clientOf('http://127.0.0.1:1');
    expect(JSON.stringify(client) + String(client)).not.toContain(KEY);
  });
});

describe('credits', () => {
  test.each([
    [
      { credits: 0, 'free-credits': 0.018 },
      { credits: 0, freeCredits: 0.018 },
    ],
    [
      { credits: '12.5', 'free-credits': '1' },
      { credits: 12.5, freeCredits: 1 },
    ],
    [{ credits: 3 }, { credits: 3, freeCredits: 0 }],
  ])('%j', async (json, credits) => {
    const fake = await startFake(() => ({ json }));
    expect(await clientOf(fake.url).accounts.credits()).toEqual(credits);
    expect(fake.seen[0]).toMatchObject({ method: 'GET', path: '/v1/get-user-credits', headers: { 'x-api-key': KEY } });
  });

  test('a base URL below a path keeps it', async () => {
    const fake = await startFake(() => ({ json: { credits: 1 } }));
    await clientOf(`${fake.url}/segmind/`).accounts.credits();
    expect(fake.seen[0]?.path).toBe('/segmind/v1/get-user-credits');
  });
});

describe('uploads', () => {
  test.each([
    ['the answer of the service', { file_urls: ['https://files.example/a.png'] }],
    ['the answer of the documentation', { urls: ['https://files.example/a.png'] }],
  ])('%s', async (_, json) => {
    const fake = await startFake(() => ({ json }));
    const bytes = new Uint8Array([9, 1, 2, 3]).subarray(1);
    expect(await clientOf(fake.url).files.upload(bytes, 'image/png')).toBe('https://files.example/a.png');
    expect(fake.seen[0]).toMatchObject({
      method: 'POST',
      path: '/upload-asset',
      body: { data_urls: ['data:image/png;base64,AQID'] },
    });
  });

  test('another upload URL gets the key too, as it is configured', async () => {
    const api = await startFake(() => ({ json: {} }));
    const upload = await startFake(() => ({ json: { urls: ['http://x.example/a'] } }));
    await clientOf(api.url, { uploadUrl: `${upload.url}/up` }).files.upload(Buffer.from('x'), 'audio/wav');
    expect([api.seen.length, upload.seen[0]?.path, upload.seen[0]?.headers['x-api-key']]).toEqual([0, '/up', KEY]);
  });

  test('are repeated after passing errors, and end as one error', async () => {
    const fake = await startFake((_, index) => (index < 2 ? { status: 502 } : { json: { urls: ['http://x.example/a'] } }));
    expect(await clientOf(fake.url).files.upload(Buffer.from('x'), 'audio/wav')).toBe('http://x.example/a');
    expect(fake.seen.length).toBe(3);
  });

  test.each([{ urls: [] }, { file_urls: ['file:///etc/passwd'] }, {}, { urls: 'x' }])(
    'the answer %j is a bad one',
    async json => {
      const fake = await startFake(() => ({ json }));
      const error = await rejection(clientOf(fake.url, { retry: { retries: 0 } }).files.upload(Buffer.from('x'), 'audio/wav'));
      expect(error).toMatchObject({ kind: 'badAnswer' });
    },
  );

  test('nothing, or a type that is none, is refused before any call', async () => {
    const fake = await startFake(() => ({ json: {} }));
    const { files } = clientOf(fake.url);
    expect(await rejection(files.upload(Buffer.alloc(0), 'audio/wav'))).toMatchObject({ kind: 'invalid' });
    expect(await rejection(files.upload(Buffer.from('x'), 'wav;x=,'))).toMatchObject({ kind: 'invalid' });
    expect(fake.seen.length).toBe(0);
  });
});

describe('the network', () => {
  test('connections are used again', async () => {
    const fake = await startFake(() => ({ json: { credits: 1 } }));
    const client = clientOf(fake.url);
    for (let i = 0; i < 20; i++) await client.accounts.credits();
    expect(fake.seen.length).toBe(20);
    // A second one is opened where a call follows before the first connection has noticed that it is free.
    expect(fake.connections()).toBeLessThanOrEqual(2);
  });

  test('nobody listening is an error of kind network, after the repetitions', async () => {
    const clock = leapingClock();
    const error = await rejection(clientOf('http://127.0.0.1:1', { clock }).accounts.credits());
    expect(error).toMatchObject({ kind: 'network', status: null, detail: 'no connection (ECONNREFUSED)' });
    expect(clock.slept).toEqual([499, 999, 1_998]);
  });

  test.each([
    ['headers that never come', { headersTimeoutMs: 60 }, () => undefined],
    ['a body that stops', { bodyTimeoutMs: 60 }, stall],
    ['an answer that drips for ever', { callTimeoutMs: 150 }, drip],
  ] as const)('%s end as kind network', async (_, timeouts, handler) => {
    const fake = await startFake((_request, _index, { response }) => handler(response));
    const error = await rejection(clientOf(fake.url, { timeouts, retry: { retries: 0 } }).accounts.credits());
    expect(error).toMatchObject({ kind: 'network', detail: expect.stringContaining('timeout') });
  });

  test('an answer larger than allowed is left unread, whatever its length says, and not asked for again', async () => {
    let written = 0;
    const fake = await startFake((_request, _index, { response }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const pour = () => {
        while (!response.destroyed && written < 200_000_000) {
          written += 65_536;
          if (!response.write(Buffer.alloc(65_536, 32))) return response.once('drain', pour);
        }
        return response.end();
      };
      pour();
      return undefined;
    });
    const error = await rejection(clientOf(fake.url).accounts.credits());
    expect(error).toMatchObject({ kind: 'badAnswer', detail: 'the answer is larger than allowed' });
    expect(fake.seen.length).toBe(1);
    expect(written).toBeLessThan(20_000_000);
  });

  test.each([
    ['a reset', (socket: net.Socket) => socket.resetAndDestroy()],
    ['a close without an answer', (socket: net.Socket) => socket.end()],
    ['something that is not HTTP', (socket: net.Socket) => socket.end('hello\r\n\r\n')],
    ['a body cut short', (socket: net.Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"credits":')],
    ['a head without end', (socket: net.Socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`)],
  ])('%s is repeated, and then an error of kind network', async (_, misbehave) => {
    let connections = 0;
    const server = net.createServer(socket => {
      connections++;
      socket.on('error', () => {});
      socket.once('data', () => misbehave(socket));
    });
    const error = await rejection(clientOf(await listen(server), { retry: { retries: 2 } }).accounts.credits());
    expect(error).toMatchObject({ kind: 'network' });
    expect(connections).toBe(3);
  });
});

describe('waiting for a limit', () => {
  const limited = (resetInMs: number, clock: { now(): number }) => ({
    status: 429,
    headers: { 'x-rate-limit-reset-at-utc': new Date(clock.now() + resetInMs).toISOString() },
    json: { error: 'too many requests' },
  });

  test('a call comes back after the reset, not before', async () => {
    const clock = leapingClock();
    const fake = await startFake((_, index) => (index === 0 ? limited(7_000, clock) : { json: { credits: 1 } }));
    expect(await clientOf(fake.url, { clock, random: () => 0 }).accounts.credits()).toMatchObject({ credits: 1 });
    expect(clock.slept).toEqual([7_000]);
  });

  test('a reset that is far away is left to the caller, with its time', async () => {
    const clock = leapingClock();
    const fake = await startFake(() => limited(120_000, clock));
    const error = await rejection(clientOf(fake.url, { clock }).accounts.credits());
    expect(error).toMatchObject({ kind: 'rateLimited', retryAt: clock.now() + 120_000 });
    expect(fake.seen.length).toBe(1);
  });
});

describe('an abort wins', () => {
  const reason = new Error('the caller changed its mind');

  test('before the call', async () => {
    const fake = await startFake(() => ({ json: { credits: 1 } }));
    const error = await rejection(clientOf(fake.url).accounts.credits({ signal: AbortSignal.abort(reason) }));
    expect([error, fake.seen.length]).toEqual([reason, 0]);
  });

  test('while the answer is awaited', async () => {
    const stop = new AbortController();
    const fake = await startFake(() => {
      setImmediate(() => stop.abort(reason));
      return undefined;
    });
    expect(await rejection(clientOf(fake.url).accounts.credits({ signal: stop.signal }))).toBe(reason);
  });

  test('while the body is read', async () => {
    const stop = new AbortController();
    const fake = await startFake((_request, _index, { response }) => {
      stall(response);
      setTimeout(() => stop.abort(reason), 20);
      return undefined;
    });
    expect(await rejection(clientOf(fake.url).accounts.credits({ signal: stop.signal }))).toBe(reason);
  });

  test('during the pause before a repetition, even with a clock that ignores signals', async () => {
    const stop = new AbortController();
    const fake = await startFake(() => ({ status: 500 }));
    const clock = {
      now: () => 0,
      sleep: () => {
        stop.abort(reason);
        return new Promise<void>(() => {});
      },
    };
    expect(await rejection(clientOf(fake.url, { clock }).accounts.credits({ signal: stop.signal }))).toBe(reason);
    expect(fake.seen.length).toBe(1);
  });
});

function stall(response: import('node:http').ServerResponse): undefined {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"credits":');
}

function drip(response: import('node:http').ServerResponse): undefined {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 10);
  response.on('close', () => clearInterval(timer));
}
