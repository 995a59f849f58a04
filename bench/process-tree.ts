/** Watches what a process and all that it started need. Linux only; elsewhere memory reads 0. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';

/** `peakPssBytes`: the most that all processes of the tree held at one moment, shared pages counted by their share. */
export type Spent = { exitCode: number | null; stderr: string; seconds: number; peakPssBytes: number };

const lookMs = 100;

/** Which process started which, by their ids. */
async function parents(): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  const names = await readdir('/proc').catch(() => []);
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // The name stands in brackets and may hold anything; state and parent follow it.
    const parent = /^.*\) \S (\d+) /s.exec(stat)?.[1];
    if (parent !== undefined) found.set(Number(name), Number(parent));
  }
  return found;
}

async function pssBytes(root: number): Promise<number> {
  const parentOf = await parents();
  const tree = new Set([root]);
  for (let size = 0; size !== tree.size; ) {
    size = tree.size;
    for (const [id, parent] of parentOf) if (tree.has(parent)) tree.add(id);
  }
  let bytes = 0;
  for (const id of tree) {
    const rollup = await readFile(`/proc/${id}/smaps_rollup`, 'utf8').catch(() => '');
    bytes += Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1_024;
  }
  return bytes;
}

/** Looks at a process's tree again and again until told to stop; answers the peak. */
function watchMemory(child: ChildProcess): () => Promise<number> {
  let peak = 0;
  let stopped = false;
  const looking = (async () => {
    while (!stopped && child.pid !== undefined) {
      peak = Math.max(peak, await pssBytes(child.pid));
      await new Promise(resolve => setTimeout(resolve, lookMs));
    }
  })();
  return async () => {
    stopped = true;
    await looking;
    return peak;
  };
}

/** Runs a module of this project in a cold process with nothing of this environment but the path. */
export async function runMeasured(module: URL, args: readonly string[]): Promise<Spent> {
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, [module.pathname, ...args], {
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const stop = watchMemory(child);
  await once(child, 'close');
  const seconds = (performance.now() - startedAtMs) / 1_000;
  return { exitCode: child.exitCode, stderr: stderr.trim(), seconds, peakPssBytes: await stop() };
}
