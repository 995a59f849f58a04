import { describe, expect, test } from 'vitest';
import { acceptOf, fits } from '../../../sandbox/page/browser/files.ts';
import { type Block, parseInline, parseMarkdown } from '../../../sandbox/page/browser/text/markdown.ts';
import { relativeText, sizeText, timeText } from '../../../sandbox/page/browser/text/time.ts';

const kinds = (source: string) => parseMarkdown(source).map(each => each.kind);

describe('markdown', () => {
  test('a time that no calendar has stays as it was typed', () => {
    expect(parseInline('<t:8640000000000:F>')).toMatchObject([{ kind: 'time', atMs: 8.64e15 }]);
    for (const source of ['<t:8640000000001:F>', '<t:-9999999999999:R>'])
      expect(parseInline(source)).toEqual([{ kind: 'text', text: source }]);
  });

  test('spans nest', () => {
    expect(parseInline('**bold _both_** ~~gone~~')).toEqual([
      {
        kind: 'bold',
        children: [
          { kind: 'text', text: 'bold ' },
          { kind: 'italic', children: [{ kind: 'text', text: 'both' }] },
        ],
      },
      { kind: 'text', text: ' ' },
      { kind: 'strike', children: [{ kind: 'text', text: 'gone' }] },
    ]);
  });

  test('mentions, times, spoilers and links are known', () => {
    expect(parseInline('<@1> <@&2> <#3> </hallo:4> @here').filter(each => each.kind === 'mention')).toMatchObject([
      { of: 'user', id: '1' },
      { of: 'role', id: '2' },
      { of: 'channel', id: '3' },
      { of: 'command', id: 'hallo' },
      { of: 'everyone', id: 'here' },
    ]);
    expect(parseInline('<t:60:R>||secret||')).toMatchObject([{ kind: 'time', atMs: 60_000, style: 'R' }, { kind: 'spoiler' }]);
    expect(parseInline('see https://example.org/a_b_c.')).toMatchObject([
      { text: 'see ' },
      { url: 'https://example.org/a_b_c' },
      { text: '.' },
    ]);
    expect(parseInline('[here](https://example.org)')).toMatchObject([{ kind: 'link', url: 'https://example.org' }]);
  });

  test('nothing but web addresses becomes a link', () => {
    expect(parseInline('[x](javascript:alert(1)) <b>')).toEqual([{ kind: 'text', text: '[x](javascript:alert(1)) <b>' }]);
  });

  test('what is escaped, or in names, is text', () => {
    expect(parseInline('\\*no\\* pose_weight and face_weight')).toEqual(
      ['*', 'no', '*', ' pose_weight and face_weight'].map(text => ({ kind: 'text', text })),
    );
    expect(parseInline('`**code**`')).toEqual([{ kind: 'code', text: '**code**' }]);
  });

  test('lines make blocks', () => {
    expect(kinds('# Head\ntext\nmore\n-# small\n> one\n> two\n- a\n- b\n1. c')).toEqual([
      'heading',
      'paragraph',
      'subtext',
      'quote',
      'list',
      'list',
    ] satisfies Block['kind'][]);
    expect(kinds('before\n```ts\nconst a = "**b**";\n```\nafter')).toEqual(['paragraph', 'code', 'paragraph']);
  });

  test('a text without an end to its marks comes out whole', () => {
    for (const source of ['**open', '||', '<@', '```', '[a](', '>>>', '<t:x>']) {
      expect(JSON.stringify(parseMarkdown(source))).toContain(JSON.stringify(source).slice(1, -1));
    }
  });
});

test('times are told from now', () => {
  expect(relativeText(120_000, 0, 'en-US')).toBe('in 2 minutes');
  expect(relativeText(0, 90 * 60_000, 'en-US')).toBe('1 hour ago');
  expect(relativeText(0, 0, 'en-US')).toBe('now');
  expect(timeText(0, 'R', 5_000, 'de')).toBe('vor 5 Sekunden');
});

test('sizes are told in the unit that fits', () => {
  expect([999, 2_048, 5 * 1024 * 1024].map(sizeText)).toEqual(['999 B', '2 KB', '5.0 MB']);
});

test('declared file types are what a file input offers, and what is taken', () => {
  expect(acceptOf(['image', '.wav'])).toBe('image/*,.wav');
  const file = (name: string, type: string) => new File([], name, { type });
  expect(fits(file('a.WAV', 'audio/wav'), ['.wav'])).toBe(true);
  expect(fits(file('a.png', 'image/png'), ['image'])).toBe(true);
  expect(fits(file('a.txt', 'text/plain'), ['image', '.wav'])).toBe(false);
});
