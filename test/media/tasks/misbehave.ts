/** A task for isolate.test.ts that does what its input says. */
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Task } from '../../../src/media/isolate.ts';

const input = z.object({ act: z.string(), path: z.string().optional() });

export const run: Task = async (order, { progress }) => {
  const { act, path } = input.parse(order);
  if (path !== undefined) writeFileSync(path, String(process.pid));
  switch (act) {
    case 'answer':
      progress(0.25);
      progress(0.5);
      return { pid: process.pid, environment: Object.keys(process.env).sort() };
    case 'throw':
      throw new TypeError('broken on purpose');
    case 'exit':
      return process.exit(3);
    case 'segfault':
      process.kill(process.pid, 'SIGSEGV');
      return wait(60_000, null);
    case 'spin':
      for (;;);
    case 'heap': {
      const kept: string[] = [];
      for (;;) kept.push(`${kept.length}`.repeat(100));
    }
    case 'native-memory': {
      const kept: Buffer[] = [];
      for (;;) {
        kept.push(Buffer.alloc(16 << 20, 1));
        if (kept.length % 4 === 0) await wait(5);
      }
    }
    case 'wait':
      return wait(60_000, null);
    default:
      return 'odd';
  }
};
