import { expect, test } from 'vitest';
import { arm, hallo, messages, newest, openChannel, pick, typeCommand } from './chat.ts';
import type { House } from './house.ts';

/** What the bot asks before a first video, and what moderators do about a declined one. */
export function moderationCases(house: () => House): void {
  test('before a first video the bot asks for consent; an incomplete one is kept until it is whole', async () => {
    const page = await house().open('Otto');
    await arm(page, 'Ends at once');
    const form = await typeCommand(page, '/hallo');
    await pick(form, house());
    await form.getByRole('button', { name: 'Send', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Before your video' });
    await dialog.getByRole('checkbox').first().check();
    await dialog.getByRole('button', { name: 'Submit' }).click();
    const missing = newest(page);
    await missing.getByText('Not confirmed yet').waitFor();
    await missing.getByRole('button', { name: 'Open the form' }).click();
    await dialog.waitFor();
    for (const tick of await dialog.getByRole('checkbox').all()) await tick.check();
    await dialog.getByRole('button', { name: 'Submit' }).click();
    await newest(page).locator('video').or(newest(page).getByText('your video is ready')).first().waitFor();
    await page.context().close();
  });

  test('a declined portrait is a card in the channel that the administrator chose; a moderator warns, the member learns of it', async () => {
    const [otto, mia, ada] = await Promise.all([house().open('Otto'), house().open('Mia'), house().open('Ada')]);
    const form = await typeCommand(otto, '/hallo-settings moderation');
    await form.getByRole('button', { name: 'Send', exact: true }).click();
    const dialog = otto.getByRole('dialog');
    await dialog.getByRole('combobox').first().click();
    await dialog.getByRole('option', { name: '#moderators' }).click();
    await dialog.getByRole('button', { name: 'Submit' }).click();
    await newest(otto).getByText('Channel for moderators').waitFor();

    expect(await ada.getByRole('button', { name: 'moderators' }).count()).toBe(0);
    await arm(ada, 'Fails', { "The provider's text": 'CelebrityDetectedError' });
    const declined = await hallo(ada);
    await declined.getByText('No video this time').waitFor();
    await openChannel(mia, 'Portrait Club', 'moderators');
    const card = messages(mia).filter({ hasText: 'Declined by the safety filter' });
    await card.getByText('CelebrityDetectedError').waitFor();
    await card.getByRole('button', { name: 'Warn' }).click();
    await card.getByText('Warned by @Mia').waitFor();

    const told = await hallo(ada);
    await told.getByText('A moderator has warned you').waitFor();
    await told.getByText('Only you can see this').waitFor();
    await Promise.all([otto, mia, ada].map(page => page.context().close()));
  });
}
