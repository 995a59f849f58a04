import { describe, expect, test } from 'vitest';
import { createCaller } from '../../src/segmind/caller.ts';
import { DEFAULT_RETRY } from '../../src/segmind/retry.ts';
import { whenStarted } from '../../src/segmind/started.ts';
import type { Call } from '../../src/segmind/transport.ts';
import { KEY, leapingClock, rejection } from './fake-server.ts';

describe('the key', () => {
  const sent: Call[] = [];
  const caller = createCaller({
    transport: {
      async send(call) {
        sent.push(call);
        return { outcome: 'answered', status: 200, headers: {}, body: Buffer.from('{}') };
      },
      close: async () => {},
    },
    baseUrl: new URL('https://api.example'),
    uploadUrl: new URL('https://upload.example/asset'),
    key: KEY,
    clock: leapingClock(),
    random: () => 0,
    retry: DEFAULT_RETRY,
    maxAnswerBytes: 1_000,
  });
  const ask = (url: string) => caller.ask({ method: 'GET', url: new URL(url) }, answer => answer.status);

  test('goes to the base URL and the upload URL', async () => {
    await ask('https://api.example/any/path');
    await ask('https://upload.example/asset');
    expect(sent.splice(0).map(call => call.headers['x-api-key'])).toEqual([KEY, KEY]);
  });

  test.each([
    'http://api.example/',
    'https://api.example:8443/',
    'https://api.example.evil.example/',
    'https://upload.example/other',
  ])('is not sent to %s, and neither is the call', async url => {
    expect(await rejection(ask(url))).toMatchObject({ kind: 'badAnswer' });
    expect(sent).toEqual([]);
  });
});

test('a request that its connection would write a second time is stopped before that', () => {
  let starts = 0;
  const forwarded: string[] = [];
  const dispatch = whenStarted(() => starts++)((_options, handler) => {
    const controller = {
      aborted: false,
      paused: false,
      reason: null,
      rawHeaders: null,
      rawTrailers: null,
      abort() {},
      pause() {},
      resume() {},
    };
    handler.onRequestStart?.(controller, null);
    handler.onRequestStart?.(controller, null);
    return true;
  });
  const again = () => dispatch({ path: '/', method: 'POST' }, { onRequestStart: () => forwarded.push('start') });
  expect(again).toThrow('written once');
  expect([starts, forwarded]).toEqual([1, ['start']]);
});
