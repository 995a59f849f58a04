import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { arm, clearOrders, hallo, messages, newest, openTab, order, ordersMet } from './chat.ts';
import { become, type House, startHouse } from './house.ts';

// Each switch of the panel, and what members see of it: in one page, since nothing of it is in the way of the next.

vi.setConfig({ testTimeout: 180_000 });

let house: House;
let page: Page;
beforeAll(async () => {
  house = await startHouse();
  page = await house.open('Ada');
}, 120_000);
beforeEach(() => openTab(page, 'Switches'));
afterAll(() => house?.stop(), 30_000);

test('what goes wrong at the provider is told in the message that asked', async () => {
  await arm(page, 'Fails', { "The provider's text": 'Request Moderated' });
  const blocked = await hallo(page);
  await arm(page, 'Cut the connection after the submit');
  const lost = await hallo(page);
  await arm(page, 'Answer an error code', { Call: 'submit', Code: '406' });
  // What is wrong with the files concerns nobody else: the answer goes, and a private one comes.
  const refused = await hallo(page);
  await Promise.all([
    blocked.getByText('safety filter').waitFor(),
    lost.getByText('nobody can tell whether the order arrived').waitFor(),
    refused.waitFor({ state: 'detached' }),
    messages(page).filter({ hasText: 'Parameter value was refused' }).getByText('Only you can see this').waitFor(),
  ]);
});

test('a provider that answers late, sends no video, or restarts', async () => {
  await become(page, 'Ben');
  await arm(page, ['Ends at once', 'Answer the next status 5 s late']);
  const late = await hallo(page);
  await arm(page, ['Ends at once', 'Send something that is no video']);
  const broken = await hallo(page);
  await Promise.all([broken.getByText('could not make the video').waitFor(), late.locator('video').waitFor()]);
  await arm(page, 'Ends at once');
  await order(page, 'Restart the provider');
  const restarted = await hallo(page);
  await restarted.locator('video').waitFor();
});

test("429, 500, 413 and a cut gateway of Discord's don't keep the video from its member", async () => {
  await become(page, 'Mia');
  await arm(page, ['Ends at once', '413 for the next file']);
  await order(page, "Cut the bot's gateway connection");
  await page.getByText('Bot is connected').waitFor();
  const linked = await hallo(page);
  await linked.getByText('could not be attached here').waitFor();
  await arm(page, 'Ends at once');
  const delayed = await hallo(page);
  // Each meets the next request, so one after the other.
  for (const label of ['429 for the next request', '500 for the next request']) {
    await order(page, label);
    await ordersMet(page);
  }
  await delayed.locator('video').waitFor();
  const requests = await openTab(page, 'Requests');
  for (const status of ['429', '500', '413']) await requests.getByText(status, { exact: true }).first().waitFor();
  const provider = await openTab(page, 'Provider');
  await provider.getByText('COMPLETED').first().waitFor();
});

test('after 15 minutes, and after an hour, the message is still brought to its end', async () => {
  await become(page, 'Otto');
  await arm(page, 'Never ends');
  const answer = await hallo(page);
  await ordersMet(page);
  // The answer's token has died after the first; after the second the message is an old one.
  for (const label of ['15 minutes later', 'An hour later']) await order(page, label);
  await clearOrders(page);
  await answer.getByText('No video this time').waitFor();
  await page.getByText("Discord's clock is 75 min ahead.").waitFor();
});

test('a message that was deleted stays deleted', async () => {
  await become(page, 'Ada');
  await arm(page, 'Never ends');
  const answer = await hallo(page);
  await ordersMet(page);
  const before = await messages(page).count();
  await order(page, "Delete the bot's newest message");
  await answer.waitFor({ state: 'detached' });
  await clearOrders(page);
  await providerIsDone(page);
  expect(await messages(page).count()).toBe(before - 1);
});

test('a bot that is killed in mid-render does not answer, and started again it brings the video', async () => {
  await become(page, 'Ada');
  await arm(page, 'Takes a minute longer');
  const answer = await hallo(page, house);
  await ordersMet(page);
  await order(page, 'Kill the bot');
  await page.getByText('Bot is stopped').waitFor();
  await answer.getByRole('button', { name: /^Cancel/ }).click();
  await answer.locator('button[aria-busy=true]').waitFor();
  house.sandbox.discord.clock.advance(3_100);
  await answer.getByText('This interaction failed').waitFor();
  await order(page, 'Start the bot');
  await page.getByText('Bot is connected').waitFor();
  await clearOrders(page);
  await answer.locator('video').waitFor();
  await newest(page).getByText('your video is ready').waitFor();
});

test('the page asked no other host for anything, and had no error', () => {
  expect(house.troubles).toEqual([]);
});

/** Resolves once nothing is rendered any more. */
async function providerIsDone(page: Page): Promise<void> {
  const provider = await openTab(page, 'Provider');
  await provider.getByText('FAILED').first().waitFor();
  await provider.getByText('PROCESSING').waitFor({ state: 'detached' });
}
