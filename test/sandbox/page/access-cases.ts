import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { typeCommand } from './chat.ts';
import type { House } from './house.ts';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds serious or worse, a line each. */
async function seriousFindings(page: Page): Promise<string[]> {
  // Through the debugger, since the page lets no foreign script in.
  await page.evaluate(await readFile(axePath, 'utf8'));
  const { violations } = await page.evaluate((): Promise<AxeResults> => Reflect.get(window, 'axe').run());
  return violations
    .filter(each => each.impact === 'serious' || each.impact === 'critical')
    .flatMap(each => each.nodes.map(node => `${each.id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`));
}

/** That nobody is shut out: names and contrasts, the keyboard, narrow windows. */
export function accessCases(house: () => House): void {
  test.each(['light', 'dark'] as const)('axe has no serious findings in %s', async colorScheme => {
    const page = await house().open('Mia', { colorScheme });
    expect(await seriousFindings(page)).toEqual([]);
    for (const tab of ['Provider', 'Requests']) {
      await page.getByRole('tab', { name: tab }).click();
      expect(await seriousFindings(page)).toEqual([]);
    }
    const form = await typeCommand(page, '/hallo');
    await form.getByText('more options').click();
    await page.locator('.message header').first().click({ button: 'right' });
    await page.getByRole('menu').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
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
    await page.getByRole('button', { name: 'Behind the scenes' }).click();
    await page.getByRole('tab', { name: 'Switches' }).click();
    await page.getByRole('button', { name: 'Close the panel' }).first().click();
    await page.getByRole('button', { name: 'Channels' }).click();
    await page.getByRole('region', { name: 'Talking Statues' }).getByRole('button', { name: 'general' }).click();
    await page.getByRole('main', { name: '#general' }).getByText('Talking Statues').waitFor();
    await page.context().close();
  });
}
