import { createHash } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { CONSENT_VERSION, createConsents } from '../../src/core/consents.ts';
import { en } from '../../src/discord/texts/languages/en.ts';
import { settingsInMemory } from '../support/settings-in-memory.ts';

let stored: Map<string, unknown>;
beforeEach(() => {
  stored = new Map();
});
const consents = (version?: number) => createConsents(settingsInMemory(stored), () => 1_000, version);

test('a consent is kept with its version and time, for its member alone, until it is forgotten', async () => {
  await consents(3).give('ada');
  expect(await consents(3).of('ada')).toEqual({ version: 3, atMs: 1_000 });
  expect([await consents(3).given('ada'), await consents(3).given('ben')]).toEqual([true, false]);
  await consents(3).forget('ada');
  expect(await consents(3).given('ada')).toBe(false);
});

test('a consent to another version does not hold, and is still told of', async () => {
  await consents(1).give('ada');
  expect(await consents(2).given('ada')).toBe(false);
  expect(await consents(2).of('ada')).toEqual({ version: 1, atMs: 1_000 });
});

test.each([[null], ['yes'], [1], [[]], [{}], [{ version: '1', atMs: 0 }], [{ version: 1 }]])(
  '%j in the store counts as never given',
  async value => {
    stored.set('consent:ada', value);
    expect(await consents().given('ada')).toBe(false);
  },
);

test('what members consent to is the text of this version: who changes its meaning counts the version up', () => {
  const text = JSON.stringify([en.form.consent, en.choice.consent]);
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
  expect([CONSENT_VERSION, digest]).toEqual([1, '8dd9a4179905']);
});
