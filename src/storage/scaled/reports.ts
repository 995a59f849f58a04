import { startOfDayMs, startOfMonthMs } from '../../core/limits.ts';
import type { Ledger } from '../../core/ports.ts';
import { endedHours } from '../ended-hours.ts';
import type { Database } from './database.ts';
import { ENDINGS, LAST_FAILURES } from './endings.ts';
import type { RenderReader } from './rows.ts';
import { BOOKED, COSTS_BY_GUILD, COSTS_BY_MEMBER, guildCostsOf, guildsCosts, totalsOf, USAGE, usageSchema } from './usage.ts';

/** What is told of renders to members, moderators and the operator. `patienceMs`: how long who waits for an answer is kept waiting. */
export function createReports(
  { query }: Pick<Database, 'query'>,
  { now, read, patienceMs }: { now: () => number; read: RenderReader; patienceMs: number },
): Pick<Ledger, 'usageOf' | 'recent' | 'costsOf' | 'costsOfAll' | 'endings' | 'lastFailures' | 'totals'> {
  return {
    async usageOf(guildId, memberId) {
      const nowMs = now();
      const values = [guildId, memberId, nowMs, startOfMonthMs(nowMs), startOfDayMs(nowMs)];
      const [row] = await query(USAGE, values, { patienceMs });
      return usageSchema.parse(row?.usage);
    },

    async recent(guildId, memberId, limit) {
      const rows = await query(
        'select * from hallo.renders where guild_id = $1 and member_id = $2 order by admitted_at_ms desc, seq desc limit $3',
        [guildId, memberId, limit],
        { patienceMs },
      );
      return (await read(rows)).map(kept => kept.render);
    },

    async costsOf(guildId, sinceDayMs, mostMembers) {
      const values = [guildId, sinceDayMs];
      const [members, [booked]] = await Promise.all([
        query(COSTS_BY_MEMBER, values, { patienceMs }),
        query(BOOKED, values, { patienceMs }),
      ]);
      return guildCostsOf(members, booked, mostMembers);
    },

    async costsOfAll(sinceDayMs, mostGuilds) {
      return guildsCosts.parse(await query(COSTS_BY_GUILD, [sinceDayMs, mostGuilds]));
    },

    async endings(sinceMs) {
      return endedHours.parse(await query(ENDINGS, [sinceMs]));
    },

    async lastFailures(sinceMs, limit) {
      return (await read(await query(LAST_FAILURES, [sinceMs, limit]))).map(kept => kept.render);
    },

    async totals() {
      const nowMs = now();
      const [counts, [money]] = await Promise.all([
        query('select phase, count(*) as n from hallo.renders group by phase'),
        query(`select hallo.spent('*', $1) as day, hallo.spent('*', $2) as month`, [startOfDayMs(nowMs), startOfMonthMs(nowMs)]),
      ]);
      return totalsOf(counts, money);
    },
  };
}
