import { type Client, Events, type Interaction, MessageFlags } from 'discord.js';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Discord, startDiscord } from '../../../sandbox/discord/index.ts';
import { addPage } from '../../../sandbox/page/index.ts';
import { startBrowser, type TestBrowser } from '../../../sandbox/pictures/browser.ts';
import { connectClient, stopAll } from '../support.ts';
import { messages, newest, typeCommand } from './chat.ts';
import { everyComponent, fiveFields, galleryCommands } from './gallery.ts';
import { openPage } from './house.ts';

// Components that the bot itself may not use yet, shown by a small bot of the tests' own.

let discord: Discord;
let browser: TestBrowser;
let page: Page;
let client: Client<true>;
const troubles: string[] = [];

beforeAll(async () => {
  discord = await startDiscord();
  addPage({ discord });
  client = await connectClient(discord);
  await client.application.commands.set(galleryCommands);
  browser = await startBrowser();
  page = await openPage(browser.browser, discord.url, troubles);
});
beforeEach(async () => {
  await page.reload();
});
afterAll(async () => {
  await browser?.stop();
  await stopAll();
  await discord.close();
});

/** The next interaction that the small bot gets. */
const nextInteraction = () => new Promise<Interaction>(resolve => client.once(Events.InteractionCreate, resolve));

/** What has the keyboard's focus: its name, or else what kind of element it is. */
const focused = () =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.localName);

/** Uses the last message's own command. */
async function lookCloser() {
  const asked = nextInteraction();
  await page
    .locator('.message')
    .last()
    .getByRole('button', { name: /^More about/ })
    .click();
  await page.getByRole('menuitem', { name: 'Look closer' }).click();
  const menu = await asked;
  if (!menu.isMessageContextMenuCommand()) throw new Error('no menu command came');
  return menu;
}

test('every component of a message is shown, and what is chosen reaches the bot', async () => {
  const asked = nextInteraction();
  const form = await typeCommand(page, '/gallery show');
  await form.getByLabel('size').selectOption('Large');
  await form.getByRole('button', { name: 'Send', exact: true }).click();
  const command = await asked;
  if (!command.isChatInputCommand()) throw new Error('no command came');
  expect([command.options.getSubcommand(), command.options.getString('size')]).toEqual(['show', 'l']);
  await command.reply(everyComponent);

  const message = newest(page);
  await message.getByRole('heading', { name: 'A heading' }).waitFor();
  await message.getByRole('button', { name: 'Spoiler: show a picture' }).click();
  await message.getByRole('img', { name: 'a picture' }).waitFor();
  expect(await focused()).toBe('div');
  expect(await message.getByRole('link', { name: 'A link' }).getAttribute('href')).toBe('https://example.org/');

  const chosen = nextInteraction();
  await message.getByRole('combobox', { name: 'Pick two' }).click();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  const select = await chosen;
  if (!select.isStringSelectMenu()) throw new Error('no choice came');
  expect(select.values).toEqual(['a', 'b']);
  await select.deferUpdate();

  const named = nextInteraction();
  await message.getByRole('combobox', { name: 'Pick a member' }).click();
  await page.getByRole('option', { name: 'Ben' }).click();
  const user = await named;
  if (!user.isUserSelectMenu()) throw new Error('no member came');
  expect(user.users.first()?.username).toBe('ben');
  await user.deferUpdate();
});

test("a message's own commands stand in its menu; a dialogue takes every kind of field and gives the focus back", async () => {
  const menu = await lookCloser();
  await menu.showModal(fiveFields);

  const dialog = page.getByRole('dialog', { name: 'Five fields' });
  expect(await focused()).toBe('textarea');
  await dialog.getByLabel('Words').fill('more\nwords');
  await dialog.getByRole('radio', { name: 'Second' }).check();
  await dialog.getByRole('button', { name: 'Submit' }).click();
  await dialog.getByText('Some of them is required').waitFor();
  await dialog.getByRole('checkbox', { name: 'Left' }).check();
  await dialog.getByRole('checkbox', { name: 'I agree' }).check();
  await dialog
    .getByLabel('Proof: choose a file')
    .setInputFiles({ name: 'proof.txt', mimeType: 'text/plain', buffer: Buffer.from('yes') });
  const sent = nextInteraction();
  await dialog.getByRole('button', { name: 'Submit' }).click();
  const modal = await sent;
  if (!modal.isModalSubmit()) throw new Error('no dialogue came');
  const { fields } = modal;
  expect([fields.getTextInputValue('words'), fields.getRadioGroup('one')]).toEqual(['more\nwords', 'second']);
  expect([fields.getCheckboxGroup('some'), fields.getCheckbox('agree')]).toEqual([['left'], true]);
  expect(fields.getUploadedFiles('proof')?.first()?.name).toBe('proof.txt');
  await modal.reply({ content: 'Seen', flags: MessageFlags.Ephemeral });
  await dialog.waitFor({ state: 'detached' });
  await messages(page).last().getByText('Only you can see this').waitFor();
  await messages(page).last().getByRole('button', { name: 'Dismiss message' }).click();
  await page.getByText('Seen').waitFor({ state: 'detached' });
  expect(await focused()).toBe('Messages');
});

test("files that are picked, pasted and dropped go with an ordinary message, and a message's command sees them", async () => {
  const picked = ['a.png', 'b.png'].map(name => ({ name, mimeType: 'image/png', buffer: Buffer.from(name) }));
  await page.getByLabel('Files of the message').setInputFiles(picked);
  await page.getByRole('button', { name: 'Remove b.png' }).click();
  expect(await focused()).toBe('Message #general');
  await giveFile(page.locator('body'), 'paste', 'pasted.wav');
  await page.getByRole('button', { name: 'Remove pasted.wav' }).waitFor();
  await giveFile(page.locator('body'), 'drop', 'dropped.wav');
  await page.getByRole('button', { name: 'Remove dropped.wav' }).waitFor();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('button', { name: 'Remove a.png' }).waitFor({ state: 'detached' });

  const menu = await lookCloser();
  expect(menu.targetMessage.attachments.map(({ name, contentType }) => [name, contentType])).toEqual([
    ['a.png', 'image/png'],
    ['pasted.wav', 'audio/wav'],
    ['dropped.wav', 'audio/wav'],
  ]);
  await menu.reply({ content: 'Seen', flags: MessageFlags.Ephemeral });
  await newest(page).getByText('Only you can see this').waitFor();
});

test('what Discord refuses of an ordinary message is told in words, and the message is kept', async () => {
  const { guild } = discord.places;
  discord.world.setAttachmentSizeLimit(guild.id, 2);
  const file = { name: 'large.txt', mimeType: 'text/plain', buffer: Buffer.from('large') };
  await page.getByLabel('Files of the message').setInputFiles(file);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  expect(await page.getByRole('alert').textContent()).toBe('Discord refuses it: Request entity too large');
  discord.world.setAttachmentSizeLimit(guild.id, 1_000);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await newest(page).getByRole('link', { name: 'large.txt' }).waitFor();
});

test('a bot that does not answer is told of, where it was asked', async () => {
  const asked = nextInteraction();
  const form = await typeCommand(page, '/gallery show');
  await form.getByRole('button', { name: 'Send', exact: true }).click();
  await asked;
  discord.clock.advance(3_100);
  await page.getByText('The application did not respond').waitFor();
  await page.getByRole('button', { name: 'Dismiss message' }).last().click();
});

test('names and descriptions are in the language that the member chose', async () => {
  await page.getByLabel('Language').selectOption('de');
  await page.getByRole('combobox', { name: /^Message/ }).fill('/');
  await page.getByRole('listbox', { name: 'Commands' }).getByText('Zeigt alles').waitFor();
});

test('the microphone makes a voice', async () => {
  const form = await typeCommand(page, '/gallery hören');
  await form.getByRole('button', { name: 'stimme: record with the microphone' }).click();
  await form.getByText('Stop (1 s)').click();
  await form.getByText('voice.webm').waitFor();
  await form.getByRole('button', { name: 'Leave /gallery hören' }).click();
});

test('what is pasted and dropped finds the option that takes it', async () => {
  const form = await typeCommand(page, '/gallery hören');
  await form.waitFor();
  await giveFile(page.locator('body'), 'paste', 'pasted.wav');
  await form.getByText('pasted.wav').waitFor();
  await form.getByRole('button', { name: 'Remove pasted.wav' }).click();
  await giveFile(form.locator('.files'), 'drop', 'dropped.wav');
  await form.getByText('dropped.wav').waitFor();
});

test('the page asked no other host for anything, and had no error', () => {
  expect(troubles).toEqual([]);
});

/** Pastes a sound, or drops it, at a place of the page. */
function giveFile(place: Locator, how: 'paste' | 'drop', name: string): Promise<boolean> {
  return place.evaluate(
    (element, given) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['x'], given.name, { type: 'audio/wav' }));
      const common = { bubbles: true, cancelable: true };
      return element.dispatchEvent(
        given.how === 'paste'
          ? new ClipboardEvent('paste', { clipboardData: transfer, ...common })
          : new DragEvent('drop', { dataTransfer: transfer, ...common }),
      );
    },
    { how, name },
  );
}
