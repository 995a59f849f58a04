import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_WEIGHTS, WEIGHT_NAMES } from '../../src/core/weights.ts';
import { madeOf } from '../../src/media/made-of.ts';

const request = { guildId: 'g1', memberId: 'm1', weights: DEFAULT_WEIGHTS };
const made = { portraitSha256: 'p', voiceSha256: 'v', renderer: 'https://api.example/ hallo' };

test('the same wish has the same hash, and any other one has another', () => {
  const weights = WEIGHT_NAMES.map(name => madeOf({ ...request, weights: { ...DEFAULT_WEIGHTS, [name]: 5 } }, made));
  const others = [
    ...weights,
    madeOf({ ...request, guildId: 'g2' }, made),
    madeOf({ ...request, memberId: 'm2' }, made),
    madeOf(request, { ...made, portraitSha256: 'q' }),
    madeOf(request, { ...made, voiceSha256: 'w' }),
    madeOf(request, { ...made, portraitSha256: 'v', voiceSha256: 'p' }),
    madeOf(request, { ...made, renderer: 'https://other.example/ hallo' }),
  ];
  const all = [madeOf(request, made), ...others];
  expect(new Set(all).size).toBe(all.length);
  for (const each of all) expect(each).toMatch(/^[0-9a-f]{64}$/);
  expect(madeOf({ ...request, weights: { ...DEFAULT_WEIGHTS } }, { ...made })).toBe(all[0]);
});

test('no value reaches into its neighbour', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string({ minLength: 1 }), (guildId, memberId, moved) => {
      const one = madeOf({ ...request, guildId: guildId + moved, memberId }, made);
      return one !== madeOf({ ...request, guildId, memberId: moved + memberId }, made);
    }),
  );
});
