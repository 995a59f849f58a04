import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCustomId, toCustomId, VERBS, type Verb } from '../../src/discord/custom-id.ts';
import { LONGEST_CUSTOM_ID } from '../../src/discord/platform.ts';

const renderIds = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);

test('verb and render id come back as they were, within the platform’s length', () => {
  const verbs = fc.constantFrom('cancel', 'cancel-paid', 'again', 'delete');
  fc.assert(
    fc.property(verbs, renderIds, (verb, renderId) => {
      const text = toCustomId(verb, renderId);
      expect(text.length).toBeLessThanOrEqual(LONGEST_CUSTOM_ID);
      expect(parseCustomId(text)).toEqual({ verb, args: [renderId] });
    }),
  );
});

test('whatever follows a verb is read as its arguments, or not at all', () => {
  const verbs = fc.constantFrom(...(Object.keys(VERBS) as Verb[]));
  const args = fc.array(fc.oneof(fc.string(), renderIds, fc.constantFrom('', '__proto__', '0')), { maxLength: 5 });
  fc.assert(
    fc.property(verbs, args, (verb, given) => {
      const text = ['hallo', verb, ...given].join(':');
      const parsed = parseCustomId(text);
      if (parsed !== undefined) expect(['hallo', parsed.verb, ...parsed.args].join(':')).toBe(text);
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
    'hallo:constructor:r1',
    'other:cancel:r1',
    'hallo:cancel:r1:x',
    'hallo:cancel:r 1',
    `hallo:cancel:${'r'.repeat(90)}`,
  ]) {
    expect(parseCustomId(text)).toBeUndefined();
  }
});
