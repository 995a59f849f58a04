#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { startSandbox } from './run/sandbox.ts';

const sample = (name: string) => fileURLToPath(new URL(`./samples/${name}`, import.meta.url));

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

function port(text: string): number {
  const value = number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError('It must be 0 to 65535.');
  return value;
}

const program = new Command('sandbox')
  .description('Runs the bot on a stand-in for Discord, on this machine alone, and performs one real /hallo. No key, no account.')
  .option('--once', 'end after that render; exit code 0 only if the video was delivered', false)
  .addOption(new Option('--portrait <file>', 'the portrait').default(sample('portrait.jpg'), 'the bundled one'))
  .addOption(new Option('--voice <file>', 'the voice').default(sample('voice.wav'), 'the bundled one'))
  .option('--out <file>', 'where the video is saved', 'hallo-sandbox.mp4')
  .option('--pose-weight <n>', "the command's pose_weight", number)
  .option('--face-weight <n>', "the command's face_weight", number)
  .option('--lip-weight <n>', "the command's lip_weight", number)
  .option('--face-expand-ratio <n>', "the command's face_expand_ratio", number)
  .option('--private', 'show the result to the member alone')
  .option('--record <file>', 'write every request that the bot sends to Discord, a line of JSON each')
  .option('--port <n>', 'port of the stand-in; 0: any free one', port, 0)
  .option('--timeout <seconds>', 'how long the render may take', number, 900)
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

async function main(): Promise<number> {
  const options = optionsSchema.parse(program.parse().opts());
  const stopping = new AbortController();
  const interrupted = new Promise<'signal'>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        stopping.abort();
        resolve('signal');
      });
    }
  });
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
  });
  try {
    const performed = await Promise.race([sandbox.perform(), interrupted, sandbox.ended]);
    if (performed === 'signal') return 130;
    if (options.once) return performed ? 0 : 1;
    print(`\nThe sandbox stays up at ${sandbox.discord.url} (the API at ${sandbox.discord.apiBase}). Ctrl+C ends it.`);
    await Promise.race([interrupted, sandbox.ended]);
    return 0;
  } finally {
    print('Stopping…');
    await sandbox.stop();
  }
}

// Everything is stopped by now; what an interrupted wait left behind must not keep the process.
try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
