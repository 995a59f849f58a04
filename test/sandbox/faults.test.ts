import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { form, rawClient } from './raw.ts';
import { connectClient, startStandIn, stopAll } from './support.ts';

afterEach(stopAll);

async function start(options = {}) {
  const discord = await startStandIn(options);
  return { discord, raw: rawClient(discord), path: `/channels/${discord.places.general.id}/messages` };
}

test('a bucket that is used up answers 429 with all headers, a client of discord.js waits and comes through', async () => {
  const rule = { method: 'POST', route: '/channels/:channelId/messages', limit: 2, windowMs: 400 };
  const { discord, raw, path } = await start({ rateLimits: { buckets: [rule] } });
  const answers = await Promise.all([1, 2, 3].map(async each => raw.send('POST', path, { content: `${each}` })));
  expect(answers.map(each => each.status).sort()).toEqual([200, 200, 429]);
  const limited = answers.find(each => each.status === 429);
  expect(await limited?.json()).toMatchObject({
    message: 'You are being rate limited.',
    global: false,
    retry_after: expect.any(Number),
  });
  expect(Object.fromEntries(limited?.headers ?? [])).toMatchObject({
    'retry-after': '1',
    'x-ratelimit-limit': '2',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-scope': 'user',
    'x-ratelimit-bucket': expect.any(String),
    'x-ratelimit-reset-after': expect.any(String),
  });
  const client = await connectClient(discord);
  const channel = await client.channels.fetch(discord.places.general.id);
  if (!channel?.isSendable()) throw new Error('no channel');
  await Promise.all(['a', 'b', 'c'].map(content => channel.send(content)));
  expect(discord.messages.inChannel(channel.id).map(each => each.content)).toEqual(expect.arrayContaining(['a', 'b', 'c']));
});

test('an ordered 429 has the scope that was ordered', async () => {
  const { discord, raw, path } = await start();
  discord.faults.order({ fault: 'rate-limit', retryAfterMs: 1_500, scope: 'global', times: 1 });
  const response = await raw.send('POST', path, { content: 'x' });
  expect([response.status, response.headers.get('x-ratelimit-global'), response.headers.get('retry-after')]).toEqual([
    429,
    'true',
    '2',
  ]);
  expect((await raw.send('POST', path, { content: 'x' })).status).toBe(200);
});

test('an ordered answer meets its route only, as often as ordered', async () => {
  const { discord, raw, path } = await start();
  discord.faults.order({
    fault: 'answer',
    method: 'POST',
    route: '/channels/:id/messages',
    status: 503,
    message: 'upset',
    times: 2,
  });
  expect((await raw.send('GET', '/users/@me')).status).toBe(200);
  const statuses = [];
  for (let count = 0; count < 3; count += 1) statuses.push((await raw.send('POST', path, { content: 'x' })).status);
  expect(statuses).toEqual([503, 503, 200]);
  expect(discord.messages.inChannel(discord.places.general.id)).toHaveLength(1);
});

test('a connection drops before or after the request was carried out', async () => {
  const { discord, raw, path } = await start();
  discord.faults.order({ fault: 'drop', route: '/channels/**', handled: false });
  await expect(raw.send('POST', path, { content: 'lost' })).rejects.toThrow();
  discord.faults.order({ fault: 'drop', route: '/channels/**', handled: true });
  await expect(raw.send('POST', path, { content: 'taken' })).rejects.toThrow();
  expect(discord.messages.inChannel(discord.places.general.id).map(each => each.content)).toEqual(['taken']);
});

test('every request is recorded as one line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'record-'));
  const recordPath = join(folder, 'record.ndjson');
  const { discord, raw, path } = await start({ recordPath });
  const handle = await raw.deferred();
  await raw.json(
    'PATCH',
    raw.original(handle),
    form({ content: 'x' }, { name: 'a.mp4', bytes: Buffer.from('12345'), type: 'video/mp4' }),
  );
  await raw.send('POST', path, { content: 'x'.repeat(2_001) });
  const lines = (await readFile(recordPath, 'utf8')).trim().split('\n');
  const entry = z.strictObject({
    at: z.number(),
    method: z.string(),
    path: z.string(),
    json: z.unknown(),
    files: z.array(z.strictObject({ name: z.string(), type: z.string(), bytes: z.number() })),
    status: z.int(),
    answer: z.unknown(),
  });
  const entries = lines.map(line => entry.parse(JSON.parse(line)));
  expect(entries.slice(-3)).toMatchObject([
    { method: 'POST', path: `/api/v10${raw.callback(handle)}`, json: { type: 5 }, files: [], status: 204, answer: null },
    {
      method: 'PATCH',
      path: `/api/v10${raw.original(handle)}`,
      json: { content: 'x' },
      files: [{ name: 'a.mp4', type: 'video/mp4', bytes: 5 }],
      status: 200,
      answer: { id: handle.original()?.id },
    },
    { method: 'POST', path: `/api/v10${path}`, status: 400, answer: { code: 50035 } },
  ]);
  expect(discord.clock.now() - (entries[0]?.at ?? 0)).toBeLessThan(60_000);
  await rm(folder, { recursive: true });
});
