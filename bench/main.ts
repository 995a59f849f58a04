#!/usr/bin/env node
/** Runs benchmarks by name, all of them without one; exit code 1 if a figure is not what it has to be. */
import { Command } from 'commander';
import { ack } from './ack.ts';
import { engine } from './engine.ts';
import { fair } from './fair.ts';
import type { Figure } from './figure.ts';
import { finish } from './finish.ts';
import { flight } from './flight.ts';
import { idle } from './idle.ts';
import { pacing } from './pacing.ts';
import { portraitHash } from './portrait-hash.ts';
import { recover } from './recover.ts';
import { exitCodeOf, lineOf, machine, type Result } from './report.ts';
import { scale } from './scale.ts';

type BenchOptions = { samples?: string; pairs?: string; database?: string };

const BENCHES = new Map<string, (options: BenchOptions) => Promise<Figure[]>>([
  ['idle', idle],
  ['ack', ack],
  ['pacing', pacing],
  ['flight', flight],
  ['recover', recover],
  ['fair', fair],
  ['finish', finish],
  ['scale', scale],
  ['engine', engine],
  ['portrait-hash', portraitHash],
]);

const names = [...BENCHES.keys()].join(', ');
const program = new Command('bench')
  .description('Runs benchmarks and compares their figures with what they have to reach. docs/performance.md explains each.')
  .argument('[name...]', `which: ${names} (default: all)`)
  .option('--json', 'one JSON object: {machine, results:[{bench, figure, value, unit, limit, better, ok}]}', false)
  .option('--database <url>', 'the store of the bot instead of a data directory; empty at the start of each bench')
  .option('--samples <dir>', 'engine: a folder with portrait*.jpg and voice*.wav (default: the bundled samples)')
  .option('--pairs <words>', "engine: only pairs with these words in their name, as 'portrait-a voice-1'")
  .action(run);

async function run(chosen: readonly string[], { json, ...options }: BenchOptions & { json: boolean }): Promise<void> {
  const unknown = chosen.filter(name => !BENCHES.has(name));
  if (unknown.length > 0) program.error(`There is no benchmark ${unknown.join(', ')}. There is: ${names}.`);
  const results: Result[] = [];
  for (const [bench, measure] of BENCHES) {
    if (chosen.length > 0 && !chosen.includes(bench)) continue;
    for (const figure of await measure(options)) {
      const result = { bench, ...figure };
      results.push(result);
      if (!json) console.log(lineOf(result));
    }
  }
  if (json) console.log(JSON.stringify({ machine: machine(), results }));
  process.exitCode = exitCodeOf(results);
}

await program.parseAsync();
