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
];
