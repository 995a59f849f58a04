import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine, EngineJob, EngineResult } from './engine.ts';
import { fillTemplate, parseTemplate, type Template } from './template.ts';

export type CommandEngineOptions = {
  /** E.g. `python infer.py --image {image} --audio {audio} --output {output}`; see docs/server.md. */
  template: string;
  /** Folder that the program runs in. Default: the server's. */
  cwd?: string;
  /** A render that takes longer is killed and FAILED. Default: 30 min. */
  timeLimitMs?: number;
  /** Time between the polite end (SIGTERM) and the certain one (SIGKILL). Default: 2 s. */
  graceMs?: number;
  /** The program's environment. Default: the server's, without its own secrets. */
  env?: NodeJS.ProcessEnv;
};

export type CommandEngineResult = { ok: true; engine: Engine } | { ok: false; problem: string };

const secretNames: ReadonlySet<string> = new Set(['SEGMIND_API_KEY', 'DISCORD_TOKEN', 'DATABASE_URL', 'HALLO_API_KEYS']);
const tailBytes = 4_096;
const detailLines = 5;
const detailChars = 500;

function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !secretNames.has(name)));
}

/** Signals the child and all that it started: it leads a process group of its own. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** Keeps the end of what the child says; the rest is read and dropped, so that the child never blocks. */
function keepTail(child: ChildProcess): () => string {
  let tail = Buffer.alloc(0);
  child.stderr?.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-tailBytes);
  });
  return () => tail.toString('utf8');
}

/** The last lines of stderr, bounded, without control characters and without this machine's paths to the inputs. */
function detailOf(stderr: string, job: EngineJob): string {
  const named = [
    [job.portraitPath, '{image}'],
    [job.voicePath, '{audio}'],
    [job.outputPath, '{output}'],
  ] as const;
  const text = named.reduce((rest, [path, name]) => rest.replaceAll(path, name), stderr);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours and the like are what is removed here
  const lines = text.replaceAll(/\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]/g, '').split('\n');
  const last = lines.map(line => line.trim()).filter(line => line !== '');
  return last.slice(-detailLines).join('\n').slice(-detailChars);
}

type Ended = { kind: 'exit'; code: number | null; signal: NodeJS.Signals | null } | { kind: 'not-started'; reason: string };

function endOf(child: ChildProcess): Promise<Ended> {
  return new Promise(resolve => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve({ kind: 'not-started', reason: error.code ?? 'error' }));
    child.once('exit', (code, signal) => resolve({ kind: 'exit', code, signal }));
  });
}

/** Waits until stderr was read to its end; not for long, since a process that left the group may hold it open. */
async function restOfStderr(child: ChildProcess): Promise<void> {
  if (child.stderr !== null && !child.stderr.closed) {
    const closed = once(child.stderr, 'close');
    await Promise.race([closed, sleep(500, undefined, { ref: false })]);
  }
  child.stderr?.destroy();
}

function argumentsOf(template: Template, { portraitPath, voicePath, outputPath, weights }: EngineJob): string[] {
  return fillTemplate(template, {
    image: portraitPath,
    audio: voicePath,
    output: outputPath,
    pose_weight: String(weights.poseWeight),
    face_weight: String(weights.faceWeight),
    lip_weight: String(weights.lipWeight),
    face_expand_ratio: String(weights.faceExpandRatio),
  });
}

/**
 * Runs a program for each render, without a shell. It is killed with its children when the render is aborted and when its
 * time is over. Exit code 0 is success; else the last lines of its stderr are the detail.
 */
export function createCommandEngine(options: CommandEngineOptions): CommandEngineResult {
  const parsed = parseTemplate(options.template);
  if (!parsed.ok) return parsed;
  const { template } = parsed;
  const { timeLimitMs = 30 * 60_000, graceMs = 2_000, env = withoutSecrets(process.env), cwd } = options;

  async function render(job: EngineJob): Promise<EngineResult> {
    job.signal.throwIfAborted();
    const [program = '', ...args] = argumentsOf(template, job);
    const where = cwd === undefined ? {} : { cwd };
    const child = spawn(program, args, { ...where, env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    const tail = keepTail(child);
    const ended = endOf(child);
    const stop = new AbortController();
    const both = AbortSignal.any([job.signal, stop.signal]);
    let certain: NodeJS.Timeout | undefined;
    both.addEventListener('abort', () => {
      signalGroup(child, 'SIGTERM');
      certain = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
    });
    const limit = setTimeout(() => stop.abort(), timeLimitMs);
    const end = await ended;
    clearTimeout(limit);
    clearTimeout(certain);
    // What the program started and left behind goes with it.
    signalGroup(child, 'SIGKILL');
    await restOfStderr(child);
    job.signal.throwIfAborted();
    if (stop.signal.aborted) return { ok: false, detail: `The command took longer than ${timeLimitMs / 1000} s.` };
    if (end.kind === 'not-started') return { ok: false, detail: `The command could not be started (${end.reason}).` };
    if (end.code === 0) return { ok: true };
    const how = end.code === null ? `was ended by ${end.signal}` : `ended with code ${end.code}`;
    return { ok: false, detail: detailOf(tail(), job) || `The command ${how}.` };
  }

  return { ok: true, engine: { name: 'command', render } };
}
