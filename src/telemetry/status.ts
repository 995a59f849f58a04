import type { Breaker, BreakerReason } from '../core/breaker.ts';
import type { EndedHour, Ledger, LedgerTotals } from '../core/ports.ts';
import type { Render } from '../core/render.ts';
import type { RequestBudget } from '../core/request-budget.ts';

const DAY_MS = 24 * 3_600_000;
const MOST_FAILURES = 10;

/** Where the bot stands, for its operator: all that the status page shows. */
export type Status = {
  nowMs: number;
  upSinceMs: number;
  role: string;
  /** what is missing to be ready; undefined: it is */
  missing: string | undefined;
  totals: LedgerTotals;
  /** of the last day */
  hours: readonly EndedHour[];
  failures: readonly Render[];
  provider: { pausedFor: BreakerReason | undefined; callsLeft: number };
};

export async function readStatus(
  { ledger, breaker, budget }: { ledger: Ledger; breaker: Pick<Breaker, 'openFor'>; budget: Pick<RequestBudget, 'left'> },
  facts: Pick<Status, 'nowMs' | 'upSinceMs' | 'role' | 'missing'>,
): Promise<Status> {
  const sinceMs = facts.nowMs - DAY_MS;
  const [totals, hours, failures] = await Promise.all([
    ledger.totals(),
    ledger.endings(sinceMs),
    ledger.lastFailures(sinceMs, MOST_FAILURES),
  ]);
  return { ...facts, totals, hours, failures, provider: { pausedFor: breaker.openFor(), callsLeft: budget.left() } };
}
