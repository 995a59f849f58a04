import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type TestPostgres } from '../support/postgres/start.ts';
import { checkRound } from './check.ts';
import { type Plan, planRound, type StoreName } from './plan.ts';
import { playRound } from './play.ts';
import { type CrashStage, startCrashStage } from './stage.ts';

/** How a round went. `wrong`: everything that is not as promised; `logPath`: then, what the processes printed, each line behind the number of its process. */
export type RoundEnd = {
  plan: Plan;
  wrong: string[];
  tookMs: number;
  uses: number;
  kills: string[];
  logPath: string | undefined;
};

/** A stage gathers guilds and renders from round to round, so now and then it is a new one. */
const ROUNDS_ON_A_STAGE = 15;

/** Plays rounds one after the other. Most of the time goes into the start of programs, so a stage on which all went well is played on again. */
export function createRounds(store: StoreName) {
  let postgres: TestPostgres | undefined;
  let stage: CrashStage | undefined;
  let folder: string | undefined;
  let played = 0;

  async function closeStage(): Promise<void> {
    const [oldStage, oldFolder] = [stage, folder];
    stage = undefined;
    folder = undefined;
    played = 0;
    await oldStage?.close();
    if (oldFolder !== undefined) await rm(oldFolder, { recursive: true, force: true });
  }

  async function ready(): Promise<CrashStage> {
    if (played >= ROUNDS_ON_A_STAGE) await closeStage();
    folder ??= await mkdtemp(join(tmpdir(), 'hallo-crash-orders-'));
    if (store === 'postgres') postgres ??= await startPostgres({ durable: true });
    stage ??= await startCrashStage(join(folder, 'orders.json'), postgres);
    played += 1;
    return stage;
  }

  return {
    async play(seed: number): Promise<RoundEnd> {
      const plan = planRound(seed, store);
      const current = await ready();
      const killsBefore = current.orders.kills().length;
      const startedAtMs = performance.now();
      let uses = 0;
      let wrong: string[];
      try {
        const performance = await playRound(current, plan);
        uses = performance.played.length;
        wrong = await checkRound(current, plan, performance);
      } catch (error) {
        wrong = [`the round did not come to its end: ${error instanceof Error ? error.message : error}`];
      }
      const kills = current.orders.kills().slice(killsBefore);
      const end = { plan, wrong, tookMs: performance.now() - startedAtMs, uses, kills };
      if (wrong.length === 0) return { ...end, logPath: undefined };
      const logPath = join(tmpdir(), `hallo-crash-seed-${seed}.log`);
      await writeFile(logPath, current.processes.flatMap((bot, of) => bot.printed().map(line => `${of} ${line}\n`)).join(''));
      // What comes after a fault on the same stage would be hard to tell from the fault.
      await closeStage();
      return { ...end, logPath };
    },
    async close(): Promise<void> {
      await closeStage();
      await postgres?.close();
    },
  };
}
