import { z } from 'zod';
import { type Admission, startOfDayMs, startOfMonthMs } from '../../core/limits.ts';
import { PHASES, type Phase } from '../../core/phases.ts';
import type { GuildCosts, LedgerTotals } from '../../core/ports.ts';
import type { Row } from './database.ts';

export const usageSchema = z.object({
  guildHourMs: z.array(z.number()),
  memberDayMs: z.array(z.number()),
  memberLastMs: z.number().nullable(),
  guildMonthUsd: z.number(),
  operatorDayUsd: z.number(),
  operatorMonthUsd: z.number(),
  waiting: z.number(),
});

/** What `hallo.admit` counts: of guild $1 and member $2, at the time $3, in the month and day that began at $4 and $5. */
export const USAGE = `select json_build_object(
  'guildHourMs', array(select admitted_at_ms from hallo.renders where guild_id = $1 and counts and admitted_at_ms > $3::bigint - 3600000
    order by admitted_at_ms),
  'memberDayMs', array(select admitted_at_ms from hallo.renders where guild_id = $1 and member_id = $2 and counts
    and admitted_at_ms > $3::bigint - 86400000 order by admitted_at_ms),
  'memberLastMs', (select max(admitted_at_ms) from hallo.renders where guild_id = $1 and member_id = $2),
  'guildMonthUsd', hallo.spent($1, $4::bigint),
  'operatorDayUsd', hallo.spent('*', $5::bigint),
  'operatorMonthUsd', hallo.spent('*', $4::bigint),
  'waiting', (select count(*) from hallo.renders where phase in ('preparing', 'waiting'))) as usage`;

/** What `hallo.admit` answers: what it counted is told only where a limit stands in the way. */
export const admissionSchema = z.discriminatedUnion('admitted', [
  z.object({ admitted: z.literal(true) }),
  z.object({
    admitted: z.literal(false),
    usage: usageSchema,
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

/** Not counted by the renders' records, which members and time delete. */
export const BOOKED = `select coalesce(sum(usd), 0) as usd, coalesce(sum(renders), 0)::integer as renders from hallo.spend
  where guild_id = $1 and day_ms >= $2`;

export const COSTS_BY_GUILD = `select guild_id as "guildId", sum(usd) as "bookedUsd" from hallo.spend where day_ms >= $1 and guild_id <> '*'
  group by guild_id order by 2 desc, 1 limit $2`;

const membersCosts = z.array(z.object({ memberId: z.string(), bookedUsd: z.number(), renders: z.number() }));
export const guildsCosts = z.array(z.object({ guildId: z.string(), bookedUsd: z.number() }));

export function guildCostsOf(rows: readonly Row[], booked: Row | undefined, mostMembers: number): GuildCosts {
  const members = membersCosts.parse(rows);
  return { bookedUsd: Number(booked?.usd ?? 0), renders: Number(booked?.renders ?? 0), members: members.slice(0, mostMembers) };
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
