import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeDataUrl } from '../../src/segmind/index.ts';
import { findBase64, findOutputUrl } from '../../src/segmind/output.ts';

const URL = 'https://cdn.example/out.mp4?sig=1';
const base64 = Buffer.from('not really an mp4 file, but bytes').toString('base64');

describe('the output of a completed answer', () => {
  test.each([
    ['a URL', { output: URL }],
    ['a list', { output: [URL] }],
    ['an object with url', { output: { url: URL } }],
    ['an object with video_url', { output: { video_url: URL } }],
    ['an object with video.url', { output: { video: { url: URL } } }],
    ['a list of objects', { output: [{ url: URL }] }],
    ['a top-level video.url', { video: { url: URL } }],
    ['a top-level video.url beside an empty output', { output: null, video: { url: URL } }],
  ])('%s', (_, body) => {
    expect(findOutputUrl({ status: 'COMPLETED', ...body })).toBe(URL);
  });

  test.each([
    ['base64', { output: base64 }],
    ['a data URL', { output: `data:video/mp4;base64,${base64}` }],
    ['base64 in a field', { output: { video: base64 } }],
  ])('%s becomes a data URL whose bytes can be read', (_, body) => {
    const found = findOutputUrl(body) ?? '';
    expect(decodeDataUrl(found)).toEqual({ bytes: Buffer.from(base64, 'base64'), mimeType: 'video/mp4' });
  });

  test.each([
    {},
    { output: null },
    { output: [] },
    { output: 'finished_successfully' },
    { output: 'ftp://x/y' },
    { output: 3 },
    [],
    null,
  ])('%j has none', body => {
    expect(findOutputUrl(body)).toBeNull();
  });

  test('is a URL or nothing for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const found = findOutputUrl({ output: value });
        expect(found === null || /^(https?|data):/.test(found)).toBe(true);
      }),
    );
  });
});

describe('base64 in any field', () => {
  test.each(['image', 'video', 'output', 'data', 'audio'])('%s', field => {
    expect(findBase64({ status: 'COMPLETED', [field]: base64 })?.bytes.toString('base64')).toBe(base64);
  });

  test('a field that nobody knows counts if it is long enough to be a file, the longest first', () => {
    const long = Buffer.alloc(600, 7).toString('base64');
    expect(findBase64({ id: 'deadbeefdeadbeefdeadbeefdeadbeef', result: { blob: long } })?.bytes).toEqual(Buffer.alloc(600, 7));
    expect(findBase64({ id: 'deadbeefdeadbeefdeadbeefdeadbeef' })).toBeNull();
  });

  test('bytes survive the way there and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 300 }), bytes => {
        expect(findBase64({ video: Buffer.from(bytes).toString('base64') })?.bytes).toEqual(Buffer.from(bytes));
      }),
    );
  });
});
