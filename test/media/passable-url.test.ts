import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDownloader } from '../../src/media/download.ts';
import { passableUrl } from '../../src/media/passable-url.ts';

const nowMs = Date.UTC(2026, 0, 1);
const dayMs = 24 * 3_600_000;
const ex = (inMs: number) => Math.floor((nowMs + inMs) / 1000).toString(16);
const cdn = (name: string, inMs = 2 * dayMs) => `https://cdn.discordapp.com/attachments/1/2/${name}?ex=${ex(inMs)}&is=1&hm=2`;

const anyUrl = fc.oneof(
  fc.string(),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.tuple(fc.string(), fc.string()).map(([name, expiry]) => `https://cdn.discordapp.com/attachments/1/2/${name}?ex=${expiry}`),
  fc
    .tuple(fc.constantFrom('file:', 'javascript:', 'data:', 'ftp:', 'gopher:', '//', 'http:\\\\'), fc.string())
    .map(parts => parts.join('')),
);

test('only a safe name with the right ending and a signature that lives long enough is passed on, as it is', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        anyUrl,
        fc.stringMatching(/^[A-Za-z0-9_-]{1,20}\.(png|jpg|wav)$/).map(name => cdn(name)),
      ),
      url => {
        const passed = passableUrl(url, 'png', nowMs);
        if (passed === null) return;
        expect(passed).toBe(url);
        expect(new URL(passed).pathname).toMatch(/\/[A-Za-z0-9_-]+\.png$/i);
        expect(Number.parseInt(new URL(passed).searchParams.get('ex') ?? '', 16) * 1000).toBeGreaterThan(nowMs + 20 * 3_600_000);
      },
    ),
  );
  expect(passableUrl(cdn('me.png'), 'png', nowMs)).toBe(cdn('me.png'));
  expect(passableUrl(cdn('me.JPEG'), 'jpg', nowMs)).toBe(cdn('me.JPEG'));
});

test.each([
  'javascript://x/me.png?ex=ffffffffff',
  'file:///me.png?ex=ffffffffff',
  'https://user:pass@cdn.discordapp.com/me.png?ex=ffffffffff',
])('%s is never passed on', url => {
  expect(passableUrl(url, 'png', nowMs)).toBeNull();
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-urls-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('no text makes the downloader throw, or go to a host that is not allowed', async () => {
  const downloader = createDownloader({
    allowPrivateAddresses: false,
    allowedHosts: ['localhost'],
    lookup: (_host, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  await fc.assert(
    fc.asyncProperty(anyUrl, async text => {
      const url = text.replace('cdn.discordapp.com', 'localhost');
      const result = await downloader.download(url, join(folder, 'file'), { maxBytes: 10 });
      expect(result.ok ? 'fetched' : result.problem.kind).toMatch(/^(bad-url|host-not-allowed|address-refused)$/);
    }),
  );
  expect(await readdir(folder)).toEqual([]);
  await downloader.close();
});
