import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  afterRefusal,
  type LadderFacts,
  openRungs,
  retryDelayMs,
  type SendingRung,
} from '../../../src/discord/announcer/ladder.ts';
import type { Refused } from '../../../src/discord/rest.ts';

const MINUTE_MS = 60_000;
const facts = fc.record<LadderFacts>({
  private: fc.boolean(),
  tokenAgeMs: fc.integer({ min: 0, max: 120 * MINUTE_MS }),
  hasMessage: fc.boolean(),
});
const lasting = fc.constantFrom<Refused>(
  { kind: 'gone' },
  { kind: 'unknown-webhook' },
  { kind: 'unknown-interaction' },
  { kind: 'already-acknowledged' },
  { kind: 'no-channel' },
  { kind: 'forbidden' },
  { kind: 'too-large' },
  { kind: 'too-old' },
  { kind: 'refused', status: 400, code: 50035 },
);

test('the whole ladder of a public render, from its top', () => {
  expect(openRungs({ private: false, tokenAgeMs: 0, hasMessage: true })).toEqual([
    ...['interaction', 'message', 'channel', 'direct', 'kept'],
  ]);
});

test('at 14 minutes the token is left alone', () => {
  const at = (tokenAgeMs: number) => openRungs({ private: false, tokenAgeMs, hasMessage: true })[0];
  expect(at(14 * MINUTE_MS - 1)).toBe('interaction');
  expect(at(14 * MINUTE_MS)).toBe('message');
});

test('a private render never comes to a rung that others see, whatever is refused', () => {
  fc.assert(
    fc.property(facts, fc.array(lasting, { minLength: 6, maxLength: 6 }), (given, refusals) => {
      for (const rung of way({ ...given, private: true }, refusals)) expect(['interaction', 'direct', 'kept']).toContain(rung);
    }),
  );
});

test('every way leads down, and ends', () => {
  fc.assert(
    fc.property(facts, fc.array(lasting, { minLength: 6, maxLength: 6 }), (given, refusals) => {
      const order = ['interaction', 'message', 'channel', 'direct', 'kept', 'none'];
      const visited = way(given, refusals).map(rung => order.indexOf(rung));
      expect(visited).toEqual([...visited].sort((one, other) => one - other));
      expect(new Set(visited).size).toBe(visited.length);
      expect(order.slice(4)).toContain(order[visited.at(-1) ?? 0]);
    }),
  );
});

test('a public message that is gone ends the way without another post', () => {
  const given = { private: false, tokenAgeMs: 0, hasMessage: true };
  expect(afterRefusal(given, 'interaction', { kind: 'gone' })).toEqual({ kind: 'none' });
  expect(afterRefusal(given, 'message', { kind: 'gone' })).toEqual({ kind: 'none' });
  expect(afterRefusal({ ...given, private: true }, 'interaction', { kind: 'gone' })).toEqual({ kind: 'go', rung: 'kept' });
});

test('a channel out of sight is not tried a second time', () => {
  const given = { private: false, tokenAgeMs: 20 * MINUTE_MS, hasMessage: true };
  expect(afterRefusal(given, 'message', { kind: 'no-channel' })).toEqual({ kind: 'go', rung: 'direct' });
});

test('out of reach, and a bot token that is refused, mean later on every rung', () => {
  const given = { private: false, tokenAgeMs: 0, hasMessage: true };
  for (const rung of ['interaction', 'message', 'channel', 'direct'] as const) {
    expect(afterRefusal(given, rung, { kind: 'unreachable', retryAfterMs: 7 })).toEqual({ kind: 'again', retryAfterMs: 7 });
  }
  expect(afterRefusal(given, 'message', { kind: 'token-dead' }).kind).toBe('again');
  expect(afterRefusal(given, 'interaction', { kind: 'token-dead' })).toEqual({ kind: 'go', rung: 'message' });
});

test('the wait grows with the attempts, to five minutes at most, and Discord’s own number counts', () => {
  fc.assert(
    fc.property(fc.nat(), attempts => {
      const delayMs = retryDelayMs(attempts, null);
      expect(delayMs).toBeGreaterThanOrEqual(5_000);
      expect(delayMs).toBeLessThanOrEqual(5 * MINUTE_MS);
      expect(retryDelayMs(attempts + 1, null)).toBeGreaterThanOrEqual(delayMs);
      expect(retryDelayMs(attempts, 10 * MINUTE_MS)).toBe(10 * MINUTE_MS);
    }),
  );
});

/** The rungs that are visited while each one refuses. */
function way(given: LadderFacts, refusals: readonly Refused[]): string[] {
  const visited: string[] = [];
  let rung = openRungs(given)[0] ?? 'kept';
  for (const refusal of refusals) {
    visited.push(rung);
    if (rung === 'kept') return visited;
    const next = afterRefusal(given, rung as SendingRung, refusal);
    if (next.kind !== 'go') return [...visited, 'none'];
    rung = next.rung;
  }
  return rung === 'kept' ? [...visited, rung] : [...visited, 'none'];
}
