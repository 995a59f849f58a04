/** Whatever the provider answers, the core gets one of the values that its types name, and never an exception. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Provider } from '../../src/core/ports.ts';
import { DEFAULT_WEIGHTS } from '../../src/core/weights.ts';
import { createSegmindProvider } from '../../src/provider/segmind-provider.ts';
import { SegmindClient } from '../../src/segmind/index.ts';

type Answer = { status: number; body: Buffer; headers: Record<string, string> };
const next: { answer: Answer } = { answer: { status: 200, body: Buffer.alloc(0), headers: {} } };
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    const { status, headers, body } = next.answer;
    response.writeHead(status, headers);
    response.end(status === 204 || status === 304 ? undefined : body);
  });
});

const nowMs = Date.UTC(2026, 0, 1);
let folder: string;
let client: SegmindClient;
let provider: Provider;
let baseUrl: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-provider-'));
  await writeFile(join(folder, 'a.png'), 'bytes');
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const clock = { now: () => nowMs, sleep: async () => {} };
  client = new SegmindClient({ apiKey: 'key-of-the-test', baseUrl, clock, random: () => 0 });
  provider = createSegmindProvider(client, { providerCall: () => {} });
});
afterAll(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const usd = z.number().nullable();
const retryAtMs = z
  .number()
  .min(nowMs)
  .max(nowMs + 3_600_000)
  .nullable();
const detail = z
  .string()
  .max(4_000)
  .refine(text => !text.includes('key-of-the-test'), 'the key');
const metrics = z.strictObject({ costUsd: usd, remainingCredits: usd, renderMs: z.number().positive().nullable() });
const noNews = [
  z.strictObject({ kind: z.literal('missing') }),
  z.strictObject({ kind: z.literal('denied'), reason: z.enum(['credits', 'key', 'busy', 'forbidden']), retryAtMs }),
  z.strictObject({ kind: z.literal('trouble'), detail }),
] as const;
const working = z.strictObject({ kind: z.literal('working'), state: z.string().max(200) });
const failed = z.strictObject({ kind: z.literal('failed'), detail, metrics });
const videoUrl = z.string().regex(/^(https?:\/\/|data:)/i);
const ownUrl = z.string().refine(text => new URL(text).origin === baseUrl, 'an address elsewhere');

const shapes = {
  submit: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('accepted'), requestId: z.string().min(1), statusUrl: ownUrl, responseUrl: ownUrl }),
    z.strictObject({ kind: z.literal('not-taken'), retryAtMs, detail }),
    z.strictObject({ kind: z.literal('refused'), reason: z.enum(['credits', 'key', 'input', 'provider']), detail }),
    z.strictObject({ kind: z.literal('unknown'), detail }),
  ]),
  status: z.discriminatedUnion('kind', [working, failed, z.strictObject({ kind: z.literal('completed') }), ...noNews]),
  result: z.discriminatedUnion('kind', [
    working,
    failed,
    z.strictObject({ kind: z.literal('completed'), videoUrl, metrics }),
    ...noNews,
  ]),
  call: (value: z.ZodType) =>
    z.discriminatedUnion('ok', [
      z.strictObject({ ok: z.literal(true), value }),
      z.strictObject({
        ...{ ok: z.literal(false), reason: z.enum(['credits', 'key', 'busy', 'provider']), again: z.boolean() },
        ...{ retryAtMs, detail },
      }),
    ]),
};

/** A field of an answer: right, of another type, or of another world. */
const text = fc.oneof(fc.string(), fc.constantFrom('COMPLETED', 'FAILED', 'QUEUED', ' processing ', 'key-of-the-test', ''));
const number = fc.oneof(fc.double(), fc.double().map(String), fc.constantFrom('0.42', '1e999', 'NaN', -1));
const url = fc.oneof(
  fc.webUrl({ withQueryParameters: true }),
  text,
  fc.constantFrom(
    '/v2/requests/1',
    'http://127.0.0.1:1/x',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'data:video/mp4;base64,AAAA',
    '//x',
    'http:',
  ),
  fc.constant('OWN').map(() => `${baseUrl}/v2/requests/1/status`),
);
const wild = <T>(usual: fc.Arbitrary<T>) => fc.oneof({ weight: 3, arbitrary: usual }, { weight: 1, arbitrary: fc.jsonValue() });
const body = fc.record(
  {
    status: wild(fc.constantFrom('COMPLETED', 'FAILED', 'QUEUED', 'PROCESSING', 'completed', 'SUCCEEDED')),
    request_id: wild(text),
    ...{ status_url: wild(url), response_url: wild(url), output: wild(url), video: wild(fc.record({ url })) },
    metrics: wild(
      fc.record(
        { cost: wild(number), remaining_credits: wild(number), total_time: wild(number), queue_time: wild(number) },
        { requiredKeys: [] },
      ),
    ),
    ...{ error: wild(text), detail: wild(text), message: wild(text), credits: wild(number), 'free-credits': wild(number) },
    ...{ file_urls: wild(fc.array(url)), urls: wild(fc.array(url)) },
  },
  { requiredKeys: [] },
);
const bytes = fc.oneof(
  { weight: 6, arbitrary: body.map(value => Buffer.from(JSON.stringify(value))) },
  { weight: 2, arbitrary: fc.jsonValue().map(value => Buffer.from(JSON.stringify(value))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map(some => Buffer.from(some)) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('', '<html>502</html>', '{"status":"COMPL', '\ufeff{}', '[[[[', '{"__proto__":{"status":"COMPLETED"}}')
      .map(some => Buffer.from(some)),
  },
);
const headerText = fc.stringMatching(/^[\x20-\x7e]{0,40}$/);
const time = fc.oneof(
  headerText,
  fc.double().map(String),
  fc.date({ noInvalidDate: true }).map(date => date.toISOString()),
  fc.integer().map(String),
);
const headers = fc.record(
  { 'retry-after': time, 'x-rate-limit-reset-at-utc': time, 'content-type': headerText, location: headerText },
  { requiredKeys: [] },
);
const status = fc.oneof(
  { weight: 4, arbitrary: fc.constant(200) },
  { weight: 3, arbitrary: fc.integer({ min: 200, max: 599 }) },
  { weight: 1, arbitrary: fc.constantFrom(429, 503, 500, 422) },
);
const answers: fc.Arbitrary<Answer> = fc.record({ status, body: bytes, headers });

const job = () => ({
  requestId: '1',
  statusUrl: `${baseUrl}/v2/requests/1/status`,
  responseUrl: `${baseUrl}/v2/requests/1`,
  submittedAtMs: 0,
});
const quiet = () => new AbortController().signal;
const submit = () =>
  provider.submit(
    { portraitUrl: 'https://x.example/a.png', voiceUrl: 'https://x.example/a.wav', weights: DEFAULT_WEIGHTS },
    quiet(),
  );

test.each([
  ['submit', submit, () => shapes.submit],
  ['status', () => provider.status(job(), quiet()), () => shapes.status],
  ['result', () => provider.result(job(), quiet()), () => shapes.result],
  [
    'upload',
    () => provider.upload({ path: join(folder, 'a.png'), contentType: 'image/png' }, quiet()),
    () => shapes.call(z.string().regex(/^https?:/i)),
  ],
  ['credits', () => provider.credits(quiet()), () => shapes.call(z.number())],
])('%s', async (_call, ask, shape) => {
  const schema: z.ZodType = shape();
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(answers, async answer => {
      next.answer = answer;
      const value: unknown = await ask();
      expect(schema.safeParse(value).error?.issues).toBeUndefined();
      kinds.add(JSON.stringify(value).slice(0, 18));
    }),
    { numRuns: 400 },
  );
  // A generator that leads to one kind of answer alone would prove little.
  expect(kinds.size).toBeGreaterThan(1);
});

test('a submit that is not certainly refused or not taken is never called so', async () => {
  await fc.assert(
    fc.asyncProperty(answers, async answer => {
      next.answer = answer;
      const { kind } = await submit();
      if (kind === 'not-taken') expect([429, 503]).toContain(answer.status);
      if ([408, 502, 504].includes(answer.status) && answer.status >= 500) expect(kind).toBe('unknown');
    }),
    { numRuns: 300 },
  );
});

test.each([
  [0.42, 0.42],
  [-5, 0],
  [1e9, null],
  ['much', null],
])('a stated cost of %j counts as %j: no figure of the provider loosens or closes a limit', async (cost, costUsd) => {
  const body = { status: 'COMPLETED', request_id: '1', output: 'https://x.example/v.mp4', metrics: { cost } };
  next.answer = { status: 200, body: Buffer.from(JSON.stringify(body)), headers: {} };
  expect(await provider.result(job(), quiet())).toMatchObject({ kind: 'completed', metrics: { costUsd } });
});
