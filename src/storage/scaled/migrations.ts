import { COUNTED_SPEND } from './counted-spend.ts';
import { FEWER_CALLS } from './fewer-calls.ts';
import { FUNCTIONS } from './functions.ts';
import { KNOWN_VIDEOS } from './known-videos.ts';
import { MODERATION } from './moderation-tables.ts';

/** The schema's history, in order. A migration that has been released is never changed; a new one is appended. */
export const MIGRATIONS: readonly string[] = [
  `
  create table hallo.renders (
    seq bigint generated always as identity primary key,
    id text not null unique,
    -- counts the writes; each write names the version that it has read
    version integer not null default 1,
    -- of the last write, so that one whose answer was lost is known again
    write_token text,
    guild_id text not null,
    member_id text not null,
    phase text not null,
    phase_at_ms bigint not null,
    admitted_at_ms bigint not null,
    not_before_ms bigint not null,
    cancelled_at_ms bigint,
    counts boolean not null default true,
    place_until_ms bigint,
    closed_at_ms bigint,
    lease_owner text,
    -- the rest of the render, as JSON; text, for jsonb takes neither NUL nor half a surrogate pair, and foreign text may hold both
    data text not null
  );
  create index renders_open on hallo.renders (lease_owner, seq) where closed_at_ms is null;
  create index renders_waiting on hallo.renders (guild_id, seq) where phase = 'waiting';
  create index renders_unpaid on hallo.renders (guild_id) where phase in ('preparing', 'waiting');
  create index renders_at_work on hallo.renders (guild_id) where phase in ('submitting', 'rendering');
  create index renders_places on hallo.renders (place_until_ms) where place_until_ms is not null;
  create index renders_member_time on hallo.renders (guild_id, member_id, admitted_at_ms);
  create index renders_guild_time on hallo.renders (guild_id, admitted_at_ms);
  create index renders_closed on hallo.renders (closed_at_ms) where closed_at_ms is not null;

  -- a process, and until when it counts as alive: the lease of all its renders. A gateway's are its own only until they are deferred.
  create table hallo.owners (
    owner text primary key,
    performs boolean not null,
    until_ms bigint not null
  );

  -- one row a guild: its limit as last admitted with, and when it was last served; the row is the guild's lock
  create table hallo.guilds (
    guild_id text primary key,
    at_once integer not null,
    served_turn bigint not null default 0
  );
  create sequence hallo.turns;

  -- money reserved and booked, by guild and day of admission (UTC); guild '*' is all of them
  create table hallo.spend (
    guild_id text not null,
    day_ms bigint not null,
    usd double precision not null,
    primary key (guild_id, day_ms)
  );

  create table hallo.files (
    key text primary key,
    -- tells apart what was put under the same key at another time
    content_id text not null unique,
    size_bytes bigint not null,
    expires_at_ms bigint not null
  );
  create index files_expiry on hallo.files (expires_at_ms);
  create table hallo.file_chunks (
    content_id text not null,
    at integer not null,
    bytes bytea not null,
    stored_at timestamptz not null default now(),
    primary key (content_id, at)
  );
  -- media are compressed already
  alter table hallo.file_chunks alter column bytes set storage external;

  -- as @keyv/postgres wants it
  create table hallo.settings (key varchar(255) primary key, value text);

  -- the budget of calls to the provider that all processes share: one row
  create table hallo.permits (
    single boolean primary key default true check (single),
    next_ms double precision not null default 0,
    paused_until_ms bigint not null default 0
  );
  insert into hallo.permits default values;
  ${FUNCTIONS}
  `,
  MODERATION,
  KNOWN_VIDEOS,
  COUNTED_SPEND,
  FEWER_CALLS,
];
