import { expect, test } from 'vitest';
import { arm, clearOrders, hallo, messages, newest, pick, sendAnd, typeCommand } from './chat.ts';
import type { House } from './house.ts';
import { look, sound } from './playing.ts';

/** From `/` to the video that plays. */
export function renderCases(house: () => House): void {
  test('/hallo by keyboard, with files from the picker, shows its progress and ends in a video that plays with sound', async () => {
    const page = await house().open('Ada');
    const box = page.getByRole('combobox', { name: 'Message #general' });
    await box.fill('/');
    const offered = page.getByRole('listbox', { name: 'Commands' }).getByRole('option');
    expect(await offered.first().textContent()).toContain('Make a portrait speak');
    const form = await typeCommand(page, '/hallo');
    await pick(form, house());
    const answer = await sendAnd(page, form);
    expect(await answer.textContent()).toContain('Ada used /hallo');
    await answer.getByText(/Looking at the portrait|Rendering/).waitFor();
    await answer.getByRole('button', { name: /^Cancel/ }).waitFor();

    const video = answer.locator('video');
    await video.waitFor();
    expect(await answer.textContent()).toContain('AI-generated');
    const seen = await look(video);
    expect(seen).toMatchObject({ width: 512, height: 512, advanced: true, changes: true });
    expect(seen.contrast).toBeGreaterThan(20);
    const heard = await sound(video);
    expect(heard.seconds).toBeGreaterThan(1);
    expect(heard.loudness).toBeGreaterThan(0.01);
    await page.context().close();
  });

  test('what is wrong with a file is said until another one is there, wherever that comes from', async () => {
    const page = await house().open('Ada');
    const form = await typeCommand(page, '/hallo');
    const notes = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') };
    await form.getByLabel('image: choose a file').setInputFiles(notes);
    await form.getByRole('alert').getByText('Takes .jpg').waitFor();
    await form.getByRole('button', { name: 'Use the samples' }).click();
    await form.getByRole('button', { name: 'Remove portrait.jpg' }).waitFor();
    expect(await form.getByRole('alert').count()).toBe(0);
    await page.context().close();
  });

  test('what a member cancels is not posted, and the message says so', async () => {
    const page = await house().open('Ada');
    await arm(page, 'Never ends');
    const answer = await hallo(page);
    await answer.getByRole('button', { name: 'Cancel (charged all the same)' }).click();
    // It is asked once more, for one's own eyes alone.
    const question = newest(page);
    await question.getByText('Only you can see this').waitFor();
    await question.getByRole('button', { name: 'Cancel anyway' }).click();
    await answer.getByText('Cancelled').waitFor();
    expect(await answer.locator('video').count()).toBe(0);
    await clearOrders(page);
    await page.context().close();
  });

  test('two browsers at once: both see what is public, and each its own notes alone', async () => {
    const [ada, ben] = await Promise.all([house().open('Ada'), house().open('Ben')]);
    await arm(ada, 'Ends at once');
    const shown = await hallo(ada);
    const id = await shown.getAttribute('id');
    const atBens = ben.locator(`[id="${id}"]`);
    await Promise.all([shown.locator('video').waitFor(), atBens.locator('video').waitFor()]);
    await atBens.getByRole('button', { name: 'Delete' }).click();
    await newest(ben).getByText('This button is for the member who asked').waitFor();
    expect(await messages(ada).filter({ hasText: 'This button is for the member' }).count()).toBe(0);
    await newest(ben).getByRole('button', { name: 'Dismiss message' }).click();
    await messages(ben).filter({ hasText: 'This button is for' }).waitFor({ state: 'detached' });
    await shown.getByRole('button', { name: 'Delete' }).click();
    await Promise.all([shown.waitFor({ state: 'detached' }), atBens.waitFor({ state: 'detached' })]);
    await Promise.all([ada.context().close(), ben.context().close()]);
  });
}
