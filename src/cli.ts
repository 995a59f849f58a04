#!/usr/bin/env node
import { createRequire } from 'node:module';
import { Command } from 'commander';
import { z } from 'zod';

/** What each command needs is loaded when it is called: a bot needs no HTTP server of its own, a server no Discord. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  start: async () => (await import('./cli/start.ts')).addStart,
  serve: async () => (await import('./cli/serve.ts')).addServe,
  render: async () => (await import('./cli/render.ts')).addRender,
  explain: async () => (await import('./cli/explain.ts')).addExplain,
  doctor: async () => (await import('./cli/doctor.ts')).addDoctor,
  move: async () => (await import('./cli/move.ts')).addMove,
  costs: async () => (await import('./cli/costs.ts')).addCosts,
  commands: async () => (await import('./cli/commands.ts')).addCommands,
};

const { version } = z.object({ version: z.string() }).parse(createRequire(import.meta.url)('../package.json'));

const program = new Command('hallo')
  .description(
    'Hallo for Discord: /hallo takes a portrait and a voice clip and answers with a video in which the portrait speaks.',
  )
  .version(version)
  .addHelpText(
    'after',
    '\nFrom the project folder: npm run hallo -- <command>, such as npm run hallo -- render me.jpg me.wav -o me.mp4',
  )
  .showHelpAfterError('(add --help for what is possible)');

const called = COMMANDS[process.argv[2] ?? ''];
for (const load of called === undefined ? Object.values(COMMANDS) : [called]) (await load())(program);

// Whoever reads our output may stop reading, as `| head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

await program.parseAsync();
