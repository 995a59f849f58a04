import type { Command } from 'commander';
import { z } from 'zod';
import { fail, settings } from './settings.ts';

const answer = z.object({
  sinceMs: z.number(),
  totalUsd: z.number(),
  forecastUsd: z.number(),
  guilds: z.array(z.object({ guildId: z.string(), monthUsd: z.number(), forecastUsd: z.number(), budgetUsd: z.number() })),
});
type Costs = z.infer<typeof answer>;

const PATIENCE_MS = 10_000;

/** `hallo costs`: what each server's month has cost so far, asked of the running bot at its operator's port. */
export function addCosts(program: Command): void {
  program
    .command('costs')
    .description("tell what each server's month has cost so far, and where it leads; asks the running bot")
    .option('--json', 'one JSON object', false)
    .option('--url <url>', "the bot's operator address (usual: HALLO_OPERATOR_HOST and HALLO_OPERATOR_PORT)")
    .action(async ({ json, url }: { json: boolean; url?: string }) => {
      const { host, port } = settings().operator;
      const base = url ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
      const costs = await ask(base);
      if (costs === undefined) return fail(`No bot answers at ${base}. Is it running, and is that its operator's port?`);
      console.log(json ? JSON.stringify(costs) : readable(costs));
    });
}

async function ask(base: string): Promise<Costs | undefined> {
  try {
    const response = await fetch(new URL('/costs', base), { signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.safeParse(await response.json()).data;
  } catch {
    return undefined;
  }
}

/** A line a server, costliest first, and the sum. */
export function readable({ sinceMs, totalUsd, forecastUsd, guilds }: Costs): string {
  const row = (name: string, month: string, forecast: string, budget: string) =>
    `${name.padEnd(20)} ${month.padStart(10)} ${forecast.padStart(10)} ${budget.padStart(10)}`;
  const usd = (amount: number) => amount.toFixed(2);
  return [
    `${new Date(sinceMs).toISOString().slice(0, 7)}, US$`,
    row('server', 'so far', 'forecast', 'budget'),
    ...guilds.map(each => row(each.guildId, usd(each.monthUsd), usd(each.forecastUsd), usd(each.budgetUsd))),
    row('all', usd(totalUsd), usd(forecastUsd), ''),
  ].join('\n');
}
