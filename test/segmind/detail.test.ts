import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DETAIL_LIMIT, findDetail, hasOwnError, plainText, scrub, scrubDeep } from '../../src/segmind/detail.ts';

const KEY = 'SG_0123456789abcdef';

describe('the text of an error', () => {
  test.each([
    [{ error: 'no credits' }, 'no credits'],
    [{ error: 'invalid_key', error_description: 'The key is wrong', status_code: 401 }, 'invalid_key: The key is wrong'],
    [{ message: 'from message' }, 'from message'],
    [{ detail: 'from detail' }, 'from detail'],
    [{ error: { message: 'nested', code: 5 } }, 'nested'],
    [{ detail: [{ loc: ['body'], msg: 'field required' }, { msg: 'too long' }] }, 'field required; too long'],
    [{ error: null, message: 'the next field' }, 'the next field'],
    [{ error: '', detail: 'the last field' }, 'the last field'],
    [{ error: 17 }, '17'],
    [{ status: 'FAILED' }, null],
    [['error'], null],
    ['error', null],
    [undefined, null],
  ])('%j reads %j', (body, text) => {
    expect(findDetail(body)).toBe(text);
  });

  test('is found or not, but never thrown over, in any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const found = findDetail({ error: value });
        expect(found === null || found.trim() !== '').toBe(true);
      }),
    );
  });

  test("only an `error` with a text is the provider's own envelope", () => {
    expect([{ error: 'x' }, { error: { message: 'x' } }].every(hasOwnError)).toBe(true);
    expect([{ message: 'x' }, { error: null }, { error: '' }, 'error', undefined].some(hasOwnError)).toBe(false);
  });

  test('of a page is its text without the markup', () => {
    const page = '<html><style>p{}</style><title>405</title><h1>Method\n Not Allowed</h1><script>x()</script></html>';
    expect(plainText(page)).toBe('405 Method Not Allowed');
  });

  test('of a hostile page is found quickly', () => {
    const startedAt = performance.now();
    plainText('<'.repeat(2_000_000));
    plainText('<script'.repeat(300_000));
    scrub('https://'.repeat(300_000), KEY);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

describe('cleaning', () => {
  test('takes out the key, and the query, fragment and credentials of every URL', () => {
    const text = `key ${KEY} at https://u:p@cdn.example/a.mp4?Signature=abc&Expires=1#frag, then http://b.example/x?y=1`;
    expect(scrub(text, KEY)).toBe('key [key] at https://cdn.example/a.mp4 then http://b.example/x');
  });

  test('bounds the text and leaves no half character', () => {
    const clean = scrub('😀'.repeat(5_000), KEY);
    expect(clean.length).toBeLessThanOrEqual(DETAIL_LIMIT);
    expect(clean.isWellFormed()).toBe(true);
  });

  test('reaches every string of an answer, however deep, and bounds the depth', () => {
    const clean = JSON.stringify(scrubDeep({ [`name ${KEY}`]: [{ a: `https://x.example/?sig=1 ${KEY}` }] }, KEY));
    expect(clean).toBe('{"name [key]":[{"a":"https://x.example/ [key]"}]}');
    const deep: unknown = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
    expect(JSON.stringify(scrubDeep(deep, KEY))).toBe(`${'['.repeat(12)}"…"${']'.repeat(12)}`);
  });

  test('never lets the key through, wherever it stands', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(scrub(before + KEY + after, KEY)).not.toContain(KEY);
      }),
    );
  });
});
