import { existsSync, readFileSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CommandEngineOptions, createCommandEngine } from '../../../src/server/engines/command.ts';
import type { Engine, EngineJob } from '../../../src/server/engines/engine.ts';
import { fixtureVideo, startServer, tempDir } from '../harness.ts';

/** An engine that runs `code` as a Node script; process.argv[2…] are image, audio, output and the weights. */
async function engineOf(code: string, options: Partial<CommandEngineOptions> = {}): Promise<Engine> {
  const script = join(await tempDir(), 'engine.cjs');
  await writeFile(script, code);
  const template = `'${process.execPath}' '${script}' {image} {audio} {output} {pose_weight} {face_weight} {lip_weight} {face_expand_ratio}`;
  const made = createCommandEngine({ template, ...options });
  if (!made.ok) throw new Error(made.problem);
  return made.engine;
}

async function jobIn(dir: string, signal = new AbortController().signal): Promise<EngineJob> {
  await copyFile(fixtureVideo, join(dir, 'voice.wav'));
  return {
    portraitPath: join(dir, 'a portrait; rm -rf $HOME.png'),
    voicePath: join(dir, 'voice.wav'),
    outputPath: join(dir, 'clip.mp4'),
    weights: { poseWeight: 1.4, faceWeight: 1, lipWeight: 0, faceExpandRatio: 1.2 },
    signal,
    onProgress: () => {},
  };
}

/** False for a zombie too: who inherits a dead process may be slow to collect it. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

/** Starts a grandchild that ignores SIGTERM, writes both pids to the output, and stays. */
const staying = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)"], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.on('SIGTERM', () => {});
  child.stdout.once('data', () => require('node:fs').writeFileSync(process.argv[4], process.pid + ' ' + child.pid));
  setInterval(() => {}, 1000);
`;

async function pidsIn(path: string): Promise<number[]> {
  await expect.poll(() => existsSync(path), { timeout: 10_000 }).toBe(true);
  await expect.poll(() => readFile(path, 'utf8')).toMatch(/^\d+ \d+$/);
  return (await readFile(path, 'utf8')).split(' ').map(Number);
}

test('the program gets its arguments without a shell, and its output is the video', async () => {
  const engine = await engineOf(`
    const fs = require('node:fs');
    fs.writeFileSync(process.argv[4], JSON.stringify(process.argv.slice(2)));
  `);
  const job = await jobIn(await tempDir());
  expect(await engine.render(job)).toEqual({ ok: true });
  expect(JSON.parse(await readFile(job.outputPath, 'utf8'))).toEqual([
    job.portraitPath,
    job.voicePath,
    job.outputPath,
    '1.4',
    '1',
    '0',
    '1.2',
  ]);
});

test('a failure gives the last lines of stderr, bounded, with placeholders for the paths', async () => {
  const engine = await engineOf(`
    for (let i = 0; i < 3000; i++) console.error('frame ' + i);
    console.error('\\x1b[31mcannot read ' + process.argv[2] + '\\x1b[0m\\n');
    process.exitCode = 3;
  `);
  const result = await engine.render(await jobIn(await tempDir()));
  expect(result).toEqual({ ok: false, detail: 'frame 2996\nframe 2997\nframe 2998\nframe 2999\ncannot read {image}' });
  const wide = await engineOf(`console.error('x'.repeat(9000)); process.exitCode = 1`);
  expect(await wide.render(await jobIn(await tempDir()))).toEqual({ ok: false, detail: 'x'.repeat(500) });
});

test('a silent failure gives the exit code; a program that does not exist is named so', async () => {
  const silent = await engineOf('process.exit(7)');
  expect(await silent.render(await jobIn(await tempDir()))).toEqual({ ok: false, detail: 'The command ended with code 7.' });
  const missing = createCommandEngine({ template: '/no/such/program {image} {audio} {output}' });
  expect(missing.ok && (await missing.engine.render(await jobIn(await tempDir())))).toEqual({
    ok: false,
    detail: 'The command could not be started (ENOENT).',
  });
});

test('an abort kills the program with its children, which ignore SIGTERM, and rejects with the reason', async () => {
  const engine = await engineOf(staying, { graceMs: 50 });
  const abort = new AbortController();
  const job = await jobIn(await tempDir(), abort.signal);
  const render = engine.render(job);
  const pids = await pidsIn(job.outputPath);
  expect(pids.map(isAlive)).toEqual([true, true]);
  abort.abort(new Error('enough'));
  await expect(render).rejects.toThrow('enough');
  await expect.poll(() => pids.map(isAlive)).toEqual([false, false]);
});

test('a program over its time is killed with its children, and the render fails', async () => {
  const engine = await engineOf(staying, { graceMs: 10, timeLimitMs: 1_500 });
  const job = await jobIn(await tempDir());
  const render = engine.render(job);
  const pids = await pidsIn(job.outputPath);
  expect(await render).toEqual({ ok: false, detail: 'The command took longer than 1.5 s.' });
  await expect.poll(() => pids.map(isAlive)).toEqual([false, false]);
});

test('children that a finished program leaves behind are ended', async () => {
  const engine = await engineOf(`${staying}
    const wait = setInterval(() => { if (require('node:fs').existsSync(process.argv[4])) process.exit(0); }, 5);
  `);
  const job = await jobIn(await tempDir());
  expect(await engine.render(job)).toEqual({ ok: true });
  const [, child = 0] = await pidsIn(job.outputPath);
  await expect.poll(() => isAlive(child)).toBe(false);
});

test('the program does not see the secrets of the server', async () => {
  process.env.SEGMIND_API_KEY = 'secret-for-this-test';
  const engine = await engineOf(`require('node:fs').writeFileSync(process.argv[4], String(process.env.SEGMIND_API_KEY))`);
  const job = await jobIn(await tempDir());
  await engine.render(job);
  delete process.env.SEGMIND_API_KEY;
  expect(await readFile(job.outputPath, 'utf8')).toBe('undefined');
});

test('the server renders by a command', async () => {
  const engine = await engineOf(`require('node:fs').copyFileSync(${JSON.stringify(fixtureVideo)}, process.argv[4])`);
  const { api } = await startServer({ engine });
  expect(await api.until((await api.submit()).status_url)).toMatchObject({ status: 'COMPLETED' });
});
