#!/usr/bin/env node
import { Command } from 'commander';
import { addCommands } from './cli/commands.ts';
import { addDoctor } from './cli/doctor.ts';
import { addExplain } from './cli/explain.ts';
import { addRender } from './cli/render.ts';
import { addServe } from './cli/serve.ts';
import { addStart } from './cli/start.ts';

const program = new Command('hallo')
  .description(
    'Hallo for Discord: /hallo takes a portrait and a voice clip and answers with a video in which the portrait speaks.',
  )
  .showHelpAfterError('(add --help for what is possible)');

for (const add of [addStart, addServe, addRender, addExplain, addDoctor, addCommands]) add(program);

await program.parseAsync();
