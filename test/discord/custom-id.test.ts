import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCustomId, toCustomId, VERBS } from '../../src/discord/custom-id.ts';
import { LONGEST_CUSTOM_ID } from '../../src/discord/platform.ts';

const renderIds = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);

test('verb and render id come back as they were, within the platform’s length', () => {
  fc.assert(
    fc.property(fc.constantFrom(...VERBS), renderIds, (verb, renderId) => {
      const text = toCustomId({ verb, renderId });
      expect(text.length).toBeLessThanOrEqual(LONGEST_CUSTOM_ID);
      expect(parseCustomId(text)).toEqual({ verb, renderId });
    }),
  );
});

test('a foreign id is not one of ours', () => {
  fc.assert(fc.property(fc.string(), text => parseCustomId(text) === undefined || text.startsWith('hallo:')));
  for (const text of [
    '',
    'hallo',
    'hallo:cancel',
    'hallo:cancel:',
    'hallo:steal:r1',
    'other:cancel:r1',
    'hallo:cancel:r1:x',
    'hallo:cancel:r 1',
  ]) {
    expect(parseCustomId(text)).toBeUndefined();
  }
});
