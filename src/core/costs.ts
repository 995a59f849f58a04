import { nextMonthMs, startOfMonthMs } from './limits.ts';
import type { GuildCosts } from './ports.ts';

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
  const [startMs, renewsAtMs] = [startOfMonthMs(nowMs), nextMonthMs(nowMs)];
  // A first hour says nothing of a month: less than a day counts as one.
  const elapsedMs = Math.max(DAY_MS, nowMs - startMs);
  const leftUsd = Math.max(0, budgetUsd - bookedUsd);
  return {
    monthUsd: bookedUsd,
    renders,
    averageUsd: renders === 0 ? null : bookedUsd / renders,
    forecastUsd: (bookedUsd / elapsedMs) * (renewsAtMs - startMs),
    budgetUsd,
    rendersLeft: estimateUsd > 0 ? Math.floor((leftUsd + 1e-9) / estimateUsd) : Number.POSITIVE_INFINITY,
    renewsAtMs,
  };
}
