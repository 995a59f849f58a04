import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStorage, type Storage } from '../src/storage/storage.ts';
import { createManualClock } from './support/manual-clock.ts';

const run = promisify(execFile);
const guide = await readFile(resolve(import.meta.dirname, '../docs/operating.md'), 'utf8');
/** What the guide says to type, but for what a machine may lack: sqlite3, and npx on the way to Node. */
const commands = (/\n## Backup\n[\s\S]*?```sh\n([\s\S]*?)```/.exec(guide)?.[1] ?? '')
  .replaceAll(/^sqlite3 .*\n/gm, '')
  .replace('npx node', '"$NODE"');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-backup-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function open(): Promise<Storage> {
  const deps = { clock: createManualClock(), owner: 'a', newId: () => 'b' };
  const opened = await openStorage({ databaseUrl: undefined, dataDir: join(folder, 'data') }, deps);
  if (!opened.ok) throw new Error(opened.detail);
  return opened.storage;
}

async function keepVideo(storage: Storage, key: string): Promise<void> {
  const path = join(folder, 'made.mp4');
  await writeFile(path, key);
  await storage.files.put([{ key, path }], Number.MAX_SAFE_INTEGER);
}

/** At a time of its own: nobody makes two backups within a second. */
async function backUp(time: string): Promise<void> {
  const env = { ...process.env, NODE: process.execPath };
  await run('sh', ['-euc', `date() { echo ${time}; }\n${commands}`], { cwd: folder, env });
}

test('the backup of a running bot, as the guide makes it, can be restored; so can the one after it', async () => {
  const running = await open();
  await keepVideo(running, 'videos/first.mp4');
  await backUp('monday');
  await keepVideo(running, 'videos/second.mp4');
  await backUp('tuesday');
  await running.close();
  for (const [time, second] of [
    ['monday', undefined],
    ['tuesday', 'videos/second.mp4'],
  ] as const) {
    await rm(join(folder, 'data'), { recursive: true });
    await rename(join(folder, 'backup', time), join(folder, 'data'));
    expect((await readdir(join(folder, 'data'))).sort()).toEqual(['files', 'hallo.db']);
    const restored = await open();
    const textOf = async (key: string) => {
      const path = await restored.files.path(key);
      return path && (await readFile(path, 'utf8'));
    };
    expect(await textOf('videos/first.mp4')).toBe('videos/first.mp4');
    expect(await textOf('videos/second.mp4')).toBe(second);
    await restored.close();
  }
});
