/**
 * Whatever comes from outside is read as what it should be, or refused as a value: no parser throws, hangs, or lets through what it
 * does not promise. Parsers with rules of their own have their properties beside their tests; here is the rest.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseBody } from '../../sandbox/discord/rest/body.ts';
import { checkCommands } from '../../sandbox/discord/rest/command-schema.ts';
import { checkMessage } from '../../sandbox/discord/rest/message-schema.ts';
import { createConsents } from '../../src/core/consents.ts';
import { createGuilds } from '../../src/core/guilds.ts';
import { placeOf } from '../../src/discord/announcer/posts.ts';
import { createAnswers } from '../../src/discord/answers.ts';
import { createDrafts, someWishesSchema } from '../../src/discord/drafts.ts';
import { registerCommands } from '../../src/discord/register.ts';
import { type Calls, createCalls } from '../../src/discord/rest.ts';
import { isPublicAddress } from '../../src/media/addresses.ts';
import { childMessage } from '../../src/media/isolate.ts';
import { sniff } from '../../src/media/sniff.ts';
import { encodeWav, plainWavRate } from '../../src/media/wav.ts';
import { createScrub } from '../../src/telemetry/log.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { settingsInMemory } from '../support/settings-in-memory.ts';

/** JSON as it could come: anything at all, and what has the right names with wrong values. */
const known = [
  'id',
  'channel_id',
  'type',
  'components',
  'content',
  'flags',
  'embeds',
  'attachments',
  'resource',
  'message',
  'options',
  'name',
];
const json = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(fc.constantFrom(...known), fc.jsonValue(), { maxKeys: 6 }),
  fc.array(fc.dictionary(fc.constantFrom(...known), fc.jsonValue(), { maxKeys: 4 }), { maxLength: 4 }),
);
const bytes = fc.uint8Array({ maxLength: 300 });
/** Beginnings by which files are told apart. */
const magic = fc.constantFrom(
  'RIFF',
  'RIFFxxxxWAVEfmt ',
  '\x89PNG\r\n\x1a\n',
  '\xff\xd8\xff',
  'OggS',
  'fLaC',
  'ID3\x04',
  '\0\0\0\x18ftypmp42',
  '\x1aE\xdf\xa3',
  'GIF89a',
  'PK\x03\x04',
);
const fileBytes = fc
  .tuple(fc.oneof(magic, fc.constant('')), bytes)
  .map(([head, rest]) => Buffer.concat([Buffer.from(head, 'latin1'), rest]));

let folder: string;
let next = { status: 200, body: Buffer.alloc(0) as Buffer, type: 'application/json' };
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(next.status, { 'content-type': next.type, 'retry-after': '0' });
  response.end(next.status === 204 || next.status === 304 ? undefined : next.body);
});
let apiBase: string;
let calls: Calls;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-parsers-'));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  apiBase = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/api`;
  calls = createCalls({ apiBase, token: 'a.b.c', retries: 0 });
});
afterAll(async () => {
  calls.close();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

/** No 429: the library waits for its end, and none is told here. */
const answers = fc.record({
  status: fc.oneof(
    fc.constant(200),
    fc.integer({ min: 200, max: 599 }).filter(status => status !== 429),
  ),
  body: fc.oneof(
    json.map(value => Buffer.from(JSON.stringify(value))),
    bytes.map(some => Buffer.from(some)),
  ),
  type: fc.constantFrom('application/json', 'text/html', 'application/octet-stream'),
});
const to = { id: '1', token: 'token-of-the-interaction', applicationId: '2' };

test("Discord's answers, whatever they hold: a call, a deferral and a registration end as values", async () => {
  const given = createAnswers({ apiBase, calls });
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(answers, async answer => {
      next = answer;
      const called = await calls.asBot({ method: 'GET', route: '/users/@me' });
      kinds.add(called.kind);
      expect(['stands', 'never', 'unknown']).toContain((await given.defer(to, { private: false })).kind);
      expect(['unchanged', 'overwritten', 'failed']).toContain((await registerCommands(calls, [])).kind);
      if (called.kind === 'ok') expect(Object.keys(placeOf(called.body))).toEqual(['channelId', 'messageId']);
    }),
    { numRuns: 60 },
  );
  given.close();
  expect(kinds.size).toBeGreaterThan(2);
}, 60_000);

test('a file, whatever its bytes: its type is a media type, or nothing', async () => {
  const path = join(folder, 'file');
  await fc.assert(
    fc.asyncProperty(fileBytes, async content => {
      await writeFile(path, content);
      expect((await sniff(path)) ?? 'a/b').toMatch(/^[a-z]+\/[\w.+-]+$/);
    }),
    { numRuns: 200 },
  );
});

test('a WAV header, whatever its bytes: a rate only where all of the file is as it says', () => {
  fc.assert(
    fc.property(fileBytes, content => {
      expect(plainWavRate(content)).toBeUndefined();
    }),
  );
  const wav = encodeWav(new Float32Array(50), 16_000);
  expect(plainWavRate(wav)).toBe(16_000);
  fc.assert(
    fc.property(fc.nat(43), fc.nat(255), (at, byte) => {
      const changed = Buffer.from(wav);
      changed[at] = byte;
      // Rates may be anything; each other field has one right value.
      const rateOnly = (at >= 24 && at < 34) || wav[at] === byte;
      expect(plainWavRate(changed) !== undefined).toBe(rateOnly);
    }),
  );
});

test('an address, whatever its notation: none of a private network is public', () => {
  const inside = fc.oneof(
    fc.tuple(fc.constantFrom(0, 10, 127, 224, 255), fc.nat(255), fc.nat(255), fc.nat(255)),
    fc.tuple(fc.constant(192), fc.constant(168), fc.nat(255), fc.nat(255)),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), fc.nat(255), fc.nat(255)),
    fc.tuple(fc.constant(169), fc.constant(254), fc.nat(255), fc.nat(255)),
    fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), fc.nat(255), fc.nat(255)),
  );
  fc.assert(
    fc.property(inside, ([a, b, c, d]) => {
      const hex = (one: number, other: number) => ((one << 8) | other).toString(16);
      const tail = `${hex(a, b)}:${hex(c, d)}`;
      const forms = [
        `${a}.${b}.${c}.${d}`,
        `::ffff:${a}.${b}.${c}.${d}`,
        `::ffff:${tail}`,
        `64:ff9b::${tail}`,
        `2002:${tail}::1`,
        `::${tail}`,
      ];
      expect(forms.filter(isPublicAddress)).toEqual([]);
    }),
  );
  fc.assert(fc.property(fc.string(), text => typeof isPublicAddress(text) === 'boolean'));
});

test('what a child process sends, whatever it is: one of three messages, or none', () => {
  const sent = fc.oneof(
    json,
    fc.record({ type: fc.constantFrom('progress', 'value', 'problem', 'other'), fraction: fc.double() }),
  );
  fc.assert(
    fc.property(sent, message => {
      const { data } = childMessage.safeParse(message);
      if (data?.type === 'progress') expect(data.fraction >= 0 && data.fraction <= 1).toBe(true);
      expect([undefined, 'progress', 'value', 'problem']).toContain(data?.type);
    }),
  );
});

test('the guilds that were left, whatever was kept of them: the work goes on', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async kept => {
      const settings = settingsInMemory(new Map<string, unknown>([['guilds-left', kept]]));
      const guilds = createGuilds({
        ...{
          settings,
          clock: createManualClock(),
          cancel: async () => {},
          forget: async () => {},
          files: { remove: async () => {} },
        },
        ledger: { guilds: async () => ['1'], unpaidOf: async () => [], forgetGuild: async () => [] },
      });
      await guilds.present(new Set(), () => true);
      await guilds.left('1');
      await guilds.joined('1');
      await guilds.sweep();
    }),
  );
});

test('a draft and a consent, whatever was kept of them: they are as they were given, or there are none', async () => {
  const of = { guildId: '1', memberId: '2' };
  const wishes = { private: false, spoiler: false, weights: {} };
  const names = fc.constantFrom('id', 'guildId', 'memberId', 'untilMs', 'wishes', 'version', 'atMs');
  const kept = fc.oneof(
    json,
    fc.dictionary(names, fc.jsonValue()).map(spoilt => ({ id: '3', ...of, untilMs: 10, wishes, ...spoilt })),
    fc.dictionary(names, fc.jsonValue()).map(spoilt => ({ version: 1, atMs: 5, ...spoilt })),
  );
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(kept, async value => {
      const settings = settingsInMemory(new Map<string, unknown>(['draft:3', 'consent:2'].map(key => [key, value])));
      const draft = await createDrafts(settings, () => 0, someWishesSchema).get('3', of);
      if (draft) expect(draft).toMatchObject(of);
      const given = await createConsents(settings, () => 0).given('2');
      if (given) expect(value).toMatchObject({ version: 1 });
      kinds.add(`${draft !== undefined} ${given}`);
    }),
  );
  expect(kinds).toEqual(new Set(['false false', 'true false', 'false true']));
});

test('a line of the log, whatever it holds: no signature, no token of a path, no known secret', () => {
  const scrub = createScrub(['a-secret-of-the-operator']);
  const secret = fc.stringMatching(/^[A-Za-z0-9_-]{20,60}$/);
  fc.assert(
    fc.property(fc.string(), fc.string(), secret, (before, after, hidden) => {
      const lines = [
        `${before} https://cdn.example/a.png?ex=1&hm=${hidden} ${after}`,
        `${before} /webhooks/123/${hidden}/messages/@original ${after}`,
        `${before} /interactions/123/${hidden}/callback ${after}`,
        `${before} Authorization: Bot ${hidden} ${after}`,
      ];
      for (const line of lines) expect(scrub(line)).not.toContain(hidden);
      expect(scrub(`${before}a-secret-of-the-operator${after}`)).not.toContain('a-secret-of-the-operator');
    }),
  );
});

test('a payload for the stand-in for Discord, whatever it holds: taken, or refused as Discord does', async () => {
  const types = fc.constantFrom('application/json', 'multipart/form-data; boundary=x', 'multipart/form-data', 'text/plain', '');
  const raw = fc.oneof(
    bytes,
    json.map(value => new TextEncoder().encode(JSON.stringify(value))),
  );
  await fc.assert(
    fc.asyncProperty(raw, types, async (body, type) => {
      const parsed = await parseBody(body, type);
      if (!parsed.ok) expect(parsed.answer.status).toBeGreaterThanOrEqual(400);
    }),
  );
  fc.assert(
    fc.property(json, body => {
      for (const checked of [checkMessage(body), checkCommands(body)]) {
        if (!checked.ok) expect(checked.answer.status).toBeGreaterThanOrEqual(400);
      }
    }),
  );
});
