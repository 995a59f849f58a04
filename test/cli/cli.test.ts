import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDiscord } from '../../sandbox/discord/index.ts';
import { speechLike, wavOf } from '../support/make-media.ts';
import { runCli, startCli, startCliOnChannel } from './run-cli.ts';

let cwd = '';
const nothingLeft = async () => expect(await readdir(join(cwd, 'tmp'))).toEqual([]);
const env = () => ({ TMPDIR: join(cwd, 'tmp') });
const run = (args: readonly string[], more: Record<string, string> = {}, input = '') =>
  runCli(args, { cwd, env: { ...env(), ...more }, input });

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'hallo-cli-test-'));
  await mkdir(join(cwd, 'tmp'));
  await copyFile(new URL('../../sandbox/samples/portrait.jpg', import.meta.url), join(cwd, 'my portrait.jpg'));
  await writeFile(join(cwd, 'voice.wav'), wavOf(speechLike(0.6, 16_000), 16_000));
  await writeFile(join(cwd, 'text.jpg'), 'this is no picture');
});
afterAll(() => rm(cwd, { recursive: true }));

describe('hallo', () => {
  it('lists every command that is promised, and knows no other', async () => {
    const { out, code } = await run(['--help']);
    expect(code).toBe(0);
    for (const command of ['start', 'serve', 'render', 'explain', 'doctor', 'move', 'costs', 'commands'])
      expect(out).toMatch(` ${command} `);
    expect(await run(['strat'])).toMatchObject({ code: 1, err: expect.stringContaining("unknown command 'strat'") });
  });

  it('names every wrong setting at once, without the value of a secret', async () => {
    const wrong = { DISCORD_TOKEN: 'hunter2 hunter2', HALLO_MAX_ATONCE: '3', SEGMIND_BASE_URL: 'here' };
    const { err, code } = await run(['start'], wrong);
    expect(code).toBe(1);
    expect(err).toMatch(/HALLO_MAX_ATONCE: [\s\S]*DISCORD_TOKEN: [\s\S]*SEGMIND_BASE_URL: /);
    expect(err).not.toContain('hunter2');
  });
});

describe('hallo start', () => {
  it('without a token says what is missing, and how to try everything without one', async () => {
    const { err, code } = await run(['start']);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringMatching(/DISCORD_TOKEN[\s\S]*npm run sandbox/) });
  });
});

describe('hallo explain', () => {
  it('answers each line of text with a line of JSON, and keeps what was blocked from the public', async () => {
    const { out, code } = await run(['explain', '--json'], {}, 'No face detected\n\nRequest Moderated: celebrity\n');
    const lines = out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(code).toBe(0);
    expect(lines.map(({ text, reason }) => [text, reason])).toEqual([
      ['No face detected', 'face'],
      ['Request Moderated: celebrity', 'blocked-person'],
    ]);
    expect(lines[1].member).not.toContain('celebrity');
    expect(lines[1].moderators).toContain('Request Moderated: celebrity');
  });
});

describe('hallo doctor', () => {
  it('tells what is well and what is not, one line each, and leaves nothing behind', async () => {
    const discord = await startDiscord({ port: 0 });
    const settings = { DISCORD_TOKEN: discord.token, DISCORD_API_BASE: discord.apiBase, HALLO_DATA_DIR: 'text.jpg' };
    const { out, code } = await run(['doctor'], settings).finally(() => discord.close());
    expect(code).toBe(1);
    expect(out.trim().split('\n')).toEqual([
      expect.stringMatching(/^ok {4}settings: /),
      expect.stringMatching(
        /^ok {4}Discord: the token is that of Hallo, in \d+ servers?; .* https:\/\/discord\.com\/oauth2\/authorize\?client_id=\d+&scope=bot\+applications\.commands&permissions=274877942784$/,
      ),
      expect.stringMatching(/^FAIL {2}provider: neither SEGMIND_API_KEY nor/),
      expect.stringMatching(/^FAIL {2}storage: text.jpg cannot be written/),
      expect.stringMatching(/^ok {4}media tools: .*; a face was looked for$/),
    ]);
    await nothingLeft();
  });
});

describe('hallo render', { timeout: 60_000 }, () => {
  it('writes a video with the rights of any other file', async () => {
    const { code, err } = await run(['render', 'my portrait.jpg', 'voice.wav', '-o', 'out.mp4']);
    expect({ code, err }).toEqual({ code: 0, err: 'Rendering on this machine…\n' });
    expect((await readFile(join(cwd, 'out.mp4'))).toString('latin1', 4, 8)).toBe('ftyp');
    expect((await stat(join(cwd, 'out.mp4'))).mode).toBe((await stat(join(cwd, 'voice.wav'))).mode);
    await nothingLeft();
  });

  it('refuses a bad file in one sentence, and leaves nothing behind', async () => {
    const { err, code } = await run(['render', 'text.jpg', 'voice.wav', '-o', 'refused.mp4']);
    expect(code).toBe(1);
    expect(err).toMatch(/^\S*text\.jpg: The portrait is not an image that can be read\. .*\n$/);
    expect(await readdir(cwd)).not.toContain('refused.mp4');
    await nothingLeft();
  });

  it('looks whether the video can be written before anything is rendered or paid', async () => {
    const { err, code } = await run(['render', 'my portrait.jpg', 'voice.wav', '-o', 'nowhere/out.mp4']);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('nowhere/out.mp4 cannot be written') });
  });

  it('ends on Ctrl+C, with neither a video nor anything else left behind', async () => {
    await writeFile(join(cwd, 'long.wav'), wavOf(speechLike(60, 16_000), 16_000));
    const child = startCli(['render', 'my portrait.jpg', 'long.wav', '-o', 'never.mp4'], { cwd, env: env() });
    await once(child.stderr, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(await readdir(cwd)).not.toContain('never.mp4');
    await nothingLeft();
  });
});

describe('hallo serve', () => {
  it('ends with the process that started it, even if that one dies without a word', async () => {
    const args = ['serve', '--port', '0', '--data-dir', 'served'];
    const { child, stdout } = startCliOnChannel(args, { cwd, env: env() });
    await once(stdout, 'data');
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('names every setting that it cannot start with, as it is given', async () => {
    const { err, code } = await run(['serve', '--port', '0', '--host', '0.0.0.0', '--admin']);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/HALLO_API_KEYS: [\s\S]*--admin: /) });
  });
});
