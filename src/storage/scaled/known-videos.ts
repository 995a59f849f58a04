import type { KnownVideos } from '../../core/known-videos.ts';
import type { Database } from './database.ts';

export const KNOWN_VIDEOS = `
  create table hallo.known_videos (
    guild_id text not null,
    member_id text not null,
    made_of text not null,
    render_id text not null,
    until_ms bigint not null,
    primary key (guild_id, member_id, made_of)
  );
  create index known_videos_render on hallo.known_videos (render_id);
  create index known_videos_until on hallo.known_videos (until_ms);
`;

/** Videos by what they were made of, on Postgres. */
export function createPostgresKnownVideos({ query }: Database): KnownVideos {
  return {
    async remember({ guildId, memberId, madeOf, renderId, untilMs }) {
      await query(
        `insert into hallo.known_videos (guild_id, member_id, made_of, render_id, until_ms) values ($1, $2, $3, $4, $5)
          on conflict (guild_id, member_id, made_of) do update set render_id = excluded.render_id, until_ms = excluded.until_ms`,
        [guildId, memberId, madeOf, renderId, Math.ceil(untilMs)],
      );
    },
    async find({ guildId, memberId, madeOf }, nowMs) {
      const [row] = await query(
        'select render_id from hallo.known_videos where guild_id = $1 and member_id = $2 and made_of = $3 and until_ms > $4',
        [guildId, memberId, madeOf, nowMs],
      );
      return row && String(row.render_id);
    },
    forget: async renderId => void (await query('delete from hallo.known_videos where render_id = $1', [renderId])),
    forgetMember: async (guildId, memberId) =>
      void (await query('delete from hallo.known_videos where guild_id = $1 and member_id = $2', [guildId, memberId])),
    forgetGuild: async guildId => void (await query('delete from hallo.known_videos where guild_id = $1', [guildId])),
    sweep: async nowMs => (await query('delete from hallo.known_videos where until_ms <= $1 returning 1', [nowMs])).length,
  };
}
