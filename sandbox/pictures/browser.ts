import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium as playwright } from 'playwright-core';

export interface TestBrowser {
  browser: Browser;
  stop(): Promise<void>;
}

/**
 * Chromium out of npm: packed in @sparticuz/chromium and unpacked for this run into a folder of its own, with the fonts and
 * libraries that a plain machine lacks. The package unpacks those where it believes to be on AWS, hence the variable.
 */
export async function startBrowser(): Promise<TestBrowser> {
  const folder = await mkdtemp(join(tmpdir(), 'hallo-browser-'));
  const before = { ...process.env };
  Object.assign(process.env, { TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' });
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    const executablePath = await chromium.executablePath();
    await writeFile(join(folder, 'fonts', 'fonts.conf'), fontsConfiguration(folder));
    const env = { ...process.env, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_PATH: join(folder, 'fonts') };
    const browser = await playwright.launch({ executablePath, args: [...flags], env, handleSIGINT: false });
    return { browser, stop: () => browser.close().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  } finally {
    process.env = before;
  }
}

/**
 * The fonts of this run's folder, and the machine's where it has some. The package's own file names fixed folders elsewhere, and
 * Chromium dies at the first text where it finds no font at all.
 */
function fontsConfiguration(folder: string): string {
  const folders = [join(folder, 'fonts'), '/usr/share/fonts', '/usr/local/share/fonts'];
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${folders.map(each => `  <dir>${each}</dir>`).join('\n')}
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}

const flags = [
  // As root, and in containers, Chromium's own sandbox does not start; nothing but the project's page is opened.
  '--no-sandbox',
  '--disable-gpu',
  '--autoplay-policy=no-user-gesture-required',
  // A microphone that beeps, and a member who allows it.
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
] as const;
