/** What moderators look at and do; times in ms. */
export const MODERATION = `
  create table hallo.moderation_cases (
    seq bigint generated always as identity primary key,
    id text not null unique,
    guild_id text not null,
    kind text not null,
    render_id text not null,
    member_id text not null,
    state text not null,
    decided_at_ms bigint,
    due_at_ms bigint,
    -- the case itself, as JSON; the columns above are what queries need of it
    data text not null,
    unique (render_id, kind)
  );
  create index moderation_cases_guild on hallo.moderation_cases (guild_id, state, seq);
  create index moderation_cases_member on hallo.moderation_cases (guild_id, member_id);
  create index moderation_cases_due on hallo.moderation_cases (due_at_ms) where due_at_ms is not null;
  create index moderation_cases_decided on hallo.moderation_cases (decided_at_ms) where decided_at_ms is not null;

  create table hallo.moderation_reports (
    case_id text not null references hallo.moderation_cases (id) on delete cascade,
    member_id text not null,
    at_ms bigint not null,
    why text not null,
    primary key (case_id, member_id)
  );

  create table hallo.moderation_suspensions (
    seq bigint generated always as identity primary key,
    guild_id text not null,
    member_id text not null,
    until_ms bigint,
    why text,
    by_id text not null,
    since_ms bigint not null,
    case_id text
  );
  create index moderation_suspensions_member on hallo.moderation_suspensions (guild_id, member_id);
  create index moderation_suspensions_case on hallo.moderation_suspensions (case_id) where case_id is not null;

  create table hallo.moderation_warnings (
    seq bigint generated always as identity primary key,
    guild_id text not null,
    member_id text not null,
    at_ms bigint not null,
    told boolean not null default false,
    case_id text not null
  );
  create index moderation_warnings_member on hallo.moderation_warnings (guild_id, member_id);
  create index moderation_warnings_case on hallo.moderation_warnings (case_id);

  create table hallo.moderation_pictures (
    seq bigint generated always as identity primary key,
    id text not null unique,
    guild_id text not null,
    hash text not null,
    note text,
    by_id text not null,
    at_ms bigint not null
  );
  create index moderation_pictures_guild on hallo.moderation_pictures (guild_id);

  create table hallo.moderation_audit (
    seq bigint generated always as identity primary key,
    guild_id text not null,
    at_ms bigint not null,
    by_id text not null,
    action text not null,
    member_id text,
    case_id text,
    until_ms bigint,
    why text
  );
  create index moderation_audit_guild on hallo.moderation_audit (guild_id, seq);
  create index moderation_audit_member on hallo.moderation_audit (guild_id, member_id, seq);
`;
