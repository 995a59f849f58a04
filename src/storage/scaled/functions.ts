/**
 * What has to be one transaction is one function, so that it is one call, too. Times come from the caller, as everywhere.
 * Locks are taken in this order, so that no two wait for each other: the claims' lock, the guild's row, the operator's lock,
 * renders, money.
 */
export const FUNCTIONS = `
  create function hallo.book(p_guild text, p_day_ms bigint, p_usd double precision) returns void language sql as $$
    insert into hallo.spend (guild_id, day_ms, usd) values (p_guild, p_day_ms, p_usd)
      on conflict (guild_id, day_ms) do update set usd = hallo.spend.usd + excluded.usd;
    insert into hallo.spend (guild_id, day_ms, usd) values ('*', p_day_ms, p_usd)
      on conflict (guild_id, day_ms) do update set usd = hallo.spend.usd + excluded.usd;
  $$;

  create function hallo.spent(p_guild text, p_since_ms bigint) returns double precision stable language sql as $$
    select coalesce(sum(usd), 0) from hallo.spend where guild_id = p_guild and day_ms >= p_since_ms
  $$;

  -- Creates the render if no limit stands in the way. The comparisons are those of core/limits.ts, which names the limit that does.
  create function hallo.admit(
    p_id text, p_guild text, p_member text, p_owner text, p_data text, p_now_ms bigint, p_day_ms bigint, p_month_ms bigint,
    p_at_once integer, p_per_hour integer, p_per_member_day integer, p_cooldown_ms bigint, p_guild_usd double precision,
    p_day_usd double precision, p_month_usd double precision, p_waiting integer, p_estimate_usd double precision,
    p_wake_sql text, p_wake_values text
  ) returns table (admitted boolean, usage json) language plpgsql as $$
  declare
    v_hour bigint[]; v_day bigint[]; v_last bigint; v_guild_usd double precision; v_day_usd double precision;
    v_month_usd double precision; v_waiting bigint; v_slack constant double precision := 1e-9;
  begin
    -- Sent again because its answer was lost.
    if exists (select from hallo.renders where id = p_id) then return query select true, null::json; return; end if;
    insert into hallo.guilds (guild_id, at_once) values (p_guild, p_at_once)
      on conflict (guild_id) do update set at_once = excluded.at_once;
    if least(p_day_usd, p_month_usd) < 'infinity' then perform pg_advisory_xact_lock(4715, 1); end if;
    select coalesce(array_agg(admitted_at_ms order by admitted_at_ms), '{}') into v_hour from hallo.renders
      where guild_id = p_guild and counts and admitted_at_ms > p_now_ms - 3600000;
    select coalesce(array_agg(admitted_at_ms order by admitted_at_ms), '{}') into v_day from hallo.renders
      where guild_id = p_guild and member_id = p_member and counts and admitted_at_ms > p_now_ms - 24 * 3600000;
    select max(admitted_at_ms) into v_last from hallo.renders where guild_id = p_guild and member_id = p_member;
    select count(*) into v_waiting from hallo.renders where phase in ('preparing', 'waiting');
    v_guild_usd := hallo.spent(p_guild, p_month_ms);
    v_day_usd := hallo.spent('*', p_day_ms);
    v_month_usd := hallo.spent('*', p_month_ms);
    if (p_cooldown_ms > 0 and p_now_ms < coalesce(v_last + p_cooldown_ms, 0))
      or cardinality(v_day) >= p_per_member_day or cardinality(v_hour) >= p_per_hour or v_waiting >= p_waiting
      or v_guild_usd + p_estimate_usd > p_guild_usd + v_slack or v_day_usd + p_estimate_usd > p_day_usd + v_slack
      or v_month_usd + p_estimate_usd > p_month_usd + v_slack
    then
      return query select false, json_build_object('guildHourMs', v_hour, 'memberDayMs', v_day, 'memberLastMs', v_last,
        'guildMonthUsd', v_guild_usd, 'operatorDayUsd', v_day_usd, 'operatorMonthUsd', v_month_usd, 'waiting', v_waiting);
      return;
    end if;
    insert into hallo.renders (id, guild_id, member_id, phase, phase_at_ms, admitted_at_ms, not_before_ms, lease_owner, data)
      values (p_id, p_guild, p_member, 'preparing', p_now_ms, p_now_ms, p_now_ms, p_owner, p_data);
    perform hallo.book(p_guild, p_day_ms, p_estimate_usd);
    -- pg-boss's own insert, so that the render and its wake-up stand or fall together.
    if p_wake_sql is not null then execute p_wake_sql using p_wake_values; end if;
    return query select true, null::json;
  end $$;

  -- Writes a render if it still has the version that was read, and its lease is not another's. Null: it has not, or it is.
  create function hallo.write(
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
    if p_usd <> 0 then perform hallo.book(p_guild, p_day_ms, p_usd); end if;
    if p_phase = 'waiting' or (v_was in ('submitting', 'rendering') and p_phase not in ('submitting', 'rendering')
      and exists (select from hallo.renders where phase = 'waiting'))
    then perform pg_notify('hallo', 'claim ' || p_owner); end if;
    if not p_keeps_lease and p_closed_at_ms is null then perform pg_notify('hallo', 'work'); end if;
    return p_version + 1;
  end $$;

  -- Whose turn it is: guilds in turn, each guild's renders in the order of admission, none over its limit, nor all over theirs.
  create function hallo.claim(p_token text, p_owner text, p_now_ms bigint, p_max_at_once integer)
  returns setof hallo.renders language plpgsql as $$
  declare v_seq bigint; v_guild text;
  begin
    -- One claim at a time: the limit over all guilds can't be kept by locks on guilds.
    perform pg_advisory_xact_lock(4715, 0);
    return query select * from hallo.renders where lease_owner = p_owner and phase = 'submitting' and write_token = p_token;
    if found then return; end if;
    loop
      with places as materialized (
        select guild_id from hallo.renders where phase in ('submitting', 'rendering')
        union all
        select guild_id from hallo.renders where place_until_ms > p_now_ms and phase not in ('submitting', 'rendering')
      ), held as (select guild_id, count(*) as n from places group by guild_id),
      line as (
        select guild_id, min(seq) as seq from hallo.renders
        where phase = 'waiting' and cancelled_at_ms is null and not_before_ms <= p_now_ms group by guild_id
      )
      select line.seq, line.guild_id into v_seq, v_guild from line
        join hallo.guilds using (guild_id) left join held using (guild_id)
        where coalesce(held.n, 0) < guilds.at_once and (select count(*) from places) < p_max_at_once
        order by guilds.served_turn, line.seq limit 1;
      if v_seq is null then return; end if;
      return query update hallo.renders
        set version = version + 1, write_token = p_token, phase = 'submitting', phase_at_ms = p_now_ms, lease_owner = p_owner
        where seq = v_seq and phase = 'waiting' and cancelled_at_ms is null returning *;
      if found then
        update hallo.guilds set served_turn = nextval('hallo.turns') where guild_id = v_guild;
        return;
      end if;
      -- A wish to cancel came since it was looked at: the next one, then.
    end loop;
  end $$;

  -- Takes over what nobody holds: rows without a lease, of processes that are unknown, and of those that count as dead.
  create function hallo.take_over(p_token text, p_owner text, p_dead_before_ms bigint, p_limit integer)
  returns setof hallo.renders language sql as $$
    update hallo.renders set version = version + 1, write_token = p_token, lease_owner = p_owner
    where seq in (
      select seq from hallo.renders left join hallo.owners on owner = lease_owner
      where closed_at_ms is null and (lease_owner is null or (lease_owner <> p_owner
        and (owner is null or until_ms < p_dead_before_ms)) or (lease_owner = p_owner and write_token = p_token))
      order by seq limit p_limit for update of renders skip locked
    ) returning *
  $$;

  -- Takes one render up, if nobody that performs renders holds it.
  create function hallo.take_up(p_id text, p_token text, p_owner text, p_dead_before_ms bigint)
  returns setof hallo.renders language sql as $$
    update hallo.renders set version = version + 1, write_token = p_token, lease_owner = p_owner
    where id = p_id and closed_at_ms is null and (lease_owner is null or lease_owner = p_owner or not exists (
      select from hallo.owners where owner = lease_owner and performs and until_ms >= p_dead_before_ms
    )) returning *
  $$;

  -- Remembers the wish to cancel, and tells whoever holds the render.
  create function hallo.request_cancel(p_id text, p_now_ms bigint) returns setof hallo.renders language plpgsql as $$
  begin
    update hallo.renders set version = version + 1, cancelled_at_ms = p_now_ms
      where id = p_id and cancelled_at_ms is null and phase in ('preparing', 'waiting', 'submitting', 'rendering');
    if found then perform pg_notify('hallo', 'changed ' || p_id); end if;
    return query select * from hallo.renders where id = p_id;
  end $$;

  -- Deletes a guild's renders, and answers them; an empty row where there are none. No row: one is still under way.
  create function hallo.forget_guild(p_guild text) returns setof hallo.renders language plpgsql as $$
  begin
    perform from hallo.guilds where guild_id = p_guild for update;
    if exists (select from hallo.renders where guild_id = p_guild and closed_at_ms is null) then return; end if;
    return query delete from hallo.renders where guild_id = p_guild returning *;
    if not found then return query select null::hallo.renders; end if;
    -- Its sums of money stay, so that being removed and added again renews no budget; they name no member.
    delete from hallo.guilds where guild_id = p_guild;
  end $$;

  create function hallo.put_chunks(p_content text, p_at integer, p_chunks bytea[]) returns void language sql as $$
    insert into hallo.file_chunks (content_id, at, bytes)
      select p_content, p_at + nr - 1, chunk from unnest(p_chunks) with ordinality as each (chunk, nr) on conflict do nothing
  $$;

  -- The last chunks of a file, and with them the row that makes it one. The later expiry counts.
  create function hallo.put_file(
    p_content text, p_at integer, p_chunks bytea[], p_key text, p_size_bytes bigint, p_expires_at_ms bigint
  ) returns void language plpgsql as $$
  begin
    perform hallo.put_chunks(p_content, p_at, p_chunks);
    delete from hallo.file_chunks where content_id in (select content_id from hallo.files where key = p_key and content_id <> p_content);
    insert into hallo.files (key, content_id, size_bytes, expires_at_ms) values (p_key, p_content, p_size_bytes, p_expires_at_ms)
      on conflict (key) do update set content_id = excluded.content_id, size_bytes = excluded.size_bytes,
        expires_at_ms = greatest(hallo.files.expires_at_ms, excluded.expires_at_ms);
  end $$;

  create function hallo.remove_files(p_keys text[]) returns void language sql as $$
    with gone as (delete from hallo.files where key = any (p_keys) returning content_id)
      delete from hallo.file_chunks where content_id in (select content_id from gone)
  $$;

  -- Deletes what has expired, and chunks whose file was never finished.
  create function hallo.sweep_files(p_now_ms bigint) returns integer language plpgsql as $$
  declare v_keys text[] := array(select key from hallo.files where expires_at_ms <= p_now_ms);
  begin
    perform hallo.remove_files(v_keys);
    delete from hallo.file_chunks where stored_at < now() - interval '1 hour'
      and not exists (select from hallo.files where files.content_id = file_chunks.content_id);
    return cardinality(v_keys);
  end $$;

  -- Reserves calls to the provider: the time of the first; each further one comes p_every_ms after the one before it. After idle times
  -- p_burst of them may go out at once.
  create function hallo.reserve_calls(p_now_ms double precision, p_every_ms double precision, p_burst integer, p_count integer)
  returns double precision language sql as $$
    update hallo.permits
      set next_ms = greatest(next_ms, p_now_ms - (p_burst - 1) * p_every_ms, paused_until_ms) + p_count * p_every_ms
      returning next_ms - p_count * p_every_ms
  $$;
`;
