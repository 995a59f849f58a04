#!/usr/bin/env node
/** Runs benchmarks by name, all of them without one; exit code 1 if a figure is not what it has to be. */
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { Command } from 'commander';
import { engine } from './engine.ts';
import { type Figure, pacing } from './pacing.ts';
import { portraitHash } from './portrait-hash.ts';

type BenchOptions = { samples?: string };

const BENCHES: ReadonlyMap<string, (options: BenchOptions) => Promise<Figure[]>> = new Map([
  ['pacing', pacing],
  ['engine', engine],
  ['portrait-hash', portraitHash],
]);

const names = [...BENCHES.keys()].join(', ');
const program = new Command('bench')
  .description('Runs benchmarks and compares their figures with what they have to reach.')
  .argument('[name...]', `which: ${names} (default: all)`)
  .option('--json', 'one JSON object: {machine, results:[{bench, figure, value, unit, limit, better, ok}]}', false)
  .option('--samples <dir>', 'engine: a folder with portrait*.jpg and voice*.wav (default: the bundled samples)')
  .action(run);

async function run(chosen: readonly string[], { json, ...options }: BenchOptions & { json: boolean }): Promise<void> {
  const unknown = chosen.filter(name => !BENCHES.has(name));
  if (unknown.length > 0) program.error(`There is no benchmark ${unknown.join(', ')}. There is: ${names}.`);
  const results: (Figure & { bench: string })[] = [];
  for (const [bench, measure] of BENCHES) {
    if (chosen.length > 0 && !chosen.includes(bench)) continue;
    for (const figure of await measure(options)) results.push({ bench, ...figure });
  }
  if (json) console.log(JSON.stringify({ machine: machine(), results }));
  else for (const result of results) console.log(lineOf(result));
  process.exitCode = results.every(result => result.ok) ? 0 : 1;
}

function lineOf({ bench, figure, value, unit, limit, better, ok }: Figure & { bench: string }): string {
  const bound = better === 'lower' ? 'at most' : 'at least';
  return `${ok ? 'ok  ' : 'FAIL'}  ${bench}: ${figure}: ${value} ${unit} (${bound} ${limit})`;
}

function machine() {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${platform()} ${arch()}`,
    node: process.version,
  };
}

await program.parseAsync();
