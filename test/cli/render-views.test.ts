import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { speechLike, wavOf } from '../support/make-media.ts';
import { runCli } from './run-cli.ts';

const portrait = fileURLToPath(new URL('../../sandbox/samples/portrait.jpg', import.meta.url));
let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'hallo-views-'));
  await writeFile(join(cwd, 'voice.wav'), wavOf(speechLike(0.5, 16_000), 16_000));
});
afterAll(() => rm(cwd, { recursive: true }));

const render = (...options: string[]) =>
  runCli(['render', portrait, 'voice.wav', '-o', 'out.mp4', '--local', ...options], { cwd });

describe('hallo render --poster --sheet', () => {
  it('writes a frame and a contact sheet beside the video', async () => {
    const { code, out, err } = await render('--poster', 'poster.png', '--sheet', 'sheet.png');
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(out).toBe('The poster is in poster.png\nThe contact sheet is in sheet.png\nThe video is in out.mp4\n');
    expect(await sharp(join(cwd, 'poster.png')).metadata()).toMatchObject({ format: 'png', width: 512, height: 512 });
    expect(await sharp(join(cwd, 'sheet.png')).metadata()).toMatchObject({ format: 'png', width: 1_600 });
    expect((await readdir(cwd)).sort()).toEqual(['out.mp4', 'poster.png', 'sheet.png', 'voice.wav']);
  }, 60_000);

  it('refuses before it renders what could not be written', async () => {
    const nowhere = await render('--poster', 'no/such/folder.png');
    expect(nowhere).toMatchObject({ code: 1, out: '' });
    expect(nowhere.err).toContain('cannot be written: there is no such file or folder.');
    const same = await render('--sheet', './out.mp4');
    expect(same).toMatchObject({ code: 1, out: '' });
    expect(same.err).toContain('need different files');
  });
});
