import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bounds, type Policy, policySchema, within } from '../../src/core/policy.ts';
import { placed, policyFile, readPolicyFile } from '../../src/core/policy-file.ts';
import { NO_BOUNDS, OPEN_POLICY } from '../support/requests.ts';

const BOUNDS: Bounds = {
  ...NO_BOUNDS,
  perHour: { min: 0, max: 100, whole: true },
  usdPerMonth: { min: 0, max: 50, whole: false },
};
const HERE = { guildId: '17', policy: within(OPEN_POLICY, BOUNDS), bounds: BOUNDS, languages: ['de', 'en'] };
const read = (text: string) => readPolicyFile(text, HERE);
const ofSettings = (settings: unknown, more: object = {}) =>
  read(JSON.stringify({ hallo: 'settings', version: 1, server: '17', settings, ...more }));

const FULL: Policy = {
  ...within(OPEN_POLICY, BOUNDS),
  ...{ enabled: false, atOnce: 7, usdPerMonth: 12.5, language: 'de', faceCheck: 'warn', blockedDetailsTo: 'moderators' },
  ...{ allowedRoles: ['1', '2'], deniedChannels: ['3'], moderationChannelId: '4' },
  weights: { ...OPEN_POLICY.weights, lipWeight: 3 },
};

test('what is exported is imported again, word for word', () => {
  expect(read(policyFile('17', FULL))).toEqual({ ok: true, change: FULL, elsewhere: false });
  expect(read(`\uFEFF${policyFile('17', FULL)}`)).toMatchObject({ ok: true });
});

test('a file of another server brings everything but what names its roles and channels', () => {
  const { allowedRoles, deniedRoles, allowedChannels, deniedChannels, moderationChannelId, ...others } = FULL;
  expect(read(policyFile('18', FULL))).toEqual({ ok: true, change: others, elsewhere: true });
});

test('what a file leaves out stays as it is, of the weights too', () => {
  expect(ofSettings({ ping: false, weights: { lipWeight: 2 } })).toEqual({
    ...{ ok: true, elsewhere: false },
    change: { ping: false, weights: { ...OPEN_POLICY.weights, lipWeight: 2 } },
  });
  expect(ofSettings({}, { server: undefined })).toEqual({ ok: true, change: {}, elsewhere: false });
});

describe('nothing is taken of a file in which anything is wrong, and it is named', () => {
  const problemsOf = (answer: ReturnType<typeof read>) => (answer.ok ? [] : answer.problems);

  test.each(['', 'perHour=7', '{"hallo":"settings"', '\u0000'])('no JSON: %j', text => {
    expect(problemsOf(read(text))).toEqual([{ kind: 'not-json' }]);
  });

  test.each(['null', '7', '[]', '{}', '{"settings":{}}', '{"hallo":"settings","version":1}'])('another file: %s', text => {
    expect(problemsOf(read(text))).toEqual([{ kind: 'other-file' }]);
  });

  test('another version, whatever else is in it', () => {
    expect(problemsOf(ofSettings({ futureSetting: 1 }, { version: 2 }))).toEqual([{ kind: 'other-version', given: '2' }]);
    expect(problemsOf(ofSettings({}, { version: [] }))).toEqual([{ kind: 'other-version', given: '[…]' }]);
  });

  test('unknown keys, beside the settings, among them and among the weights', () => {
    const given = JSON.parse('{"per_hour":1,"__proto__":{"enabled":true},"weights":{"eyes":1}}');
    expect(problemsOf(ofSettings(given, { extra: 1 }))).toEqual(
      ['extra', 'per_hour', '__proto__', 'weights.eyes'].map(key => ({ kind: 'unknown-key', key })),
    );
  });

  test.each([
    ['perHour', 101, { kind: 'number', range: BOUNDS.perHour }],
    ['perHour', 1.5, { kind: 'number', range: BOUNDS.perHour }],
    ['perHour', '7', { kind: 'number', range: BOUNDS.perHour }],
    ['usdPerMonth', 50.01, { kind: 'number', range: BOUNDS.usdPerMonth }],
    ['enabled', 'true', { kind: 'one-of', values: ['true', 'false'] }],
    ['language', 'xx', { kind: 'one-of', values: ['de', 'en', 'null'] }],
    ['faceCheck', 'lax', { kind: 'one-of', values: ['strict', 'warn', 'off'] }],
    ['detailsTo', null, { kind: 'one-of', values: ['everyone', 'requester', 'moderators'] }],
    ['allowedRoles', ['@everyone'], { kind: 'ids' }],
    ['allowedRoles', Array.from({ length: 26 }, (_, at) => `${at}`), { kind: 'ids' }],
    ['moderationChannelId', 4, { kind: 'id' }],
    ['weights', [1, 2], { kind: 'group' }],
  ])('%s: %j', (key, value, right) => {
    const problems = problemsOf(ofSettings({ ping: false, [key]: value }));
    expect(problems).toEqual([{ kind: 'wrong-value', key, given: expect.any(String), right }]);
  });

  test('a weight out of its range', () => {
    const problems = problemsOf(ofSettings({ weights: { lipWeight: 11 } }));
    const right = { kind: 'number', range: { min: 0, max: 10, default: 1.2, whole: false } };
    expect(problems).toEqual([{ kind: 'wrong-value', key: 'weights.lipWeight', given: '11', right }]);
  });
});

test('whatever a file holds, it has problems, or its change makes a policy within the bounds', () => {
  const key = fc.oneof(fc.constantFrom(...Object.keys(policySchema.shape)), fc.string());
  const settings = fc.dictionary(key, fc.oneof(fc.jsonValue(), fc.integer(), fc.boolean(), fc.constantFrom('de', 'warn')));
  const file = fc.oneof(
    fc.string(),
    fc.json(),
    settings.map(given => JSON.stringify({ hallo: 'settings', version: 1, settings: given })),
  );
  fc.assert(
    fc.property(file, text => {
      const answer = read(text);
      expect(answer.ok || answer.problems.length > 0).toBe(true);
      const after = policySchema.parse({ ...HERE.policy, ...(answer.ok && answer.change) });
      expect(within(after, BOUNDS)).toEqual(after);
    }),
  );
});

describe('roles and channels that are not there', () => {
  const knows = (_: string, id: string) => Number(id) < 10;

  test('are left out, each id that is there comes once', () => {
    const { change, leftOut } = placed({ ping: false, deniedRoles: ['1', '77', '1', '2'], allowedRoles: ['3', '3'] }, knows);
    expect(change).toEqual({ ping: false, deniedRoles: ['1', '2'], allowedRoles: ['3'] });
    expect(leftOut).toEqual(['deniedRoles']);
  });

  test('leave a list as it is rather than empty it, for an empty one lets everybody in', () => {
    expect(placed({ allowedRoles: ['77'], moderationChannelId: '78' }, knows)).toEqual({
      change: {},
      leftOut: ['allowedRoles', 'moderationChannelId'],
    });
  });

  test('a list that is empty in the file is emptied', () => {
    expect(placed({ allowedRoles: [], moderationChannelId: null }, knows)).toEqual({
      change: { allowedRoles: [], moderationChannelId: null },
      leftOut: [],
    });
  });
});
