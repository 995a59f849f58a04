import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIPv6, type LookupFunction } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AddressRefusedError, guardedLookup, isPublicAddress } from '../../src/media/addresses.ts';
import { createDownloader, type Downloader, type DownloaderOptions } from '../../src/media/download.ts';

let server: Server;
let origin: string;
let folder: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let requests: IncomingMessage[] = [];
const downloaders: Downloader[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-download-'));
  server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterEach(async () => {
  requests = [];
  await Promise.all(downloaders.splice(0).map(downloader => downloader.close()));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const target = () => join(folder, 'file.bin');

function fetchWith(options: Partial<DownloaderOptions>, url: string, maxBytes = 1000, signal?: AbortSignal) {
  const downloader = createDownloader({ allowPrivateAddresses: false, ...options });
  downloaders.push(downloader);
  return downloader.download(url, target(), signal === undefined ? { maxBytes } : { maxBytes, signal });
}

const resolvingTo =
  (...addresses: string[]): LookupFunction =>
  (_host, options, callback) => {
    const found = addresses.map(address => ({ address, family: isIPv6(address) ? 6 : 4 }));
    if (options.all === true) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family ?? 4);
  };

describe('addresses', () => {
  it.each(['1.1.1.1', '162.159.135.233', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808', '2002:808:808::1'])(
    '%s is public',
    address => expect(isPublicAddress(address)).toBe(true),
  );
  it.each([
    ...['127.0.0.1', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1'],
    ...['198.18.0.1', '192.0.2.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '192.0.0.8'],
    ...['::', '::1', '::ffff:127.0.0.1', '::ffff:a00:1', '::7f00:1', '64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::1'],
    ...[
      'fc00::1',
      'fd12::1',
      'fe80::1',
      'fe80::1%eth0',
      'fec0::1',
      'ff02::1',
      '2001:db8::1',
      '2001::1',
      '100::1',
      'no address',
      '',
    ],
  ])('%s is not public', address => expect(isPublicAddress(address)).toBe(false));
});

describe('a URL that leads inside', () => {
  it.each([
    ...['127.0.0.1', '0.0.0.0', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]'],
    ...['10.0.0.1', '172.16.0.1', '192.168.0.1', '169.254.169.254', '100.64.0.1', '[fc00::1]', '[fd00::1]', '[fe80::1]'],
    ...['2130706433', '0177.0.0.1', '0x7f000001', '0x7f.1', '127.1', '127.0.0.1.', '１２７.0.0.1', 'localhost'],
  ])('is refused before any request: %s', async host => {
    answer = (_request, response) => response.end('secret');
    const result = await fetchWith({}, `http://${host}:${new URL(origin).port}/`);
    expect(result).toMatchObject({ ok: false, problem: { kind: 'address-refused' } });
    expect(requests).toHaveLength(0);
    expect(existsSync(target())).toBe(false);
  });

  it('is refused when a name has one private address among public ones', async () => {
    const result = await fetchWith({ lookup: resolvingTo('1.1.1.1', '10.0.0.1') }, 'http://localhost/');
    expect(result).toMatchObject({ ok: false, problem: { kind: 'address-refused' } });
  });

  it('is refused when a name that was public before leads inside now: every connection asks, and is made to what was found', async () => {
    const answers = ['1.1.1.1', '127.0.0.1'];
    const lookup = guardedLookup((host, options, callback) => resolvingTo(answers.shift() ?? '')(host, options, callback));
    const found = () => new Promise(resolve => lookup('rebind.example', {}, (error, address) => resolve(error ?? address)));
    expect([await found(), await found()]).toEqual(['1.1.1.1', expect.any(AddressRefusedError)]);
  });

  it.each([22, 80, 443, 6_379, 65_535])('is refused at port %i as at any', async port =>
    expect(await fetchWith({}, `http://127.0.0.1:${port}/`)).toMatchObject({ ok: false, problem: { kind: 'address-refused' } }),
  );

  it('is refused behind a redirect from an exempt origin', async () => {
    answer = (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
    const result = await fetchWith({ exceptOrigins: [origin] }, `${origin}/start`);
    expect(result).toMatchObject({ ok: false, problem: { kind: 'address-refused' } });
    expect(requests).toHaveLength(1);
  });

  it('is refused by name behind a redirect, too', async () => {
    answer = (_request, response) => response.writeHead(302, { location: `http://localhost:${new URL(origin).port}/` }).end();
    const result = await fetchWith({ exceptOrigins: [origin] }, `${origin}/start`);
    expect(result).toMatchObject({ ok: false, problem: { kind: 'address-refused' } });
  });

  it.each(['file:///etc/passwd', 'ftp://example.com/a', 'data:text/plain,a', 'nonsense', '', 'http://user:pass@example.com/'])(
    'is no download at all: %s',
    async url => expect(await fetchWith({}, url)).toMatchObject({ ok: false, problem: { kind: 'bad-url' } }),
  );
});

describe('allowed hosts', () => {
  const hosts = { allowedHosts: ['example.com', '*.cdn.example', 'localhost'] };
  it('do not spare an allowed host the check of its address', async () => {
    expect(await fetchWith(hosts, 'http://localhost/')).toMatchObject({ ok: false, problem: { kind: 'address-refused' } });
  });
  it.each(['http://example.com/', 'http://EXAMPLE.com./', 'http://a.cdn.example/', 'http://a.b.cdn.example/'])(
    'let %s through to the connection, which tests refuse',
    async url => expect(await fetchWith(hosts, url)).toMatchObject({ ok: false, problem: { kind: 'network' } }),
  );
  it.each([
    'http://cdn.example/',
    'http://evilcdn.example/',
    'http://sub.example.com/',
    'http://example.com.evil/',
    'http://1.1.1.1/',
  ])('refuse %s', async url =>
    expect(await fetchWith(hosts, url)).toMatchObject({ ok: false, problem: { kind: 'host-not-allowed' } }),
  );
});

describe('a download', () => {
  const loose = { allowPrivateAddresses: true };

  it('writes the file and says its size and type, sending nothing personal along', async () => {
    answer = (_request, response) => response.writeHead(200, { 'content-type': 'image/png' }).end('hello');
    expect(await fetchWith({ exceptOrigins: [`${origin}/`] }, `${origin}/a?x=1`)).toEqual({
      ok: true,
      bytes: 5,
      contentType: 'image/png',
    });
    expect(await readFile(target(), 'utf8')).toBe('hello');
    expect(Object.keys(requests[0]?.headers ?? {}).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
  });

  it('follows three redirects and refuses the fourth', async () => {
    answer = (request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('there');
      else response.writeHead(307, { location: `/${left - 1}` }).end('moved');
    };
    expect(await fetchWith(loose, `${origin}/3`)).toMatchObject({ ok: true, bytes: 5 });
    expect(await fetchWith(loose, `${origin}/4`)).toMatchObject({ ok: false, problem: { kind: 'too-many-redirects' } });
  });

  it('is refused by its stated length, and by its real one', async () => {
    answer = (_request, response) => response.writeHead(200, { 'content-length': 1001 }).end(Buffer.alloc(1001));
    expect(await fetchWith(loose, origin)).toMatchObject({ ok: false, problem: { kind: 'too-large' } });
    answer = (_request, response) => response.end(Buffer.alloc(1001));
    expect(await fetchWith(loose, origin)).toMatchObject({ ok: false, problem: { kind: 'too-large' } });
    answer = (_request, response) => {
      response.write(Buffer.alloc(600));
      response.end(Buffer.alloc(600));
    };
    expect(await fetchWith(loose, origin)).toMatchObject({ ok: false, problem: { kind: 'too-large' } });
    expect(existsSync(target())).toBe(false);
    answer = (_request, response) => response.end(Buffer.alloc(1000));
    expect(await fetchWith(loose, origin)).toMatchObject({ ok: true, bytes: 1000 });
  });

  it('that only drips ends at the total time, and leaves no file', async () => {
    answer = (_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    };
    const result = await fetchWith({ ...loose, totalTimeoutMs: 250 }, origin);
    expect(result).toMatchObject({ ok: false, problem: { kind: 'timeout' } });
    expect(existsSync(target())).toBe(false);
  });

  it('that never answers ends at the total time', async () => {
    answer = () => {};
    expect(await fetchWith({ ...loose, totalTimeoutMs: 150 }, origin)).toMatchObject({ ok: false, problem: { kind: 'timeout' } });
  });

  it('that breaks off is a network problem without a file, and without the query in its detail', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 900 });
      response.write('half', () => response.destroy());
    };
    const result = await fetchWith(loose, `${origin}/f?sig=SECRET`);
    expect(result).toMatchObject({ ok: false, problem: { kind: 'network' } });
    expect(JSON.stringify(result)).not.toContain('SECRET');
    expect(existsSync(target())).toBe(false);
  });

  it('tells the HTTP status, without the query of the URL', async () => {
    answer = (_request, response) => response.writeHead(404).end('no');
    const result = await fetchWith(loose, `${origin}/gone?sig=SECRET`);
    expect(result).toEqual({ ok: false, problem: { kind: 'status', detail: `${origin}/gone: HTTP 404` } });
    answer = (_request, response) => response.writeHead(503).end('later');
    expect(await fetchWith(loose, origin)).toMatchObject({ ok: false, problem: { kind: 'server-trouble' } });
  });

  it('of a server that is not there is a network problem', async () => {
    expect(await fetchWith(loose, 'http://127.0.0.1:1/?sig=SECRET')).toEqual({
      ok: false,
      problem: { kind: 'network', detail: 'http://127.0.0.1:1/: ECONNREFUSED' },
    });
  });

  it('rejects with the reason of an abort, before and while it runs', async () => {
    const reason = new Error('cancelled');
    await expect(fetchWith(loose, origin, 10, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(requests).toHaveLength(0);
    const controller = new AbortController();
    answer = (_request, response) => {
      response.write('.');
      setTimeout(() => controller.abort(reason), 30);
    };
    await expect(fetchWith(loose, origin, 10, controller.signal)).rejects.toBe(reason);
    expect(existsSync(target())).toBe(false);
  });

  it('into a folder that does not exist is a fault, not a problem', async () => {
    answer = (_request, response) => response.end('a');
    const downloader = createDownloader({ allowPrivateAddresses: true });
    downloaders.push(downloader);
    await expect(downloader.download(origin, join(folder, 'no', 'file'), { maxBytes: 10 })).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});
