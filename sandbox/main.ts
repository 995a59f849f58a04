#!/usr/bin/env node
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { inputProblem, outputProblem } from '../src/cli/file-trouble.ts';
import { numberFrom, port } from '../src/cli/options.ts';
import { onParentGone } from '../src/cli/parent.ts';
import { MemberActionError } from './discord/index.ts';
import { startSandbox } from './run/sandbox.ts';

const sample = (name: string) => fileURLToPath(new URL(`./samples/${name}`, import.meta.url));

const program = new Command('sandbox')
  .description('Runs the bot on a stand-in for Discord, on this machine alone, and performs one real /hallo. No key, no account.')
  .option('--once', 'end after that render; exit code 0 only if the video was delivered', false)
  .addOption(new Option('--portrait <file>', 'the portrait').default(sample('portrait.jpg'), 'the bundled one'))
  .addOption(new Option('--voice <file>', 'the voice').default(sample('voice.wav'), 'the bundled one'))
  .option('--out <file>', 'where the video is saved', 'hallo-sandbox.mp4')
  .option('--pose-weight <n>', "the command's pose_weight, 0-10", numberFrom(0, 10))
  .option('--face-weight <n>', "the command's face_weight, 0-10", numberFrom(0, 10))
  .option('--lip-weight <n>', "the command's lip_weight, 0-10", numberFrom(0, 10))
  .option('--face-expand-ratio <n>', "the command's face_expand_ratio, 0-10", numberFrom(0, 10))
  .option('--private', "the command's private: the result is for the member alone")
  .option('--record <file>', 'write every request that the bot sends to Discord, a line of JSON each')
  .option('--port <n>', 'port of the stand-in; 0: any free one', port, 0)
  .option('--timeout <seconds>', 'how long the render may take', numberFrom(1), 900)
  .option('--verbose', 'print what server and bot log', false);

const optionsSchema = z.object({
  once: z.boolean(),
  portrait: z.string(),
  voice: z.string(),
  out: z.string(),
  poseWeight: z.number().optional(),
  faceWeight: z.number().optional(),
  lipWeight: z.number().optional(),
  faceExpandRatio: z.number().optional(),
  private: z.boolean().optional(),
  record: z.string().optional(),
  port: z.number(),
  timeout: z.number(),
  verbose: z.boolean(),
});

type Options = z.infer<typeof optionsSchema>;

/** What is wrong with the files that were named, before anything is started. */
async function fileProblem({ portrait, voice, out, record }: Options): Promise<string | undefined> {
  await mkdir(dirname(resolve(out)), { recursive: true }).catch(() => {});
  const unwritable = await outputProblem(out);
  const unrecorded = record === undefined ? undefined : await outputProblem(record);
  return (await inputProblem(portrait)) ?? (await inputProblem(voice)) ?? unwritable ?? unrecorded;
}

/** Resolves at the first signal, or without a parent; a second signal ends the process at once, and its programs with it. */
function untilStopped(stopping: AbortController): Promise<'stopped'> {
  return new Promise(resolve => {
    const stop = () => {
      stopping.abort();
      resolve('stopped');
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => (stopping.signal.aborted ? process.exit(130) : stop()));
    }
    onParentGone(stop);
  });
}

async function main(): Promise<number> {
  const options = optionsSchema.parse(program.parse().opts());
  const problem = await fileProblem(options);
  if (problem !== undefined) throw new Error(problem);
  const stopping = new AbortController();
  const stopped = untilStopped(stopping);
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  const sandbox = await startSandbox({
    signal: stopping.signal,
    portraitPath: options.portrait,
    voicePath: options.voice,
    outPath: options.out,
    recordPath: options.record,
    port: options.port,
    timeoutMs: options.timeout * 1000,
    verbose: options.verbose,
    print,
    options: {
      pose_weight: options.poseWeight,
      face_weight: options.faceWeight,
      lip_weight: options.lipWeight,
      face_expand_ratio: options.faceExpandRatio,
      private: options.private,
    },
  }).catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  if (sandbox === undefined) return 130;
  try {
    const performed = await Promise.race([sandbox.perform(), stopped, sandbox.ended]);
    if (performed === 'stopped') return 130;
    if (options.once) return performed ? 0 : 1;
    print(
      `\nThe sandbox stays up. The page to click in: ${sandbox.discord.url} (Discord's API: ${sandbox.discord.apiBase}). Ctrl+C ends it.`,
    );
    await Promise.race([stopped, sandbox.ended]);
    return 0;
  } finally {
    print('Stopping…');
    await sandbox.stop();
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof MemberActionError) return `Discord would not let a member send this command: ${error.message}`;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return `The port is taken: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

// Everything is stopped by now; what an interrupted wait left behind must not keep the process.
try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exit(1);
}
