import { fork } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type IsolatedTask, runIsolated } from '../../src/media/isolate.ts';

const task = new URL('./tasks/misbehave.ts', import.meta.url);
const schema = z.object({ pid: z.number(), environment: z.array(z.string()) });
type Answer = z.infer<typeof schema>;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallo-isolate-'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (act: string, more: Partial<IsolatedTask<Answer>> = {}) =>
  runIsolated({ task, input: { act, path: join(folder, act) }, schema, wallClockMs: 10_000, memoryBytes: 300e6, ...more });

function isAlive(pid: number): boolean {
  // Where nothing reaps orphans (a container without an init), a dead one stays as a zombie.
  if (existsSync(`/proc/${pid}/stat`) && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Waits until `check` gives something; the processes that are watched here have no other way to tell. */
async function until<T>(check: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    await wait(10);
  }
}
const pidOf = (act: string) => until(async () => Number(await readFile(join(folder, act), 'utf8').catch(() => '')) || undefined);

describe('a task in a process of its own', () => {
  it('answers, tells its progress, and leaves no process', async () => {
    const seen: number[] = [];
    const result = await run('answer', { onProgress: fraction => seen.push(fraction) });
    expect(result.ok && result.value.pid).not.toBe(process.pid);
    expect(seen).toEqual([0.25, 0.5]);
    expect(isAlive(await pidOf('answer'))).toBe(false);
  });

  it('sees nothing of the parent environment but PATH, NODE_OPTIONS and where compiled code is kept', async () => {
    process.env.SECRET_OF_THE_PARENT = 'key';
    const result = await run('answer');
    delete process.env.SECRET_OF_THE_PARENT;
    const allowed = [
      'NODE_CHANNEL_FD',
      'NODE_CHANNEL_SERIALIZATION_MODE',
      'NODE_OPTIONS',
      'NODE_COMPILE_CACHE',
      'MALLOC_ARENA_MAX',
      'PATH',
      'NODE_V8_COVERAGE',
    ];
    expect(result.ok && result.value.environment.filter(name => !allowed.includes(name))).toEqual([]);
  });

  it.each([
    ['throw', { kind: 'crashed', detail: 'TypeError: broken on purpose' }],
    ['exit', { kind: 'crashed', detail: 'exit code 3' }],
    ['segfault', { kind: 'crashed', detail: 'SIGSEGV' }],
    ['something else', { kind: 'refused' }],
  ])('that does "%s" costs only itself', async (act, problem) => {
    expect(await run(act)).toMatchObject({ ok: false, problem });
    expect(isAlive(await pidOf(act))).toBe(false);
  });

  it('that can not be loaded is refused', async () => {
    const result = await run('answer', { task: new URL('./tasks/missing.ts', import.meta.url) });
    expect(result).toMatchObject({ ok: false, problem: { kind: 'refused' } });
  });

  it('that spins is killed at its time limit', async () => {
    expect(await run('spin', { wallClockMs: 800 })).toMatchObject({ ok: false, problem: { kind: 'timeout' } });
    expect(isAlive(await pidOf('spin'))).toBe(false);
  });

  it.each(['heap', 'native-memory'])('that takes too much memory is ended (%s)', async act => {
    expect(await run(act, { memoryBytes: 150e6 })).toMatchObject({ ok: false, problem: { kind: 'memory' } });
    expect(isAlive(await pidOf(act))).toBe(false);
  });

  it('is killed upon an abort, which rejects with its reason', async () => {
    const controller = new AbortController();
    const running = run('wait', { signal: controller.signal });
    const pid = await pidOf('wait');
    const reason = new Error('cancelled');
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(isAlive(pid)).toBe(false);
  });

  it('is not started when aborted before', async () => {
    const reason = new Error('too late');
    await expect(run('never', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('dies with its parent', async () => {
    const parentFile = join(folder, 'parent.ts');
    const isolate = new URL('../../src/media/isolate.ts', import.meta.url).href;
    const zod = import.meta.resolve('zod');
    await writeFile(
      parentFile,
      `import { runIsolated } from '${isolate}';
       import { z } from '${zod}';
       await runIsolated({ task: new URL('${task.href}'), input: { act: 'orphan-wait', path: '${join(folder, 'orphan')}' },
         schema: z.unknown(), wallClockMs: 60_000, memoryBytes: 300e6 });`.replace('orphan-wait', 'wait'),
    );
    const parent = fork(parentFile, [], { execPath: process.execPath, stdio: 'ignore' });
    const pid = await pidOf('orphan');
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until(async () => (isAlive(pid) ? undefined : true));
    expect(isAlive(pid)).toBe(false);
  });
});
