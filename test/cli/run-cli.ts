import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const cliPath = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

type Where = { cwd: string; env?: Record<string, string> };

/** This environment, with no settings but the given ones. */
function environment(given: Record<string, string> = {}) {
  const own = Object.entries(process.env).filter(([key]) => !/^(DISCORD_|SEGMIND_|HALLO_|DATABASE_URL$|npm_)/.test(key));
  return { ...Object.fromEntries(own), ...given };
}

/** Starts the command line as a child process. */
export function startCli(args: readonly string[], { cwd, env }: Where) {
  return spawn(process.execPath, [cliPath, ...args], { cwd, env: environment(env), stdio: 'pipe' });
}

/** The same with a channel between it and its parent, which breaks when the parent dies. */
export function startCliOnChannel(args: readonly string[], { cwd, env }: Where) {
  const child = fork(cliPath, args, { cwd, env: environment(env), silent: true });
  if (child.stdout === null) throw new Error('the child has no pipe');
  return { child, stdout: child.stdout };
}

/** Runs it to its end. */
export async function runCli(args: readonly string[], where: Where & { input?: string }) {
  const child = startCli(args, where);
  child.stdin.end(where.input ?? '');
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { out, err, code: Number(code) };
}
