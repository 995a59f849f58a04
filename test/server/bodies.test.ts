/** Whatever is sent to it, the server answers in the envelope of its API, and takes and bills nothing that it could not render. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { startServer } from './harness.ts';

const envelope = z.strictObject({ error: z.string().min(1) });
const record = z.object({ requests: z.array(z.unknown()), billedUsd: z.number() });

const value = fc.oneof(
  fc.jsonValue(),
  fc.double(),
  fc.string(),
  fc.constantFrom('http://127.0.0.1:1/a.png', 'file:///etc/passwd', 'data:,x'),
);
const body = fc.oneof(
  fc.jsonValue(),
  fc.record(
    {
      ...{ input_image: value, input_audio: value, pose_weight: value, face_weight: value, lip_weight: value },
      ...{ face_expand_ratio: value, base64: value, data_urls: fc.oneof(value, fc.array(value)), __proto__: value, seed: value },
    },
    { requiredKeys: [] },
  ),
);
const raw = fc.oneof(
  body.map(each => JSON.stringify(each)),
  fc.string(),
  fc.constantFrom(
    '',
    '{',
    '[',
    '"',
    '{"input_image":',
    '\u0000',
    '{"a":1}}',
    '1e999',
    `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  ),
);
const type = fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/plain', 'multipart/form-data', '');

test('any body at any address', async () => {
  const { url, api } = await startServer({ creditsUsd: 100_000 });
  const address = fc.constantFrom('/v2/hallo', '/upload-asset', '/v1/hallo', '/admin/faults', '/v2/requests/x', '/nowhere');
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(address, raw, type, async (path, text, contentType) => {
      const headers = contentType === '' ? {} : { 'content-type': contentType };
      const answer = await fetch(new URL(path, url), { method: 'POST', headers, body: text });
      expect(answer.status).not.toBe(500);
      if (path === '/v2/hallo' && answer.status === 200) taken += 1;
      const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
      const content = await answer.text();
      if (answer.status >= 400 && answer.status !== 405 && path !== '/v1/hallo') {
        expect({ isJson, envelope: envelope.safeParse(JSON.parse(content)).success }).toEqual({ isJson: true, envelope: true });
      }
    }),
    { numRuns: 150 },
  );
  await expect
    .poll(async () => record.parse(await (await api.get('/admin/requests')).json()).requests.length)
    .toBeGreaterThanOrEqual(taken);
  expect(record.parse(await (await api.get('/admin/requests')).json()).billedUsd).toBe(0);
});

test('any text as an id or a file name', async () => {
  const { url } = await startServer();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('/v2/requests/', '/files/'),
      fc.oneof(fc.string(), fc.constantFrom('..%2f..%2fetc%2fpasswd', '%00', '%', '%ff')),
      async (prefix, text) => {
        const target = `${url}${prefix}${text.startsWith('%') || text.startsWith('..') ? text : encodeURIComponent(text.toWellFormed())}`;
        const { status } = await fetch(target);
        expect([200, 400, 404, 405, 414]).toContain(status);
        expect(status === 200 && prefix === '/files/').toBe(false);
      },
    ),
  );
});
