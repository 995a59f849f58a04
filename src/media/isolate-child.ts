/** The child's side of isolate.ts: runs the one task that it is sent, and never outlives its parent. */
import { flushCompileCache } from 'node:module';
import { z } from 'zod';
import type { ChildMessage, Task } from './isolate.ts';

const order = z.object({ task: z.url(), input: z.json(), memoryBytes: z.number() });
const isTask = (value: unknown): value is Task => typeof value === 'function';

/** Sends, and resolves when it is out of the process, so an exit can't swallow it. */
function send(message: ChildMessage): Promise<void> {
  return new Promise(resolve => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, () => resolve());
  });
}

async function perform(received: unknown): Promise<ChildMessage> {
  const parsed = order.safeParse(received);
  if (!parsed.success) return { type: 'problem', kind: 'refused', detail: 'an order of another shape' };
  const { task, input, memoryBytes } = parsed.data;
  setInterval(() => {
    const bytes = process.memoryUsage.rss();
    if (bytes > memoryBytes) void send({ type: 'problem', kind: 'memory', detail: `${bytes} bytes, above ${memoryBytes}` });
  }, 100).unref();
  const loaded: unknown = await import(task).catch(() => undefined);
  const run = typeof loaded === 'object' && loaded !== null && 'run' in loaded ? loaded.run : undefined;
  if (!isTask(run)) return { type: 'problem', kind: 'refused', detail: 'the task could not be loaded' };
  try {
    const progress = (fraction: number) => void send({ type: 'progress', fraction: Math.min(1, Math.max(0, fraction)) });
    return { type: 'value', value: await run(input, { progress }) };
  } catch (error) {
    return { type: 'problem', kind: 'crashed', detail: error instanceof Error ? `${error.name}: ${error.message}` : 'thrown' };
  }
}

// Not process.exit: it would wait for native work on other threads, which nobody needs any more.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.once('message', async received => {
  const answer = await perform(received);
  // Before the answer, after which it is killed: the first child compiles for all later ones.
  flushCompileCache();
  await send(answer);
});
