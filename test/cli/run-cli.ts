import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const cliPath = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** Starts the command line as a child process, with no settings but the given ones. */
export function startCli(args: readonly string[], { cwd, env = {} }: { cwd: string; env?: Record<string, string> }) {
  const own = Object.entries(process.env).filter(([key]) => !/^(DISCORD_|SEGMIND_|HALLO_|DATABASE_URL$|npm_)/.test(key));
  return spawn(process.execPath, [cliPath, ...args], { cwd, env: { ...Object.fromEntries(own), ...env }, stdio: 'pipe' });
}

/** Runs it to its end. */
export async function runCli(args: readonly string[], where: { cwd: string; env?: Record<string, string>; input?: string }) {
  const child = startCli(args, where);
  child.stdin.end(where.input ?? '');
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { out, err, code: Number(code) };
}
