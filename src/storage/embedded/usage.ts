import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { z } from 'zod';
import { startOfDayMs, startOfMonthMs, type Usage } from '../../core/limits.ts';
import type { GuildCosts } from '../../core/ports.ts';

/** Money of all guilds together stands under this name. */
const ALL = '*';

/** What limits are measured by: counts of admissions, and money by day. */
export type UsageRecord = ReturnType<typeof createUsageRecord>;

export function createUsageRecord(sql: DatabaseSync) {
  const guildHour = sql.prepare(
    'select admitted_at_ms as n from renders where guild_id = ? and counts = 1 and admitted_at_ms > ? order by admitted_at_ms',
  );
  const memberDay = sql.prepare(
    'select admitted_at_ms as n from renders where guild_id = ? and member_id = ? and counts = 1 and admitted_at_ms > ? order by admitted_at_ms',
  );
  const memberLast = sql.prepare('select max(admitted_at_ms) as n from renders where guild_id = ? and member_id = ?');
  const waiting = sql.prepare(`select count(*) as n from renders where phase in ('preparing', 'waiting')`);
  const spent = sql.prepare('select sum(usd) as n, sum(renders) as renders from spend where guild_id = ? and day_ms >= ?');
  const spend = sql.prepare(
    `insert into spend (guild_id, day_ms, usd, renders) values (?, ?, ?, ?)
      on conflict (guild_id, day_ms) do update set usd = usd + excluded.usd, renders = renders + excluded.renders`,
  );
  // A render that was given back counts no more; one under way costs what is reserved for it.
  const byMember = sql.prepare(`
    select member_id as memberId, sum(coalesce(data ->> '$.costUsd', data ->> '$.reservedUsd')) as bookedUsd, count(*) as renders
    from renders where guild_id = ? and admitted_at_ms >= ? and counts = 1 and phase <> 'unreadable'
    group by member_id order by bookedUsd desc, memberId`);
  const byGuild = sql.prepare(`
    select guild_id as guildId, sum(usd) as bookedUsd from spend where day_ms >= ? and guild_id <> '${ALL}'
    group by guild_id order by bookedUsd desc, guildId limit ?`);
  const spentSince = (guildId: string, sinceMs: number) => number(spent.get(guildId, sinceMs)) ?? 0;

  return {
    /** Everything that admission looks at. */
    of(guildId: string, memberId: string, nowMs: number): Usage {
      return {
        guildHourMs: numbers(guildHour.all(guildId, nowMs - 3_600_000)),
        memberDayMs: numbers(memberDay.all(guildId, memberId, nowMs - 24 * 3_600_000)),
        memberLastMs: number(memberLast.get(guildId, memberId)),
        guildMonthUsd: spentSince(guildId, startOfMonthMs(nowMs)),
        operatorDayUsd: spentSince(ALL, startOfDayMs(nowMs)),
        operatorMonthUsd: spentSince(ALL, startOfMonthMs(nowMs)),
        waiting: number(waiting.get()) ?? 0,
      };
    },
    /** Books an amount and so many renders (negative: gives back) to the guild and to all, on the day of the render's admission. */
    book(guildId: string, admittedAtMs: number, usd: number, renders: number): void {
      if (usd === 0 && renders === 0) return;
      const dayMs = startOfDayMs(admittedAtMs);
      spend.run(guildId, dayMs, usd, renders);
      spend.run(ALL, dayMs, usd, renders);
    },
    costsOf(guildId: string, sinceDayMs: number, mostMembers: number): GuildCosts {
      const members = memberRows.parse(byMember.all(guildId, sinceDayMs));
      // Not counted by their records, which members and time delete.
      const renders = Number(spent.get(guildId, sinceDayMs)?.renders ?? 0);
      return { bookedUsd: spentSince(guildId, sinceDayMs), renders, members: members.slice(0, mostMembers) };
    },
    costsOfAll(sinceDayMs: number, mostGuilds: number) {
      return guildRows.parse(byGuild.all(sinceDayMs, mostGuilds));
    },
    /** Reserved and booked over all guilds. */
    totals(nowMs: number): { bookedTodayUsd: number; bookedMonthUsd: number } {
      return { bookedTodayUsd: spentSince(ALL, startOfDayMs(nowMs)), bookedMonthUsd: spentSince(ALL, startOfMonthMs(nowMs)) };
    },
  };
}

const memberRows = z.array(z.object({ memberId: z.string(), bookedUsd: z.number(), renders: z.number() }));
const guildRows = z.array(z.object({ guildId: z.string(), bookedUsd: z.number() }));

type Row = Record<string, SQLOutputValue> | undefined;

function number(row: Row): number | null {
  return typeof row?.n === 'number' ? row.n : null;
}

function numbers(rows: readonly Row[]): number[] {
  return rows.map(number).filter(n => n !== null);
}
