import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { accessCases } from './access-cases.ts';
import { type House, startHouse } from './house.ts';
import { moderationCases } from './moderation-cases.ts';
import { renderCases } from './render-cases.ts';

// A browser, a bot and a server want two cores; on a busy machine all of it takes longer.
vi.setConfig({ testTimeout: 180_000 });

let house: House;
beforeAll(async () => {
  house = await startHouse();
}, 120_000);
afterAll(() => house?.stop(), 30_000);

describe('consent and moderators', () => moderationCases(() => house));
describe('a render on the page', () => renderCases(() => house));
describe('access for everyone', () => accessCases(() => house));

test('no page asked another host for anything, and none had an error', () => {
  expect(house.troubles).toEqual([]);
});
