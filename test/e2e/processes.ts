import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const cliPath = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
/** Ample: programs share few cores with others that start. */
const withinMs = 40_000;

/** A program of the project that runs as a real process. */
export type Child = {
  /** Everything that it has printed so far. */
  lines(): readonly string[];
  /** The first line that fits, also of those that were printed before; rejects when the program ends without it. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** At once, so that it can be called from within an event. */
  signal(signal: NodeJS.Signals): void;
  /** Signals, and waits until the process is gone. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  isEnded(): boolean;
  /** Resolves when the process is gone and all that it printed was read. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

/** This process's environment without what would lead a program to real services, or make it another than the test means. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(DISCORD_|SEGMIND_|HALLO_|DATABASE_URL$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !foreign.test(key)));
}

/** Starts `hallo …`, or another program of Node's. `cwd`: away from the repository, so that no `.env` is read. */
export function startCli(
  args: readonly string[],
  { env, cwd, program = cliPath }: { env: NodeJS.ProcessEnv; cwd: string; program?: string },
): Child {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', line => {
      lines.push(line);
      for (const listener of listeners) listener(line);
    });
  }
  let isOver = false;
  const ended = endOf(child).finally(() => {
    isOver = true;
  });

  function line(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        listeners.delete(look);
      };
      const fail = (what: string) => {
        stop();
        reject(new Error(`hallo ${args[0]} ${what} ${pattern}. It said:\n${lines.slice(-40).join('\n')}`));
      };
      const look = (text: string) => {
        const match = pattern.exec(text);
        if (match === null) return;
        stop();
        resolve(match);
      };
      const timer = setTimeout(() => fail(`did not say within ${withinMs} ms`), withinMs);
      listeners.add(look);
      for (const text of lines) look(text);
      void ended.then(() => fail('ended without saying'));
    });
  }

  return {
    lines: () => lines,
    line,
    signal: signal => void child.kill(signal),
    end(signal) {
      child.kill(signal);
      return ended;
    },
    isEnded: () => isOver,
    ended,
  };
}

async function endOf(child: ChildProcess): ReturnType<Child['end']> {
  await once(child, 'close');
  return { code: child.exitCode, signal: child.signalCode };
}

/** Asks often, and not for ever: for what tells of itself by no event. */
export async function until(what: string, probe: () => Promise<boolean>, forMs = withinMs): Promise<void> {
  const deadline = AbortSignal.timeout(forMs);
  while (!(await probe())) {
    if (deadline.aborted) throw new Error(`${what} did not happen within ${forMs} ms`);
    await sleep(100);
  }
}
