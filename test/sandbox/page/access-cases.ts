import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openTab, typeCommand } from './chat.ts';
import type { House } from './house.ts';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds serious or worse, a line each; by every rule, or by those alone that are named. */
async function seriousFindings(page: Page, rules?: string[]): Promise<string[]> {
  // Through the debugger, since the page lets no foreign script in.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await readFile(axePath, 'utf8'));
  const options: RunOptions = { resultTypes: ['violations'], ...(rules && { runOnly: rules }) };
  const { violations } = await page.evaluate((options): Promise<AxeResults> => Reflect.get(window, 'axe').run(options), options);
  return violations
    .filter(each => each.impact === 'serious' || each.impact === 'critical')
    .flatMap(each => each.nodes.map(node => `${each.id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`));
}

/** That nobody is shut out: names and contrasts, the keyboard, narrow windows. */
export function accessCases(house: () => House): void {
  test('axe has no serious findings in light, nor any of contrast in dark', async () => {
    const page = await house().open('Mia', { colorScheme: 'light' });
    const expectNone = async () => {
      await page.emulateMedia({ colorScheme: 'light' });
      expect(await seriousFindings(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await seriousFindings(page, ['color-contrast'])).toEqual([]);
    };
    await expectNone();
    for (const tab of ['Provider', 'Requests'] as const) {
      await openTab(page, tab);
      await expectNone();
    }
    const form = await typeCommand(page, '/hallo');
    await form.getByText('more options').click();
    await page.locator('.message header').first().click({ button: 'right' });
    await page.getByRole('menu').waitFor();
    await expectNone();
    await page.context().close();
  });

  test('a menu takes the focus, goes with the arrows, and gives it back', async () => {
    const page = await house().open('Otto');
    const more = page
      .locator('.message')
      .last()
      .getByRole('button', { name: /^More about/ });
    await more.focus();
    await page.keyboard.press('Enter');
    const menu = page.getByRole('menu');
    await menu.waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    expect(await focused()).toBe('Animate with Hallo');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('Copy text');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('Delete message');
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'detached' });
    expect(await more.evaluate(it => it === document.activeElement)).toBe(true);
    await page.context().close();
  });

  test('on a phone nothing is wider than the window, and the outer columns come when asked', async () => {
    const page = await house().open('Ada', { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const opener = page.getByRole('button', { name: 'Behind the scenes' });
    await opener.press('Enter');
    await page.locator('#backstage button:focus').waitFor();
    await page.getByRole('tab', { name: 'Switches' }).press('Escape');
    await page.getByRole('tab', { name: 'Switches' }).waitFor({ state: 'hidden' });
    expect(await opener.evaluate(it => it === document.activeElement)).toBe(true);
    await page.getByRole('button', { name: 'Channels' }).click();
    await page.getByRole('region', { name: 'Talking Statues' }).getByRole('button', { name: 'general' }).click();
    await page.getByRole('main', { name: '#general' }).getByText('Talking Statues').waitFor();
    await page.context().close();
  });
}
