import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Render } from '../../core/render.ts';

/** Whose turn it is: guilds in turn, each guild's own renders in the order of admission, none over its limit. */
export type Turns = ReturnType<typeof createTurns>;

const rowSchema = z.object({ guild_id: z.string(), id: z.string() });

export function createTurns(sql: DatabaseSync) {
  const allow = sql.prepare(
    'insert into guilds (guild_id, at_once) values (?, ?) on conflict (guild_id) do update set at_once = excluded.at_once',
  );
  // A render takes a place while the provider works on it, or may still work on it (place_until_ms). Two selects, for an OR over
  // both would read every render that is kept.
  const places = `select guild_id from renders where phase in ('submitting', 'rendering')
    union all select guild_id from renders where place_until_ms > :now and phase not in ('submitting', 'rendering')`;
  const held = sql.prepare(`select count(*) as n from (${places})`);
  // The guild that was served longest ago goes first; a new one counts as never served. Of the index only one step a waiting guild is
  // read, so that a line of thousands costs a claim no more than a short one.
  const next = sql.prepare(`
    with recursive held as (select guild_id, count(*) as n from (${places}) group by guild_id),
      waiting (guild_id) as (select min(guild_id) from renders where phase = 'waiting'
        union all select (select min(guild_id) from renders where phase = 'waiting' and guild_id > waiting.guild_id)
          from waiting where guild_id is not null),
      line as (select guild_id, (select seq from renders
          where phase = 'waiting' and guild_id = waiting.guild_id and cancelled = 0 and not_before_ms <= :now
          order by seq limit 1) as seq from waiting)
    select line.guild_id, renders.id from line
      join guilds on guilds.guild_id = line.guild_id
      join renders on renders.seq = line.seq
      left join held on held.guild_id = line.guild_id
    where coalesce(held.n, 0) < guilds.at_once
    order by guilds.served_turn, line.seq limit 1`);
  const served = sql.prepare('update guilds set served_turn = (select max(served_turn) from guilds) + 1 where guild_id = ?');
  const nextAt = sql.prepare(`select min(at) as n from (
      select min(not_before_ms) as at from renders where phase = 'waiting' and cancelled = 0 and not_before_ms > :now
      union all select min(place_until_ms) from renders where place_until_ms > :now)`);
  const place = sql.prepare(`select count(*) as n from renders
    where phase = 'waiting' and cancelled = 0 and guild_id = ? and seq < (select seq from renders where id = ?)`);

  return {
    /** Keeps the guild's limit of renders at once, as its policy says now. */
    allow(guildId: string, atOnce: number): void {
      allow.run(guildId, atOnce);
    },
    /** The render that may be submitted now, if any; its guild goes to the end of the round. */
    next(nowMs: number, maxAtOnce: number): string | undefined {
      if (Number(held.get({ now: nowMs })?.n) >= maxAtOnce) return undefined;
      const row = next.get({ now: nowMs });
      if (!row) return undefined;
      const { guild_id, id } = rowSchema.parse(row);
      served.run(guild_id);
      return id;
    },
    /** When time alone lets a further render go: a retry comes due, or a kept place runs out. */
    nextAtMs(nowMs: number): number | undefined {
      const at = nextAt.get({ now: nowMs })?.n;
      return typeof at === 'number' ? at : undefined;
    },
    /** 1 for the first of its guild. */
    placeOf(render: Render): number {
      return Number(place.get(render.guildId, render.id)?.n) + 1;
    },
  };
}
