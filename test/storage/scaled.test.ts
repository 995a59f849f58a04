import { afterAll, beforeAll } from 'vitest';
import { ledgerContract } from './ledger-contract.ts';
import { moderationContract } from './moderation-contract.ts';
import { type House, losingAnswers, openHouse } from './scaled-house.ts';
import { storageContract } from './storage-contract.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

ledgerContract('Postgres', async () => ({
  open: (clock, owner) => house.ledger(clock, owner),
  clear: house.empty,
}));

ledgerContract('Postgres, with each first answer lost', async () => ({
  open: (clock, owner) => house.ledger(clock, owner, { around: losingAnswers }),
  clear: house.empty,
}));

storageContract('Postgres', async () => ({
  open: async (clock, owner) => {
    const answer = await house.storage(owner, { clock });
    if (answer.ok) house.forget(answer.storage);
    return answer;
  },
  clear: house.empty,
}));

moderationContract('Postgres', async () => ({ open: clock => house.moderation(clock), clear: house.empty }));
