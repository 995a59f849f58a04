import type { Command } from 'commander';
import { systemClock } from '../core/clock.ts';
import { fail, settings } from './settings.ts';

/** `hallo move`: from SQLite in the data directory to the Postgres of DATABASE_URL. */
export function addMove(program: Command): void {
  program
    .command('move')
    .description('take all that HALLO_DATA_DIR holds to the empty database of DATABASE_URL; the bot has to be stopped')
    .action(async () => {
      const { databaseUrl, dataDir } = settings().storage;
      if (databaseUrl === undefined) fail('DATABASE_URL is not set, so there is nowhere to move to. See docs/scaling.md.');
      const { moveToPostgres } = await import('../storage/move.ts');
      const onProgress = (what: string, done: number, all: number) => {
        if (done === all) console.log(`${what}: ${done}`);
      };
      const answer = await moveToPostgres({ dataDir, databaseUrl }, { clock: systemClock, onProgress });
      if (!answer.ok) fail(answer.problem);
      console.log(`Moved. ${dataDir}/hallo.db is hallo.db.moved now; start the bot with DATABASE_URL set.`);
    });
}
