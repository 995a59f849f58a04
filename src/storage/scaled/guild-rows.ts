import { LONGEST_LIMIT_MS } from '../../core/limits.ts';
import type { Ledger } from '../../core/ports.ts';
import { fileKeysOf } from '../../core/render.ts';
import type { Database } from './database.ts';
import type { RenderReader } from './rows.ts';

/** What is kept of guilds and members: their limit, and how they are forgotten. */
export function createGuildRows(
  { query }: Pick<Database, 'query'>,
  { read, patienceMs }: { read: RenderReader; patienceMs: number },
): Pick<Ledger, 'allow' | 'unpaidOf' | 'guilds' | 'forgetGuild' | 'forgetMember' | 'sweep'> {
  return {
    async allow(guildId, atOnce) {
      await query(
        `with allowed as (insert into hallo.guilds (guild_id, at_once) values ($1, $2)
          on conflict (guild_id) do update set at_once = excluded.at_once returning 1)
        select pg_notify('hallo', 'claim') from allowed`,
        [guildId, atOnce],
        { patienceMs },
      );
    },

    async unpaidOf(guildId, admittedUntilMs) {
      const rows = await query(
        `select id from hallo.renders where guild_id = $1 and phase in ('preparing', 'waiting') and admitted_at_ms <= $2`,
        [guildId, admittedUntilMs],
      );
      return rows.map(row => String(row.id));
    },

    async guilds() {
      return (await query('select guild_id from hallo.guilds')).map(row => String(row.guild_id));
    },

    async forgetGuild(guildId) {
      const rows = await query('select * from hallo.forget_guild($1)', [guildId]);
      if (rows.length === 0) return undefined;
      return (await read(rows.filter(row => row.id !== null))).flatMap(kept => fileKeysOf(kept.render));
    },

    async forgetMember(guildId, memberId, { keepRecordsMs, except }) {
      const rows = await query(
        `update hallo.renders set closed_at_ms = least(closed_at_ms, admitted_at_ms + $3)
          where guild_id = $1 and member_id = $2 and phase = 'closed' and id <> all($4) returning *`,
        [guildId, memberId, LONGEST_LIMIT_MS - keepRecordsMs, except],
      );
      return (await read(rows)).flatMap(kept => fileKeysOf(kept.render));
    },

    async sweep(closedBeforeMs) {
      const [row] = await query(
        'with gone as (delete from hallo.renders where closed_at_ms < $1 returning 1) select count(*) as n from gone',
        [closedBeforeMs],
      );
      return Number(row?.n);
    },
  };
}
