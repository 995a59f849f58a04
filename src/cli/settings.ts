import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { type Config, readConfig } from '../config.ts';
import { onParentGone } from './parent.ts';

/** Ends the program with a sentence for the person in front of it. */
export function fail(...lines: readonly string[]): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
}

/** The settings from the environment and `.env` (the environment goes before); every wrong one is named at once. */
export function settings(): Config {
  if (existsSync('.env')) loadEnvFile('.env');
  const answer = readConfig(process.env);
  if (answer.ok) return answer.config;
  return fail('These settings are wrong (.env.example documents them all):', ...answer.problems.map(problem => `  ${problem}`));
}

/** Runs `stop` once at the first SIGTERM or SIGINT, or without a parent, and ends the program; a second signal ends it at once. */
export function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const begin = () => {
    if (stopping) return;
    stopping = true;
    stop().then(
      () => process.exit(0),
      error => fail(`The program did not stop cleanly: ${error instanceof Error ? error.message : error}`),
    );
  };
  const onSignal = () => (stopping ? process.exit(1) : begin());
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  onParentGone(begin);
}
