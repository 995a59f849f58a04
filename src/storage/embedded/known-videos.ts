import type { KnownVideos } from '../../core/known-videos.ts';
import type { Database } from './database.ts';

/** Videos by what they were made of, on SQLite. */
export function createSqliteKnownVideos({ sql }: Database): KnownVideos {
  const remember = sql.prepare(
    `insert into known_videos (guild_id, member_id, made_of, render_id, until_ms) values (?, ?, ?, ?, ?)
      on conflict (guild_id, member_id, made_of) do update set render_id = excluded.render_id, until_ms = excluded.until_ms`,
  );
  const find = sql.prepare(
    'select render_id from known_videos where guild_id = ? and member_id = ? and made_of = ? and until_ms > ?',
  );
  const forget = sql.prepare('delete from known_videos where render_id = ?');
  const forgetMember = sql.prepare('delete from known_videos where guild_id = ? and member_id = ?');
  const forgetGuild = sql.prepare('delete from known_videos where guild_id = ?');
  const sweep = sql.prepare('delete from known_videos where until_ms <= ?');

  return {
    async remember({ guildId, memberId, madeOf, renderId, untilMs }) {
      remember.run(guildId, memberId, madeOf, renderId, Math.ceil(untilMs));
    },
    async find({ guildId, memberId, madeOf }, nowMs) {
      const row = find.get(guildId, memberId, madeOf, nowMs);
      return row && String(row.render_id);
    },
    forget: async renderId => void forget.run(renderId),
    forgetMember: async (guildId, memberId) => void forgetMember.run(guildId, memberId),
    forgetGuild: async guildId => void forgetGuild.run(guildId),
    sweep: async nowMs => Number(sweep.run(nowMs).changes),
  };
}
