import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startStage } from '../e2e/stage.ts';
import type { TestPostgres } from '../support/postgres/start.ts';
import { readDatabase, readDataDirectory } from './books.ts';
import { createOrders } from './orders.ts';
import { FLEET } from './plan.ts';

export const LIMITS = { atOnce: 1, atOnceInAll: 2, perHour: 5, guildUsd: 1.7 };

const botProgram = fileURLToPath(new URL('bot.ts', import.meta.url));

export type CrashStage = Awaited<ReturnType<typeof startCrashStage>>;

/**
 * A stage whose bot takes orders when to die, with limits that a round can reach. `database`: gateways and workers on a new
 * database of its; without it one process on the embedded store.
 */
export async function startCrashStage(ordersPath: string, database?: TestPostgres) {
  const orders = createOrders(ordersPath);
  const settings = {
    CRASH_ORDERS: ordersPath,
    HALLO_DEFAULT_AT_ONCE: `${LIMITS.atOnce}`,
    HALLO_MAX_AT_ONCE: `${LIMITS.atOnceInAll}`,
    HALLO_DEFAULT_PER_HOUR: `${LIMITS.perHour}`,
    HALLO_DEFAULT_USD_PER_MONTH: `${LIMITS.guildUsd}`,
  };
  const databaseUrl = await database?.createDatabase();
  const fleet = databaseUrl === undefined ? undefined : { databaseUrl, ...FLEET };
  const stage = await startStage(settings, { serve: ['--concurrency', '4'], botProgram, ...(fleet && { fleet }) });
  let weights = 0;
  return {
    ...stage,
    orders,
    database,
    readBooks: () => (databaseUrl === undefined ? readDataDirectory(join(stage.folder, 'bot')) : readDatabase(databaseUrl)),
    /** One that no other render of this stage has. */
    nextWeight(): number {
      weights += 1;
      return weights / 1_000;
    },
  };
}
