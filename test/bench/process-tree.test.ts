import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runMeasured } from '../../bench/process-tree.ts';

const megabyte = 1_048_576;
let folder: string;

async function run(source: string) {
  const path = join(folder, 'work.mjs');
  await writeFile(path, source);
  return runMeasured(pathToFileURL(path), ['one', 'two']);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-tree-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('counts the memory of a child of the child', async () => {
  const held = 'const held = Buffer.alloc(150 * 1048576, 1); setTimeout(() => held.length, 700)';
  const spent = await run(`import { spawn } from 'node:child_process';
    const child = spawn(process.execPath, ['-e', ${JSON.stringify(held)}]);
    await new Promise(resolve => child.on('close', resolve));`);
  expect(spent.exitCode).toBe(0);
  expect(spent.seconds).toBeGreaterThan(0.7);
  expect(spent.peakPssBytes).toBeGreaterThan(150 * megabyte);
  expect(spent.peakPssBytes).toBeLessThan(400 * megabyte);
});

it('tells the arguments on, and answers what went wrong', async () => {
  const spent = await run('process.stderr.write(process.argv.slice(2).join()); process.exitCode = 3;');
  expect(spent).toMatchObject({ exitCode: 3, stderr: 'one,two' });
});
