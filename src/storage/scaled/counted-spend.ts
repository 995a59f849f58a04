/** Of how many renders the money is: their records go before the sum does. */
export const COUNTED_SPEND = `
  alter table hallo.spend add column renders integer not null default 0;
  update hallo.spend set renders = (
    select count(*) from hallo.renders where renders.counts and renders.phase <> 'unreadable'
      and (renders.guild_id = spend.guild_id or spend.guild_id = '*')
      and renders.admitted_at_ms >= spend.day_ms and renders.admitted_at_ms < spend.day_ms + 86400000
  );

  create function hallo.book(p_guild text, p_day_ms bigint, p_usd double precision, p_renders integer) returns void language sql as $$
    insert into hallo.spend (guild_id, day_ms, usd, renders) values (p_guild, p_day_ms, p_usd, p_renders)
      on conflict (guild_id, day_ms) do update set usd = hallo.spend.usd + excluded.usd, renders = hallo.spend.renders + excluded.renders;
    insert into hallo.spend (guild_id, day_ms, usd, renders) values ('*', p_day_ms, p_usd, p_renders)
      on conflict (guild_id, day_ms) do update set usd = hallo.spend.usd + excluded.usd, renders = hallo.spend.renders + excluded.renders;
  $$;

  -- Of a render that is just admitted.
  create or replace function hallo.book(p_guild text, p_day_ms bigint, p_usd double precision) returns void language sql as $$
    select hallo.book(p_guild, p_day_ms, p_usd, 1)
  $$;

  -- Writes a render if it still has the version that was read, and its lease is not another's. Null: it has not, or it is.
  create or replace function hallo.write(
    p_id text, p_version integer, p_token text, p_owner text, p_keeps_lease boolean, p_phase text, p_phase_at_ms bigint,
    p_not_before_ms bigint, p_counts boolean, p_place_until_ms bigint, p_closed_at_ms bigint, p_data text,
    p_guild text, p_day_ms bigint, p_usd double precision
  ) returns integer language plpgsql as $$
  declare v_was text;
  begin
    select phase into v_was from hallo.renders
      where id = p_id and version = p_version and (lease_owner is null or lease_owner = p_owner) for update;
    if not found then return null; end if;
    update hallo.renders set version = version + 1, write_token = p_token, phase = p_phase, phase_at_ms = p_phase_at_ms,
      not_before_ms = p_not_before_ms, counts = counts and p_counts, place_until_ms = p_place_until_ms,
      closed_at_ms = p_closed_at_ms, lease_owner = case when p_keeps_lease then p_owner end, data = p_data where id = p_id;
    -- Once in its life: with the outcome that gives it back.
    if p_usd <> 0 or not p_counts then
      perform hallo.book(p_guild, p_day_ms, p_usd, case when p_counts then 0 else -1 end);
    end if;
    if p_phase = 'waiting' or (v_was in ('submitting', 'rendering') and p_phase not in ('submitting', 'rendering')
      and exists (select from hallo.renders where phase = 'waiting'))
    then perform pg_notify('hallo', 'claim ' || p_owner); end if;
    if not p_keeps_lease and p_closed_at_ms is null then perform pg_notify('hallo', 'work'); end if;
    return p_version + 1;
  end $$;
`;
