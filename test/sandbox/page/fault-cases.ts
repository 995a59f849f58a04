import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { arm, clearOrders, hallo, messages, newest, order, ordersMet, sendAnd, typeCommand } from './chat.ts';
import type { House } from './house.ts';

/** Each switch of the panel, and what members see of it. */
export function faultCases(house: () => House): void {
  test('what goes wrong at the provider is told in the message that asked', async () => {
    const page = await house().open('Ada');
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
    await page.context().close();
  });

  test('a provider that answers late, restarts, or sends no video', async () => {
    const page = await house().open('Ben');
    await arm(page, ['Ends at once', 'Send something that is no video']);
    const broken = await hallo(page);
    await broken.getByText('could not make the video').waitFor();
    await arm(page, ['Ends at once', 'Answer the next status 5 s late']);
    const late = await hallo(page);
    await arm(page, 'Ends at once');
    await order(page, 'Restart the provider');
    const restarted = await hallo(page);
    await Promise.all([late.locator('video').waitFor(), restarted.locator('video').waitFor()]);
    await page.context().close();
  });

  test("429, 500, 413 and a cut gateway of Discord's don't keep the video from its member", async () => {
    const page = await house().open('Mia');
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
    await page.getByRole('tab', { name: 'Requests' }).click();
    const requests = page.getByRole('tabpanel');
    for (const status of ['429', '500', '413']) await requests.getByText(status, { exact: true }).first().waitFor();
    await page.getByRole('tab', { name: 'Provider' }).click();
    await requests.getByText('COMPLETED').first().waitFor();
    await page.context().close();
  });

  test('after 15 minutes, and after an hour, the message is still brought to its end', async () => {
    const page = await house().open('Otto');
    await arm(page, 'Never ends');
    const answer = await hallo(page);
    await answer.getByRole('button', { name: /charged all the same/ }).waitFor();
    // The answer's token has died after the first; after the second the message is an old one.
    for (const label of ['15 minutes later', 'An hour later']) await order(page, label);
    await clearOrders(page);
    await answer.getByText('No video this time').waitFor();
    await page.getByText("Discord's clock is 75 min ahead.").waitFor();
    await page.context().close();
  });

  test('a message that was deleted stays deleted', async () => {
    const page = await house().open('Ada');
    await arm(page, 'Never ends');
    const answer = await hallo(page);
    await answer.getByRole('button', { name: /charged all the same/ }).waitFor();
    const before = await messages(page).count();
    await order(page, "Delete the bot's newest message");
    await answer.waitFor({ state: 'detached' });
    await clearOrders(page);
    await providerIsDone(page);
    expect(await messages(page).count()).toBe(before - 1);
    await page.context().close();
  });

  test('a bot that is killed in mid-render does not answer, and started again it brings the video', async () => {
    const page = await house().open('Ada');
    await arm(page, 'Takes a minute longer');
    const form = await typeCommand(page, '/hallo');
    await form.getByLabel('image: choose a file').setInputFiles(house().portraitPath);
    await form.getByLabel('audio: choose a file').setInputFiles(house().voicePath);
    const answer = await sendAnd(page, form);
    await answer.getByRole('button', { name: /charged all the same/ }).waitFor();
    await order(page, 'Kill the bot');
    await page.getByText('Bot is stopped').waitFor();
    await answer.getByRole('button', { name: /^Cancel/ }).click();
    await answer.locator('button[aria-busy=true]').waitFor();
    house().sandbox.discord.clock.advance(3_100);
    await answer.getByText('This interaction failed').waitFor();
    await order(page, 'Start the bot');
    await page.getByText('Bot is connected').waitFor();
    await clearOrders(page);
    await answer.locator('video').waitFor();
    await newest(page).getByText('your video is ready').waitFor();
    await page.context().close();
  });
}

/** Resolves once nothing is rendered any more. */
async function providerIsDone(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Provider' }).click();
  await page.getByRole('tabpanel').getByText('FAILED').first().waitFor();
  await page.getByRole('tabpanel').getByText('PROCESSING').waitFor({ state: 'detached' });
}
