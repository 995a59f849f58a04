import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startBrowser } from '../../../sandbox/pictures/browser.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/run/sandbox.ts';
import { encodeWav } from '../../../src/media/wav.ts';
import { speechLike } from '../../support/make-media.ts';

const sample = (name: string) => fileURLToPath(new URL(`../../../sandbox/samples/${name}`, import.meta.url));

type Member = 'Ada' | 'Ben' | 'Mia' | 'Otto';

/** One sandbox with the real bot and server, and one browser, for all cases. */
export interface House {
  sandbox: Sandbox;
  portraitPath: string;
  /** A second and a half, so that a real render takes little time. */
  voicePath: string;
  /** Opens the page in a browser of its own (cookies, storage), as a member by name. */
  open(member: Member, options?: BrowserContextOptions): Promise<Page>;
  /** What the opened pages asked of any other host, threw, or wrote to the console as an error. */
  troubles: string[];
  stop(): Promise<void>;
}

export async function startHouse(): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'hallo-page-'));
  const voicePath = join(folder, 'voice.wav');
  await writeFile(voicePath, encodeWav(speechLike(1.5, 16_000), 16_000));
  const portraitPath = sample('portrait.jpg');
  const [sandbox, { browser, stop: stopBrowser }] = await Promise.all([
    startSandbox({
      ...{ portraitPath, voicePath, outPath: join(folder, 'x.mp4'), port: 0, verbose: false, options: {}, timeoutMs: 60_000 },
      print: () => {},
      botSettings: {
        ...{ HALLO_DEFAULT_COOLDOWN_SECONDS: '0', HALLO_DEFAULT_AT_ONCE: '8', HALLO_DEFAULT_PER_MEMBER_DAY: '1000' },
        // Tests of its own look at the face check; here it would but take time.
        ...{
          HALLO_DEFAULT_PER_HOUR: '1000',
          HALLO_DEFAULT_FACE_CHECK: 'off',
          HALLO_DEFAULT_ANSWER_REPEATS: '0',
          HALLO_EXPECTED_RENDER_SECONDS: '1',
        },
      },
    }),
    startBrowser(),
  ]);
  const troubles: string[] = [];

  async function open(member: Member, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await openPage(browser, sandbox.discord.url, troubles, options);
    await become(page, member);
    return page;
  }

  return {
    ...{ sandbox, portraitPath, voicePath, open, troubles },
    stop: async () => {
      await stopBrowser();
      await sandbox.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Opens a page in a browser of its own, and notes in `troubles` what it asks of any other host, throws, or writes as an error. */
export async function openPage(
  browser: Browser,
  url: string,
  troubles: string[],
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on('pageerror', error => troubles.push(String(error)));
  page.on('console', message => message.type() === 'error' && troubles.push(message.text()));
  page.on('request', request => {
    const asked = request.url();
    if (!asked.startsWith(url) && !asked.startsWith('blob:')) troubles.push(`asked for ${asked}`);
  });
  await page.goto(url);
  return page;
}

/** Looks through the eyes of a member. */
export async function become(page: Page, member: Member): Promise<void> {
  const choice = page.locator('label.member', { hasText: member }).locator('input');
  await choice.waitFor({ state: 'attached' });
  // Where the channels are a drawer, the radio buttons are out of sight.
  await choice.dispatchEvent('click');
  // Until then the page still shows what its first member sees, and draws everything anew.
  await page.locator(`.app[data-member="${await choice.inputValue()}"]`).waitFor();
}
