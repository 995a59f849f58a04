import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanDetail, LONGEST_DETAIL } from '../../src/discord/clean-detail.ts';

const hostile = fc.constantFrom(
  ...['@everyone', '@here', '<@123456789012345678>', '<@&5>', '<#99>', '<t:1700000000:R>', '</hallo:123>', '<:a:1>', 'ht*tp://x'],
  ...[
    'https://evil.example/a?b=c',
    'HTTP://X',
    'www.x.com',
    'discord.gg/abc',
    'h\u200bttps://a.b',
    '[click](https://a.b)',
    'a.b/c',
  ],
  ...['**bold**', '__u__', '~~s~~', '||spoiler||', '`code`', '```', '> quote', '# head', '-# small', '- list', '\\', '[x]'],
  ...[
    '\u202e',
    '\u2066',
    '\u200b',
    '\u0000',
    '\u001b[31m',
    '\n',
    '\r\n',
    '\u2028',
    '\ufeff',
    '\ud800',
    '\udc00',
    '😀',
    'e\u0301\u0302\u0303\u0304',
  ],
  ...[
    'Request id: 0217',
    'Support codes: 15236754',
    '123e4567-e89b-12d3-a456-426614174000',
    'deadbeefdeadbeef1',
    'sk-a1b2c3d4e5f6g7h8i9j0',
  ],
);
const texts = fc
  .array(fc.oneof({ arbitrary: hostile, weight: 3 }, fc.string({ unit: 'binary' }), fc.string(), fc.lorem()), { maxLength: 30 })
  .map(parts => parts.join(''));

/** What Discord would do something about, and what nobody should see. */
const FORBIDDEN = [
  /[@<>*_~|`\\#[\]]/,
  /\p{Cc}|\p{Cf}|\p{Cs}|\p{Co}/u,
  /:\/\//,
  /www\./i,
  /[\p{L}\p{N}-]+\.[\p{L}\p{N}-]{2,}\//u,
  /\p{N}{5}/u,
  /[\n\r\u2028\u2029]/,
  /[0-9a-f]{8}-[0-9a-f]{4}-/i,
];

test('whatever the provider says, nothing in it mentions, formats, links, hides or identifies', () => {
  fc.assert(
    fc.property(texts, raw => {
      const clean = cleanDetail(raw) ?? '';
      for (const pattern of FORBIDDEN) expect(clean).not.toMatch(pattern);
      expect(clean).not.toMatch(/^[\s>#+-]/);
    }),
    { numRuns: 2_000 },
  );
});

test('it is at most 300 characters long, whole ones', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 250, maxLength: 2_000, unit: 'grapheme' }), raw => {
      const clean = cleanDetail(raw) ?? '';
      expect(clean.length).toBeLessThanOrEqual(LONGEST_DETAIL);
      expect(clean.isWellFormed()).toBe(true);
    }),
  );
  expect(cleanDetail('word '.repeat(200))).toMatch(/^(word )+(word?|wo|w)?…$/);
});

test('cleaning what is clean changes nothing', () => {
  fc.assert(
    fc.property(texts, raw => {
      const clean = cleanDetail(raw);
      expect(clean === undefined ? undefined : cleanDetail(clean)).toBe(clean);
    }),
    { numRuns: 2_000 },
  );
});

test('plain sentences stay as they are', () => {
  for (const text of [
    'Prompt is Mandatory and must be string',
    'CUDA out of memory. Tried to allocate 2.00 GiB',
    'list index out of range',
  ]) {
    expect(cleanDetail(text)).toBe(text);
  }
});

test('ids go, the words around them stay', () => {
  expect(cleanDetail('content_policy_violation')).toBe('content policy violation');
  expect(cleanDetail('safety_violations=[sexual]')).toBe('safety violations=(sexual)');
  expect(cleanDetail('The input may contain real person. Request id: 0217')).toBe(
    'The input may contain real person. Request id …',
  );
  expect(cleanDetail('If this is wrong, send feedback. Support codes: 15236754')).toBe(
    'If this is wrong, send feedback. Support codes …',
  );
});

test('where nothing readable is left, there is no detail', () => {
  for (const raw of ['', '   ', '@', '\u202e\u200b', '***', '{}', '…']) expect(cleanDetail(raw)).toBeUndefined();
});

test('a text of a million characters comes back short; a pattern that backtracks would never come back', () => {
  for (const raw of ['a'.repeat(1e6), '.a'.repeat(5e5), '-1'.repeat(5e5), 'request id '.repeat(1e5)]) {
    expect(cleanDetail(raw)?.length ?? 0).toBeLessThanOrEqual(300);
  }
});

test('this file holds no invisible characters itself', () => {
  expect(readFileSync(new URL(import.meta.url), 'utf8')).not.toMatch(/[\u202e\u200b\u2066]/);
});
