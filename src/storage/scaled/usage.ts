import { z } from 'zod';
import { type Admission, startOfDayMs, startOfMonthMs } from '../../core/limits.ts';
import { PHASES, type Phase } from '../../core/phases.ts';
import type { LedgerTotals } from '../../core/ports.ts';
import type { Row } from './database.ts';

/** What `hallo.admit` answers: what it counted is told only where a limit stands in the way. */
export const admissionSchema = z.discriminatedUnion('admitted', [
  z.object({ admitted: z.literal(true) }),
  z.object({
    admitted: z.literal(false),
    usage: z.object({
      guildHourMs: z.array(z.number()),
      memberDayMs: z.array(z.number()),
      memberLastMs: z.number().nullable(),
      guildMonthUsd: z.number(),
      operatorDayUsd: z.number(),
      operatorMonthUsd: z.number(),
      waiting: z.number(),
    }),
  }),
]);

/** The arguments of `hallo.admit` from its time on. */
export function limitsOf({ policy, ceilings, estimateUsd }: Admission, nowMs: number): readonly number[] {
  return [
    ...[nowMs, startOfDayMs(nowMs), startOfMonthMs(nowMs)],
    ...[policy.atOnce, policy.perHour, policy.perMemberDay, policy.cooldownSeconds * 1000, policy.usdPerMonth],
    ...[ceilings.usdPerDay, ceilings.usdPerMonth, ceilings.waiting, estimateUsd],
  ];
}

export function totalsOf(counts: readonly Row[], money: Row | undefined): LedgerTotals {
  const counted = new Map(counts.map(({ phase, n }) => [phase, Number(n)]));
  const of = (phase: Phase) => [phase, counted.get(phase) ?? 0] as const;
  return {
    phases: {
      ...{ preparing: 0, waiting: 0, submitting: 0, rendering: 0, announcing: 0, closed: 0 },
      ...Object.fromEntries(PHASES.map(of)),
    },
    bookedTodayUsd: Number(money?.day ?? 0),
    bookedMonthUsd: Number(money?.month ?? 0),
  };
}
