import { Registry } from 'prom-client';
import { afterEach, expect, test } from 'vitest';
import type { Render } from '../../src/core/render.ts';
import { createScrub } from '../../src/telemetry/log.ts';
import { type OperatorServer, startOperatorServer } from '../../src/telemetry/operator-server.ts';
import type { Status } from '../../src/telemetry/status.ts';
import { statusPage } from '../../src/telemetry/status-page.ts';
import { aRender } from '../discord/support.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2026, 5, 1, 12, 30);
const scrub = createScrub(['the-key']);

function aStatus(change: Partial<Status> = {}): Status {
  return {
    nowMs: NOW_MS,
    upSinceMs: NOW_MS - HOUR_MS,
    role: 'all',
    missing: undefined,
    totals: {
      phases: { preparing: 1, waiting: 2, submitting: 0, rendering: 3, announcing: 0, closed: 9 },
      bookedTodayUsd: 1.26,
      bookedMonthUsd: 8.4,
    },
    hours: [],
    failures: [],
    provider: { pausedFor: undefined, callsLeft: 41.7 },
    ...change,
  };
}

const failure = (detail: string): Render =>
  aRender({ outcome: { kind: 'failed', reason: 'provider', detail, problem: null, charged: 'no' }, closedAtMs: NOW_MS - 60_000 });

test('shows renders by phase, money and calls left, and that all is well', () => {
  const page = statusPage(aStatus(), scrub);
  expect(page).toContain('Connected; the provider takes work.');
  expect(page).toContain('<dt>waiting</dt><dd>2</dd>');
  expect(page).toContain('<dt>booked today</dt><dd>1.26 US$</dd>');
  expect(page).toContain('<dt>calls left this minute</dt><dd>41</dd>');
  expect(page).toContain('None in the last day.');
});

test.each([
  [{ missing: 'the connection to Discord' }, 'Not ready: the connection to Discord is missing.'],
  [{ provider: { pausedFor: 'credits', callsLeft: 1 } } as const, 'Submits pause: the provider’s account has no credits left.'],
  [{ provider: { pausedFor: 'key', callsLeft: 1 } } as const, 'Submits pause: the provider refuses the key.'],
])('says what is wrong: %o', (change, sentence) => {
  expect(statusPage(aStatus(change), scrub)).toContain(sentence);
});

test('a provider’s text is text, bounded, and without secrets', () => {
  const page = statusPage(
    aStatus({
      failures: [
        failure('<script>alert(1)</script> "the-key" https://cdn.example/a.mp4?X-Signature=s3cret'),
        failure('x'.repeat(5_000)),
        failure(`${'y'.repeat(195)} the-key`),
      ],
    }),
    scrub,
  );
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).not.toMatch(/<script|the-key|s3cret|X-Signature|the-/);
  expect(page).not.toContain('x'.repeat(201));
});

test('the chart stacks each hour’s endings, and leaves out what is older than a day', () => {
  const hourMs = Math.floor(NOW_MS / HOUR_MS) * HOUR_MS;
  const page = statusPage(
    aStatus({
      hours: [
        { hourMs, outcome: 'video', count: 3 },
        { hourMs, outcome: 'failed', count: 1 },
        { hourMs: hourMs - 2 * HOUR_MS, outcome: 'cancelled', count: 2 },
        { hourMs: hourMs - 24 * HOUR_MS, outcome: 'video', count: 50 },
      ],
    }),
    scrub,
  );
  expect(page).toContain('3 videos, 1 failed, 2 cancelled; at most 4 in an hour');
  const bars = [...page.matchAll(/<rect class="(\w+)" x="(\d+)" y="([\d.]+)" width="\d+" height="([\d.]+)"/g)];
  expect(bars.map(([, outcome, x, y, height]) => [outcome, x, y, height])).toEqual([
    ['cancelled', '588', '68.0', '52.0'],
    ['video', '644', '42.0', '78.0'],
    ['failed', '644', '16.0', '26.0'],
  ]);
});

let server: OperatorServer | undefined;
afterEach(() => server?.close());

test('the page comes at / under a policy that allows nothing but its own style', async () => {
  server = await startOperatorServer({
    ...{ host: '127.0.0.1', port: 0, registry: new Registry(), scrub, notReady: () => undefined },
    costs: async () => ({}),
    status: async () => aStatus(),
  });
  const answer = await fetch(server.url);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /);
  expect(await answer.text()).toBe(statusPage(aStatus(), scrub));
});
