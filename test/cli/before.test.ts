/** What is looked at before anything is started, rendered or paid. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandEngine } from '../../src/cli/command-engine.ts';
import { inputProblem, outputProblem } from '../../src/cli/file-trouble.ts';
import { prepareInputs } from '../../src/cli/render-inputs.ts';

const samples = new URL('../../sandbox/samples/', import.meta.url).pathname;
const portrait = join(samples, 'portrait.jpg');
const voice = join(samples, 'voice.wav');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-before-test-'));
  await writeFile(join(folder, 'file'), 'text');
});
afterAll(() => rm(folder, { recursive: true }));

describe('a file to read', () => {
  it('is a plain file that is there', async () => {
    expect(await inputProblem(portrait)).toBeUndefined();
    expect(await inputProblem(join(folder, 'nope'))).toMatch(/nope cannot be read: there is no such file/);
    expect(await inputProblem(folder)).toMatch(/it is a folder\.$/);
    expect(await inputProblem('/dev/zero')).toMatch(/it is no plain file\.$/);
  });
});

describe('a file to write', () => {
  it('is tried without leaving a trace', async () => {
    expect(await outputProblem(join(folder, 'new.mp4'))).toBeUndefined();
    expect(await outputProblem(join(folder, 'file'))).toBeUndefined();
    expect(await outputProblem(folder)).toMatch(/cannot be written: it is a folder/);
    expect(await outputProblem(join(folder, 'nowhere', 'new.mp4'))).toMatch(/no such file or folder/);
    expect(await outputProblem(join(folder, 'file', 'new.mp4'))).toMatch(/is a file, not a folder/);
    expect(await readdir(folder)).toEqual(['file']);
  });
});

describe('portrait and voice', () => {
  const { signal } = new AbortController();
  const prepare = (portrait: string, voice: string) =>
    prepareInputs({ portrait, voice, directory: folder, faceCheck: 'off', signal });

  it('are told apart from other files in the sentences that members get', async () => {
    const swapped = await prepare(voice, voice);
    expect(swapped).toEqual({
      ok: false,
      problem: expect.stringMatching(/voice\.wav: The portrait is a file of type audio\/wav\. A/),
    });
    const silent = await prepare(portrait, portrait);
    expect(silent).toEqual({
      ok: false,
      problem: expect.stringMatching(/portrait\.jpg: The voice clip is a file of type image/),
    });
  });
});

describe('a program as the engine', () => {
  const placeholders = '{image} {audio} {output}';
  const problemOf = async (template: string, cwd?: string) => {
    const made = await commandEngine({ template, cwd, timeLimitMs: 1_000 });
    return made.ok ? undefined : made.problem;
  };

  it('must be there, in the PATH or from its working directory', async () => {
    expect(await problemOf(`sh ${placeholders}`)).toBeUndefined();
    expect(await problemOf(`${process.execPath} ${placeholders}`)).toBeUndefined();
    expect(await problemOf(`nosuchprogram ${placeholders}`)).toMatch(/no program nosuchprogram that can be run/);
    expect(await problemOf(`./file ${placeholders}`, folder)).toMatch(/no program \.\/file that can be run/);
    await rm(join(folder, 'file'));
    await writeFile(join(folder, 'file'), '#!/bin/sh', { mode: 0o755 });
    expect(await problemOf(`./file ${placeholders}`, folder)).toBeUndefined();
  });

  it('needs a working directory that is one, and all of its placeholders', async () => {
    expect(await problemOf(`sh ${placeholders}`, join(folder, 'nowhere'))).toMatch(/--command-cwd: .*nowhere is no folder/);
    expect(await problemOf('sh {image} {audio}')).toBe('--command: The command lacks the placeholder {output}.');
  });
});
