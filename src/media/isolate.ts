/**
 * Runs one task in a child process of its own, so a hostile file may crash, hang or bloat that process and costs nothing but
 * its own task. The child gets no secret: its environment is PATH, NODE_OPTIONS and where compiled code is kept.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/**
 * Why a task gave no value. crashed: the process died, or the task threw. timeout: it took longer than `wallClockMs`.
 * memory: it grew beyond `memoryBytes`. refused: it could not be started, or answered with something else than promised.
 */
export type IsolateProblem = { kind: 'crashed' | 'timeout' | 'memory' | 'refused'; detail: string };
export type IsolateResult<T> = { ok: true; value: T } | { ok: false; problem: IsolateProblem };

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

export type IsolatedTask<T> = {
  /** The module to load in the child; it exports `run`, see Task. */
  task: URL;
  input: JsonValue;
  /** What the task promises to answer. */
  schema: z.ZodType<T>;
  signal?: AbortSignal;
  wallClockMs: number;
  /** Bound of the child's resident memory; an empty child needs about 60 MB. */
  memoryBytes: number;
  /** Called with fractions from 0 to 1 as the task tells them. */
  onProgress?: (fraction: number) => void;
};

/** What a task module exports as `run`. It checks its input itself; its value travels as JSON; what it throws is a crash. */
export type Task = (input: unknown, tools: { progress: (fraction: number) => void }) => Promise<unknown>;

/** What the child sends. */
export const childMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), fraction: z.number().min(0).max(1) }),
  z.object({ type: z.literal('value'), value: z.unknown() }),
  z.object({ type: z.literal('problem'), kind: z.enum(['crashed', 'memory', 'refused']), detail: z.string() }),
]);
export type ChildMessage = z.infer<typeof childMessage>;

/** Where src/hallo.js keeps what it has compiled: of a child's start that is a third, so it does too when another program starts it. */
const compiledPath = fileURLToPath(new URL('../../node_modules/.cache/hallo', import.meta.url));
const memoryLookMs = 50;
const detailLength = 300;
/** A third of the processor's time beside a process of the usual priority, 0. */
const FILES_NICE = 5;

function start(memoryBytes: number): ChildProcess {
  const heapMb = Math.max(32, Math.floor(memoryBytes / 1_048_576));
  const env: NodeJS.ProcessEnv = {};
  for (const name of ['PATH', 'NODE_OPTIONS']) if (process.env[name] !== undefined) env[name] = process.env[name];
  env.NODE_COMPILE_CACHE = process.env.NODE_COMPILE_CACHE ?? compiledPath;
  // glibc keeps what threads free in an arena for each of them; with two there is less that nobody uses.
  env.MALLOC_ARENA_MAX = '2';
  const child = fork(fileURLToPath(new URL('./isolate-child.ts', import.meta.url)), [], {
    execPath: process.execPath,
    execArgv: [`--max-old-space-size=${heapMb}`],
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  behindOthers(child.pid);
  return child;
}

/** Files have time; who asks for something while the processors are busy with them does not. */
function behindOthers(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, FILES_NICE);
  } catch {
    // It has ended, or the system has no such order: it takes its turn with the others.
  }
}

/** Resident bytes of a process where the system tells them, which also sees a child that hangs in native code. */
async function residentBytes(pid: number | undefined): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(text);
  return match?.[1] === undefined ? undefined : Number(match[1]) * 1024;
}

/** Calls back once when the child has grown beyond its bound; answers how to stop looking. */
function watchMemory(child: ChildProcess, memoryBytes: number, onExceeded: (bytes: number) => void): () => void {
  if (!existsSync('/proc/self/status')) return () => {}; // elsewhere the child alone looks at itself
  const timer = setInterval(async () => {
    const bytes = await residentBytes(child.pid);
    if (bytes !== undefined && bytes > memoryBytes) onExceeded(bytes);
  }, memoryLookMs);
  return () => clearInterval(timer);
}

/** Resolves with the first verdict on the child: its answer, its death, or a bound that it passed. */
function verdictOn<T>(child: ChildProcess, options: IsolatedTask<T>): Promise<IsolateResult<T>> {
  return new Promise((resolve, reject) => {
    const fail = (kind: IsolateProblem['kind'], detail: string) =>
      resolve({ ok: false, problem: { kind, detail: detail.slice(0, detailLength) } });
    const timer = setTimeout(() => fail('timeout', `not done within ${options.wallClockMs} ms`), options.wallClockMs);
    const stopWatching = watchMemory(child, options.memoryBytes, bytes =>
      fail('memory', `${bytes} bytes, above ${options.memoryBytes}`),
    );
    let errorTail = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errorTail = (errorTail + text).slice(-2_000);
    });
    child.on('message', received => {
      const message = childMessage.safeParse(received);
      if (!message.success) return fail('refused', 'the task sent an unknown message');
      if (message.data.type === 'problem') return fail(message.data.kind, message.data.detail);
      if (message.data.type === 'value') {
        const value = options.schema.safeParse(message.data.value);
        return value.success ? resolve({ ok: true, value: value.data }) : fail('refused', 'the task answered in another shape');
      }
      try {
        options.onProgress?.(message.data.fraction);
      } catch (error) {
        reject(error);
      }
    });
    const stop = () => {
      clearTimeout(timer);
      stopWatching();
    };
    child.on('error', error => {
      stop(); // a child that could not be started never closes
      fail('refused', error.message);
    });
    // 'close' comes after the last of stderr, where V8 says why it gave up.
    child.on('close', (code, signal) => {
      stop();
      if (/heap out of memory/.test(errorTail)) fail('memory', 'the heap is full');
      else fail('crashed', signal === null ? `exit code ${code}` : signal);
    });
  });
}

/**
 * Runs a task in a child process. Rejects with the signal's reason upon abort, the child being killed at once; every other
 * failure is a value. When this settles, the child is gone.
 */
export async function runIsolated<T>(options: IsolatedTask<T>): Promise<IsolateResult<T>> {
  const { signal } = options;
  signal?.throwIfAborted();
  const child = start(options.memoryBytes);
  const closed = once(child, 'close').catch(() => {});
  const kill = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', kill);
  try {
    const verdict = verdictOn(child, options);
    child.send({ task: options.task.href, input: options.input, memoryBytes: options.memoryBytes }, () => {});
    const result = await verdict;
    signal?.throwIfAborted();
    return result;
  } finally {
    kill();
    await closed;
    signal?.removeEventListener('abort', kill);
  }
}
