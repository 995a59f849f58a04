import { afterAll, expect, test } from 'vitest';
import { createRounds } from './round.ts';

const rounds = createRounds('embedded');
const onPostgres = createRounds('postgres');
afterAll(() => Promise.all([rounds.close(), onPostgres.close()]));

// A slice of `npm run crash`: the bot dies before it has written that its order was taken, and before it takes a refused message away.
test.each([2519, 1621])(
  'round %i: every render ends once, is paid once, and nothing is left behind',
  { timeout: 170_000 },
  async seed => {
    const { wrong, plan } = await rounds.play(seed);
    expect(wrong, JSON.stringify(plan)).toEqual([]);
  },
);

test('on Postgres, a gateway and two workers: the same holds with connections cut', { timeout: 170_000 }, async () => {
  const { wrong, plan } = await onPostgres.play(5);
  expect(wrong, JSON.stringify(plan)).toEqual([]);
});
