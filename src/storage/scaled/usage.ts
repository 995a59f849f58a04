import { z } from 'zod';
import { type Admission, startOfDayMs, startOfMonthMs } from '../../core/limits.ts';
import { PHASES, type Phase } from '../../core/phases.ts';
import type { GuildCosts, LedgerTotals } from '../../core/ports.ts';
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

/** Read by a pattern: the JSON parser of Postgres stumbles over NUL and half a surrogate pair in foreign text, and only a key of ours is followed by a colon. */
const costIn = (name: string) => `substring(data from '"${name}":([0-9.eE+-]+)')::double precision`;

/** A render that was given back counts no more; one under way costs what is reserved for it. */
export const COSTS_BY_MEMBER = `select member_id as "memberId", sum(coalesce(${costIn('costUsd')}, ${costIn('reservedUsd')})) as "bookedUsd",
    count(*)::integer as renders
  from hallo.renders where guild_id = $1 and admitted_at_ms >= $2 and counts and phase <> 'unreadable'
  group by member_id order by 2 desc, 1`;

export const COSTS_BY_GUILD = `select guild_id as "guildId", sum(usd) as "bookedUsd" from hallo.spend where day_ms >= $1 and guild_id <> '*'
  group by guild_id order by 2 desc, 1 limit $2`;

const membersCosts = z.array(z.object({ memberId: z.string(), bookedUsd: z.number(), renders: z.number() }));
export const guildsCosts = z.array(z.object({ guildId: z.string(), bookedUsd: z.number() }));

export function guildCostsOf(rows: readonly Row[], booked: Row | undefined, mostMembers: number): GuildCosts {
  const members = membersCosts.parse(rows);
  const renders = members.reduce((sum, member) => sum + member.renders, 0);
  return { bookedUsd: Number(booked?.usd ?? 0), renders, members: members.slice(0, mostMembers) };
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
