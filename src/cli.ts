#!/usr/bin/env node
import { createRequire } from 'node:module';
import { Command } from 'commander';
import { z } from 'zod';
import { addCommands } from './cli/commands.ts';
import { addDoctor } from './cli/doctor.ts';
import { addExplain } from './cli/explain.ts';
import { addRender } from './cli/render.ts';
import { addServe } from './cli/serve.ts';
import { addStart } from './cli/start.ts';

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

for (const add of [addStart, addServe, addRender, addExplain, addDoctor, addCommands]) add(program);

// Whoever reads our output may stop reading, as `| head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

await program.parseAsync();
