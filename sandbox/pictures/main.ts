#!/usr/bin/env node
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startSandbox } from '../run/sandbox.ts';
import { startBrowser } from './browser.ts';

/** Makes the README's pictures: the sandbox's page as it is now, after one real render. `npm run pictures`. */

const inRepository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const print = (line: string) => void process.stdout.write(`${line}\n`);
/** A moment of the bundled voice at which the mouth is open. */
const frameSeconds = 2.3;
const wide = { width: 1280, height: 800 };
const renderTimeoutMs = 120_000;

async function shoot(page: Page, name: string): Promise<void> {
  const path = inRepository(`docs/pictures/${name}.jpg`);
  await page.screenshot({ path, type: 'jpeg', quality: 82 });
  print(`docs/pictures/${name}.jpg`);
}

async function open(browser: Browser, url: string, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('log').waitFor();
  return page;
}

/** The form of `/hallo` with the bundled portrait and voice in it. */
async function fillIn(page: Page) {
  const box = page.getByRole('combobox', { name: /^Message/ });
  await box.fill('/hallo');
  await box.press('Enter');
  const form = page.getByRole('form', { name: '/hallo' });
  await form.getByRole('button', { name: 'Use the samples' }).click();
  for (const name of ['portrait.jpg', 'voice.wav']) await form.getByRole('button', { name: `Remove ${name}` }).waitFor();
  return form;
}

/** Waits for the video and holds it where the portrait speaks. */
async function holdVideo(page: Page): Promise<void> {
  const video = page.locator('video').last();
  await video.waitFor({ timeout: renderTimeoutMs });
  await video.evaluate(async (it, seconds) => {
    if (!('currentTime' in it)) return;
    const shown = new Promise(resolve => it.addEventListener('seeked', resolve, { once: true }));
    const whole = new Promise(resolve => (it.readyState === 4 ? resolve(it) : it.addEventListener('canplaythrough', resolve)));
    it.currentTime = seconds;
    await Promise.all([shown, whole]);
  }, frameSeconds);
  await page.getByText('your video is ready').waitFor();
  // The button that was pressed last keeps the focus.
  await page.mouse.move(0, 0);
  // The player's own sign that it loads fades out.
  await page.waitForTimeout(1_500);
}

const folder = await mkdtemp(join(tmpdir(), 'hallo-pictures-'));
const files = {
  portraitPath: inRepository('sandbox/samples/portrait.jpg'),
  voicePath: inRepository('sandbox/samples/voice.wav'),
};
const sandbox = await startSandbox({
  ...{ ...files, outPath: join(folder, 'x.mp4'), port: 0, verbose: false, options: {}, timeoutMs: renderTimeoutMs },
  print: () => {},
});
const { browser, stop } = await startBrowser();
try {
  const { discord } = sandbox;
  const { general, ben, ada } = discord.places;
  discord.members.say({ channelId: general.id, memberId: ben.id, content: 'Has anyone made a **talking** portrait yet?' });
  discord.members.say({ channelId: general.id, memberId: ada.id, content: 'Not yet. One moment… ||it needs a voice||' });
  const light = await open(browser, discord.url, { viewport: wide, colorScheme: 'light' });
  const form = await fillIn(light);
  await shoot(light, 'page-command');
  await form.getByRole('button', { name: 'Send', exact: true }).click();
  const consent = light.getByRole('dialog');
  await consent.waitFor();
  for (const tick of await consent.getByRole('checkbox').all()) await tick.check();
  await shoot(light, 'page-consent');
  await consent.getByRole('button', { name: 'Submit' }).click();
  await holdVideo(light);
  await shoot(light, 'page-light');
  const dark = await open(browser, discord.url, { viewport: wide, colorScheme: 'dark' });
  await holdVideo(dark);
  await dark.getByRole('tab', { name: 'Requests' }).click();
  await shoot(dark, 'page-dark');
  const phone = await open(browser, discord.url, { viewport: { width: 390, height: 760 }, isMobile: true, hasTouch: true });
  await holdVideo(phone);
  await shoot(phone, 'page-phone');
} finally {
  await stop();
  await sandbox.stop();
  await rm(folder, { recursive: true });
}
