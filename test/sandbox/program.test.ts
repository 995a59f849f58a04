import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/run/sandbox.ts';

const sample = (name: string) => fileURLToPath(new URL(`../../sandbox/samples/${name}`, import.meta.url));
const cliPath = fileURLToPath(new URL('./fixtures/small-cli.ts', import.meta.url));
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
});
afterEach(async () => {
  delete process.env.SMALL_BOT;
  await rm(folder, { recursive: true });
});

/** Runs the sandbox with a small bot in the place of the real one; what it printed, and whether the video came. */
async function run(bot: 'video' | 'failure' | 'silence') {
  process.env.SMALL_BOT = bot;
  const printed: string[] = [];
  const outPath = join(folder, 'out', 'x.mp4');
  const sandbox = await startSandbox({
    ...{ cliPath, outPath, portraitPath: sample('portrait.jpg'), voicePath: sample('voice.wav'), port: 0, verbose: false },
    ...{
      options: { pose_weight: 2 },
      timeoutMs: 10_000,
      recordPath: join(folder, 'r.ndjson'),
      print: line => printed.push(line),
    },
  });
  try {
    const performed = sandbox.perform();
    if (bot === 'silence') {
      await sandbox.discord.events.next('interaction-created');
      sandbox.discord.clock.advance(3_100);
    }
    return { delivered: await performed, text: printed.join('\n'), outPath, sandbox };
  } finally {
    await sandbox.stop();
  }
}

test('a delivered video is saved, and each change of the message is told', async () => {
  const { delivered, text, outPath } = await run('video');
  expect(delivered).toBe(true);
  expect(await readFile(outPath, 'utf8')).toBe('video');
  expect(text).toMatch(
    /> Ada: \/hallo[\s\S]*Hallo: is thinking…[\s\S]*Rendering[\s\S]*\[Cancel\][\s\S]*Ready, @Ada[\s\S]*\[file hallo\.mp4/,
  );
  expect(text).toContain(`saved as ${outPath}`);
  expect(await readFile(join(folder, 'r.ndjson'), 'utf8')).toContain('"method":"PUT"');
});

test('a failure is told in the words of the message', async () => {
  const { delivered, text } = await run('failure');
  expect(delivered).toBe(false);
  expect(text).toContain('The video was not delivered:\nNo face was found.');
});

test('a bot that does not answer in three seconds has failed', async () => {
  const { delivered, text } = await run('silence');
  expect(delivered).toBe(false);
  expect(text).toContain('did not answer the command within 3 seconds');
});

test('a bot that can not start is told with its last lines, and nothing stays behind', async () => {
  const start = startSandbox({
    ...{ cliPath: join(folder, 'missing.ts'), outPath: '', portraitPath: '', voicePath: '', port: 0, verbose: false },
    ...{ options: {}, timeoutMs: 1_000, print: () => {} },
  });
  await expect(start).rejects.toThrow(/the server ended \(exit code 1\)[\s\S]*missing\.ts/);
});
