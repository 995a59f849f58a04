/** On Postgres, too: a row that something else has damaged costs itself, never the other renders. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createManualClock } from '../support/manual-clock.ts';
import { anAdmission, aRequest } from '../support/requests.ts';
import { type House, openHouse } from './scaled-house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test.for([
  ['no JSON', '{"id":'],
  ['JSON of something else', '[1]'],
  ['a render without an id', '{}'],
])('a damaged row (%s) is set aside by the claim and told once; the others have their turn', async ([, data]) => {
  const unreadable: string[] = [];
  const ledger = await house.ledger(createManualClock(), 'one', { onUnreadable: id => void unreadable.push(id) });
  await house.empty();
  const waiting = async () => {
    const answer = await ledger.admit(aRequest(), anAdmission({ atOnce: 10 }));
    const moved = answer.ok && (await ledger.advance(answer.render.id, 'preparing', 'waiting', {}));
    if (!moved) throw new Error('not admitted');
    return moved;
  };
  const [first, second, third] = [await waiting(), await waiting(), await waiting()];
  await house.query('update hallo.renders set data = $1 where id = any ($2)', [data, [first.id, second.id]]);
  const other = await house.ledger(createManualClock(), 'two', { onUnreadable: id => void unreadable.push(id) });

  expect((await other.claimNext({ maxAtOnce: 10 })).render?.id).toBe(third.id);
  expect((await other.claimNext({ maxAtOnce: 10 })).render).toBeUndefined();
  expect(await other.get(first.id)).toBeUndefined();
  expect(await other.requestCancel(second.id)).toBeUndefined();
  expect(unreadable).toEqual([first.id, second.id]);
  expect((await other.totals()).phases.waiting).toBe(0);
});
