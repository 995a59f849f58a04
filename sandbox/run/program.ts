import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ProgramOptions {
  /** How messages call it: `server`, `bot`. */
  name: string;
  /** Arguments for this same Node. */
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Gets each line that the program prints. */
  onLine?: (line: string) => void;
}

export type Program = ReturnType<typeof startProgram>;

const linesKept = 30;
const stopWithinMs = 12_000;

/** Runs a program of the project as a child process and keeps its last lines for the case that it fails. */
export function startProgram(options: ProgramOptions) {
  // By the channel a program notices that the sandbox died without a word, and ends too.
  const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const;
  const child = spawn(process.execPath, options.args, { cwd: options.cwd, env: options.env, stdio: [...stdio] });
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', line => {
      lines.push(line);
      if (lines.length > linesKept) lines.shift();
      options.onLine?.(line);
      for (const listener of listeners) listener(line);
    });
  }

  const failure = () =>
    new Error(`the ${options.name} ended (${exitText(child)}). Its last lines:\n${lines.join('\n') || '(none)'}`);
  /** Rejects when the program ends by itself. */
  const ended = once(child, 'close').then(() => Promise.reject(failure()));
  ended.catch(() => {});

  /** Resolves with the first line (from now on) that fits, or rejects when the program ends before. */
  async function line(pattern: RegExp): Promise<RegExpExecArray> {
    const found = new Promise<RegExpExecArray>(resolve => {
      const listener = (text: string) => {
        const match = pattern.exec(text);
        if (!match) return;
        listeners.delete(listener);
        resolve(match);
      };
      listeners.add(listener);
    });
    return Promise.race([found, ended]);
  }

  return { name: options.name, line, ended, stop: () => stop(child), kill: () => kill(child) };
}

const isOver = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;

/** Ends the program without a word. */
async function kill(child: ChildProcess): Promise<void> {
  if (isOver(child)) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

/** Asks the program to end, and ends it if it doesn't. */
async function stop(child: ChildProcess): Promise<void> {
  if (isOver(child)) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
  await closed;
  clearTimeout(timer);
}

function exitText(child: ChildProcess): string {
  return child.signalCode ?? (child.exitCode === null ? 'it could not be started' : `exit code ${child.exitCode}`);
}
