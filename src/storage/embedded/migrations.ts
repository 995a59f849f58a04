/** The schema's history, in order. A migration that has been released is never changed; a new one is appended. */
export const MIGRATIONS: readonly string[] = [
  `
  create table renders (
    seq integer primary key autoincrement,
    id text not null unique,
    guild_id text not null,
    member_id text not null,
    phase text not null,
    admitted_at_ms integer not null,
    not_before_ms integer not null,
    cancelled integer not null,
    counts integer not null,
    place_until_ms integer,
    closed_at_ms integer,
    lease_owner text,
    lease_until_ms integer,
    -- the render itself, as JSON; the columns above are what queries need of it
    data text not null
  ) strict;
  -- not limited to open renders: "phase = 'waiting'" does not tell SQLite that "phase <> 'closed'" holds
  create index renders_phase on renders (phase, guild_id, seq, cancelled, not_before_ms);
  create index renders_leases on renders (lease_owner) where lease_owner is not null;
  create index renders_guild_time on renders (guild_id, admitted_at_ms);
  create index renders_member_time on renders (guild_id, member_id, admitted_at_ms);
  create index renders_places on renders (place_until_ms) where place_until_ms is not null;
  create index renders_closed on renders (closed_at_ms) where closed_at_ms is not null;

  -- one row a guild: its limit as last admitted with, and when it was last served
  create table guilds (
    guild_id text primary key,
    at_once integer not null,
    served_turn integer not null default 0
  ) strict, without rowid;

  -- money reserved and booked, by guild and day of admission (UTC); guild '*' is all of them
  create table spend (
    guild_id text not null,
    day_ms integer not null,
    usd real not null,
    primary key (guild_id, day_ms)
  ) strict, without rowid;

  create table files (
    key text primary key,
    size_bytes integer not null,
    expires_at_ms integer not null
  ) strict, without rowid;
  create index files_expiry on files (expires_at_ms);

  create table settings (
    key text primary key,
    value text not null,
    expires_at_ms integer
  ) strict, without rowid;
  `,
  `
  -- what moderators look at and do; times in ms
  create table moderation_cases (
    seq integer primary key autoincrement,
    id text not null unique,
    guild_id text not null,
    kind text not null,
    render_id text not null,
    member_id text not null,
    state text not null,
    decided_at_ms integer,
    due_at_ms integer,
    -- the case itself, as JSON; the columns above are what queries need of it
    data text not null,
    unique (render_id, kind)
  ) strict;
  create index moderation_cases_guild on moderation_cases (guild_id, state);
  create index moderation_cases_member on moderation_cases (guild_id, member_id);
  create index moderation_cases_due on moderation_cases (due_at_ms) where due_at_ms is not null;
  create index moderation_cases_decided on moderation_cases (decided_at_ms) where decided_at_ms is not null;

  create table moderation_reports (
    case_id text not null references moderation_cases (id) on delete cascade,
    member_id text not null,
    at_ms integer not null,
    why text not null,
    primary key (case_id, member_id)
  ) strict, without rowid;

  create table moderation_suspensions (
    seq integer primary key autoincrement,
    guild_id text not null,
    member_id text not null,
    until_ms integer,
    why text,
    by_id text not null,
    since_ms integer not null,
    case_id text
  ) strict;
  create index moderation_suspensions_member on moderation_suspensions (guild_id, member_id);
  create index moderation_suspensions_case on moderation_suspensions (case_id) where case_id is not null;

  create table moderation_warnings (
    seq integer primary key autoincrement,
    guild_id text not null,
    member_id text not null,
    at_ms integer not null,
    told integer not null default 0,
    case_id text not null
  ) strict;
  create index moderation_warnings_member on moderation_warnings (guild_id, member_id);
  create index moderation_warnings_case on moderation_warnings (case_id);

  create table moderation_pictures (
    seq integer primary key autoincrement,
    id text not null unique,
    guild_id text not null,
    hash text not null,
    note text,
    by_id text not null,
    at_ms integer not null
  ) strict;
  create index moderation_pictures_guild on moderation_pictures (guild_id);

  create table moderation_audit (
    seq integer primary key autoincrement,
    guild_id text not null,
    at_ms integer not null,
    by_id text not null,
    action text not null,
    member_id text,
    case_id text,
    until_ms integer,
    why text
  ) strict;
  create index moderation_audit_guild on moderation_audit (guild_id, seq);
  create index moderation_audit_member on moderation_audit (guild_id, member_id, seq);
  `,
  `
  create table known_videos (
    guild_id text not null,
    member_id text not null,
    made_of text not null,
    render_id text not null,
    until_ms integer not null,
    primary key (guild_id, member_id, made_of)
  ) strict, without rowid;
  create index known_videos_render on known_videos (render_id);
  create index known_videos_until on known_videos (until_ms);
  `,
  `
  -- of how many renders the money is: their records go before the sum does
  alter table spend add column renders integer not null default 0;
  update spend set renders = (
    select count(*) from renders where renders.counts = 1 and renders.phase <> 'unreadable'
      and (renders.guild_id = spend.guild_id or spend.guild_id = '*')
      and renders.admitted_at_ms >= spend.day_ms and renders.admitted_at_ms < spend.day_ms + 86400000
  );
  `,
];
