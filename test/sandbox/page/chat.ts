import type { Locator, Page } from 'playwright-core';

/** What somebody does on the page, as they see it. */

export const messages = (page: Page): Locator => page.getByRole('log').getByRole('article');

/** The newest message of the bot. */
export const newest = (page: Page): Locator => messages(page).last();

/** Types a command into the message box and takes the first one that fits. */
export async function typeCommand(page: Page, text: string): Promise<Locator> {
  const box = page.getByRole('combobox', { name: /^Message/ });
  await box.fill(text);
  await box.press('Enter');
  return page.getByRole('form', { name: text });
}

/** `/hallo` with files from the picker, or with the bundled ones; resolves when the bot has answered, with its message. */
export async function hallo(page: Page, files?: { portraitPath: string; voicePath: string }): Promise<Locator> {
  const form = await typeCommand(page, '/hallo');
  await (files ? pick(form, files) : useSamples(form));
  return sendAnd(page, form);
}

async function useSamples(form: Locator): Promise<void> {
  await form.getByRole('button', { name: 'Use the samples' }).click();
  await form.getByRole('button', { name: 'Remove portrait.jpg' }).waitFor();
  await form.getByRole('button', { name: 'Remove voice.wav' }).waitFor();
}

export async function pick(form: Locator, files: { portraitPath: string; voicePath: string }): Promise<void> {
  await form.getByLabel('image: choose a file').setInputFiles(files.portraitPath);
  await form.getByLabel('audio: choose a file').setInputFiles(files.voicePath);
}

/** Sends a command's form and agrees to what is asked first, if anything; the bot's answer. */
export async function sendAnd(page: Page, form: Locator): Promise<Locator> {
  // Not just the next message: that one's mention of an earlier render's end may come first.
  const answers = page.locator('.message').filter({ has: page.locator('.origin', { hasText: / used \// }) });
  const before = await answers.count();
  await form.getByRole('button', { name: 'Send', exact: true }).click();
  await form.waitFor({ state: 'detached' });
  const answer = answers.nth(before);
  const dialog = page.getByRole('dialog');
  await answer.or(dialog).first().waitFor();
  if (await dialog.isVisible()) {
    for (const tick of await dialog.getByRole('checkbox').all()) await tick.check();
    await dialog.getByRole('button', { name: 'Submit' }).click();
  }
  await answer.waitFor();
  const id = await answer.getAttribute('id');
  return page.locator(`[id="${id}"]`);
}

/** Opens a tab of the panel behind the scenes; what it shows. */
export async function openTab(page: Page, name: 'Switches' | 'Provider' | 'Requests'): Promise<Locator> {
  await page.getByRole('tab', { name }).click();
  return page.getByRole('tabpanel', { name });
}

/** Orders something to go wrong, by the switch's label. */
export async function order(page: Page, label: string, fields: Record<string, string> = {}): Promise<void> {
  const it = page.locator('form.switch', { has: page.getByRole('button', { name: label, exact: true }) });
  for (const [name, value] of Object.entries(fields)) {
    const field = it.getByLabel(name);
    const isList = (await field.evaluate(each => each.tagName)) === 'SELECT';
    await (isList ? field.selectOption(value) : field.fill(value));
  }
  await Promise.all([
    page.waitForResponse(response => response.url().endsWith('/page/order')),
    it.getByRole('button', { name: label, exact: true }).click(),
  ]);
}

/** Orders what waits until it meets something, once nothing else waits, and sees it wait. */
export async function arm(page: Page, labels: string | string[], fields: Record<string, string> = {}): Promise<void> {
  await ordersMet(page);
  for (const [index, label] of [labels].flat().entries()) {
    await order(page, label, fields);
    await page.getByRole('region', { name: 'Ordered' }).getByRole('listitem').nth(index).waitFor();
  }
}

/** Takes back what was ordered, and lets go what it holds up. */
export async function clearOrders(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Clear the orders' }).click();
}

/** Resolves once everything that was ordered has met what it was ordered for. */
export async function ordersMet(page: Page): Promise<void> {
  await page.getByText('Nothing is ordered to go wrong.').waitFor();
}

export async function openChannel(page: Page, server: string, channel: string): Promise<void> {
  await page.getByRole('region', { name: server }).getByRole('button', { name: channel }).click();
}
