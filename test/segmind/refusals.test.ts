import { describe, expect, test } from 'vitest';
import { SegmindError } from '../../src/segmind/index.ts';
import { type Answer, clientOf, KEY, rejection, startFake } from './fake-server.ts';

/** What a call that costs nothing ends in if the server always answers this. */
async function creditsAgainst(answer: Answer, retries = 0) {
  const fake = await startFake(() => answer);
  const error = await rejection(clientOf(fake.url, { retry: { retries } }).accounts.credits());
  if (!(error instanceof SegmindError)) throw error;
  return { error, requests: fake.seen.length };
}

describe('each status becomes a kind', () => {
  test.each([
    [400, { error: 'bad request' }, 'invalid'],
    [401, { error: 'invalid_key', error_description: 'no such key', status_code: 401 }, 'key'],
    [402, { error: 'Insufficient credits' }, 'credits'],
    [403, { error: 'not allowed' }, 'forbidden'],
    [404, { error: 'Request r-1 not found' }, 'notFound'],
    [406, { error: 'not enough Credits left' }, 'credits'],
    [406, { message: 'your balance is too low' }, 'credits'],
    [406, { detail: 'monthly spend reached' }, 'credits'],
    [406, { error: 'content type not acceptable' }, 'invalid'],
    [409, { error: 'conflict' }, 'invalid'],
    [410, { error: 'model retired' }, 'gone'],
    [413, { error: 'too large' }, 'invalid'],
    [415, { error: 'json please' }, 'invalid'],
    [422, { error: 'no status here' }, 'invalid'],
    [429, { error: 'slow down' }, 'rateLimited'],
    [500, { error: 'oops' }, 'server'],
    [502, { message: 'bad gateway' }, 'server'],
    [503, { error: 'busy' }, 'server'],
    [504, { message: 'timed out' }, 'server'],
  ])('%i %j is %s', async (status, json, kind) => {
    const { error } = await creditsAgainst({ status, json });
    expect(error).toMatchObject({ kind, status });
    expect(error.detail).toContain(Object.values(json)[0]);
    expect(error.message).toContain(`${kind} (HTTP ${status})`);
  });

  test('405 answers a page, whose text is the detail', async () => {
    const { error } = await creditsAgainst({ status: 405, text: '<html><h1>Method Not Allowed</h1></html>' });
    expect(error).toMatchObject({ kind: 'invalid', status: 405, detail: 'Method Not Allowed' });
  });

  test('an empty refusal has a detail all the same', async () => {
    expect((await creditsAgainst({ status: 403 })).error.detail).toBe('HTTP 403 without a text');
  });
});

describe('an error tells no secret', () => {
  test('neither the key nor the query of a URL that the server echoes', async () => {
    const json = { error: `key ${KEY} may not read https://cdn.example/a.mp4?Signature=s3cret` };
    const { error } = await creditsAgainst({ status: 403, json });
    expect(error.detail).toBe('key [key] may not read https://cdn.example/a.mp4');
    expect(JSON.stringify(error) + error.stack).not.toMatch(/s3cret|SG_0/);
  });

  test('a gigantic text is bounded', async () => {
    const { error } = await creditsAgainst({ status: 400, json: { error: 'x'.repeat(500_000) } });
    expect(error.detail.length).toBe(2_000);
  });
});

describe('calls that cost nothing are repeated', () => {
  test.each([429, 500, 502, 503, 504])('after %i, as often as configured', async status => {
    expect((await creditsAgainst({ status, json: { error: 'x' } }, 3)).requests).toBe(4);
  });

  test.each([400, 401, 402, 403, 404, 406, 410, 422])('never after %i', async status => {
    expect((await creditsAgainst({ status, json: { error: 'x' } }, 3)).requests).toBe(1);
  });

  test.each(['<html>a proxy speaks</html>', '', '{"credits":', '[]', '"text"', '{"credits":"many"}'])(
    'after the unreadable %j',
    async text => {
      const { error, requests } = await creditsAgainst({ text }, 2);
      expect(error).toMatchObject({ kind: 'badAnswer', status: 200 });
      expect(requests).toBe(3);
    },
  );

  test('a redirect is followed nowhere, so the key stays here', async () => {
    const other = await startFake(() => ({ json: { credits: 1 } }));
    const { error, requests } = await creditsAgainst({ status: 307, headers: { location: other.url } }, 3);
    expect(error).toMatchObject({ kind: 'badAnswer', status: 307 });
    expect([requests, other.seen.length]).toEqual([1, 0]);
  });
});
