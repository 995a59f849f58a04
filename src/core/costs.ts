import { nextMonthMs, startOfMonthMs } from './limits.ts';
import type { Policy } from './policy.ts';
import type { GuildCosts, Ledger } from './ports.ts';

/** What a guild's month has cost so far, and where it leads. Money in US$, months are UTC's. */
export type CostReport = {
  monthUsd: number;
  renders: number;
  /** null: none was made */
  averageUsd: number | null;
  /** by the end of the month, if it goes on as it went so far */
  forecastUsd: number;
  budgetUsd: number;
  /** renders for which the rest of the budget is enough, each at the estimate */
  rendersLeft: number;
  renewsAtMs: number;
};

const DAY_MS = 24 * 3_600_000;

export function costReport(
  { bookedUsd, renders }: Pick<GuildCosts, 'bookedUsd' | 'renders'>,
  { budgetUsd, estimateUsd }: { budgetUsd: number; estimateUsd: number },
  nowMs: number,
): CostReport {
  const leftUsd = Math.max(0, budgetUsd - bookedUsd);
  return {
    monthUsd: bookedUsd,
    renders,
    averageUsd: renders === 0 ? null : bookedUsd / renders,
    forecastUsd: forecastUsd(bookedUsd, nowMs),
    budgetUsd,
    rendersLeft: estimateUsd > 0 ? Math.floor((leftUsd + 1e-9) / estimateUsd) : Number.POSITIVE_INFINITY,
    renewsAtMs: nextMonthMs(nowMs),
  };
}

function forecastUsd(bookedUsd: number, nowMs: number): number {
  const startMs = startOfMonthMs(nowMs);
  // A first hour says nothing of a month: less than a day counts as one.
  return (bookedUsd / Math.max(DAY_MS, nowMs - startMs)) * (nextMonthMs(nowMs) - startMs);
}

/** Every guild's month, for the operator: costliest first. */
export type AllCosts = {
  /** the month's first moment */
  sinceMs: number;
  totalUsd: number;
  forecastUsd: number;
  guilds: readonly { guildId: string; monthUsd: number; forecastUsd: number; budgetUsd: number }[];
};

export async function allCosts(
  { ledger, policyOf }: { ledger: Pick<Ledger, 'costsOfAll' | 'totals'>; policyOf(guildId: string): Promise<Policy> },
  { nowMs, mostGuilds }: { nowMs: number; mostGuilds: number },
): Promise<AllCosts> {
  const sinceMs = startOfMonthMs(nowMs);
  const [booked, { bookedMonthUsd: totalUsd }] = [await ledger.costsOfAll(sinceMs, mostGuilds), await ledger.totals()];
  const guilds = booked.map(async ({ guildId, bookedUsd: monthUsd }) => ({
    ...{ guildId, monthUsd, forecastUsd: forecastUsd(monthUsd, nowMs) },
    budgetUsd: (await policyOf(guildId)).usdPerMonth,
  }));
  return { sinceMs, totalUsd, forecastUsd: forecastUsd(totalUsd, nowMs), guilds: await Promise.all(guilds) };
}
