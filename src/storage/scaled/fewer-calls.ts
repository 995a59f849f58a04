/**
 * A render in fewer calls: a claim tells whether a further one is worth it, files that belong together are one call, and who hands a
 * render over calls one process for it instead of all. `claim`, `put_file` and `put_chunks` stay for processes of the version before,
 * which run beside newer ones while one after the other is replaced.
 */
export const FEWER_CALLS = `
  -- The next render in turn, as by hallo.claim, and from when a further claim may find one: now, later, or never by time alone (null).
  -- The row is without a render where none may be claimed.
  create function hallo.claim_next(p_token text, p_owner text, p_now_ms bigint, p_max_at_once integer)
  returns table (id text, version integer, write_token text, lease_owner text, phase text, phase_at_ms bigint, cancelled_at_ms bigint,
    data text, next_at_ms bigint) language plpgsql as $$
  #variable_conflict use_column
  declare v_seq bigint; v_guild text; v_more boolean; v_next_ms bigint;
  begin
    -- One claim at a time: the limit over all guilds can't be kept by locks on guilds.
    perform pg_advisory_xact_lock(4715, 0);
    return query select id, version, write_token, lease_owner, phase, phase_at_ms, cancelled_at_ms, data, p_now_ms
      from hallo.renders where lease_owner = p_owner and phase = 'submitting' and write_token = p_token;
    if found then return; end if;
    loop
      with places as materialized (
        select guild_id from hallo.renders where phase in ('submitting', 'rendering')
        union all
        select guild_id from hallo.renders where place_until_ms > p_now_ms and phase not in ('submitting', 'rendering')
      ), free as (select p_max_at_once - count(*) as n from places),
      held as (select guild_id, count(*) as n from places group by guild_id),
      line as (
        select guild_id, min(seq) as seq, count(*) as n from hallo.renders
        where phase = 'waiting' and cancelled_at_ms is null and not_before_ms <= p_now_ms group by guild_id
      ), next as (
        select line.seq, line.guild_id, served_turn, least(line.n, at_once - coalesce(held.n, 0)) as n
        from line join hallo.guilds using (guild_id) left join held using (guild_id)
        where coalesce(held.n, 0) < at_once and (select n from free) > 0
      )
      select seq, guild_id, sum(n) over () > 1 and (select n from free) > 1 into v_seq, v_guild, v_more
        from next order by served_turn, seq limit 1;
      if v_more then v_next_ms := p_now_ms;
      else v_next_ms := least(
        (select min(not_before_ms) from hallo.renders
          where phase = 'waiting' and cancelled_at_ms is null and not_before_ms > p_now_ms),
        (select min(place_until_ms) from hallo.renders where place_until_ms > p_now_ms));
      end if;
      if v_seq is null then
        next_at_ms := v_next_ms;
        return next;
        return;
      end if;
      return query update hallo.renders
        set version = version + 1, write_token = p_token, phase = 'submitting', phase_at_ms = p_now_ms, lease_owner = p_owner
        where seq = v_seq and phase = 'waiting' and cancelled_at_ms is null
        returning id, version, write_token, lease_owner, phase, phase_at_ms, cancelled_at_ms, data, v_next_ms;
      if found then
        update hallo.guilds set served_turn = nextval('hallo.turns') where guild_id = v_guild;
        return;
      end if;
      -- A wish to cancel came since it was looked at: the next one, then.
    end loop;
  end $$;

  -- A process that performs renders and lives, as far as is known; a different one each time. Each says so every 5 s.
  create function hallo.some_performer() returns text language sql as $$
    select owner from hallo.owners where performs and until_ms > (select max(until_ms) from hallo.owners) - 10000
      order by random() limit 1
  $$;

  -- As before, but it says which render waits, and to which process a render is handed over.
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
    if p_phase = 'waiting' then perform pg_notify('hallo', concat_ws(' ', 'claim', p_owner, p_id, p_version + 1));
    elsif v_was in ('submitting', 'rendering') and p_phase not in ('submitting', 'rendering')
      and exists (select from hallo.renders where phase = 'waiting')
    then perform pg_notify('hallo', 'claim ' || p_owner); end if;
    if not p_keeps_lease and p_closed_at_ms is null
    then perform pg_notify('hallo', concat_ws(' ', 'work', hallo.some_performer())); end if;
    return p_version + 1;
  end $$;

  -- Some chunks, of whatever files, and the files that are whole with them. The later expiry counts.
  create function hallo.put_files(
    p_chunk_of text[], p_chunk_at integer[], p_chunks bytea[], p_keys text[], p_contents text[], p_sizes bigint[], p_expires_at_ms bigint
  ) returns void language sql as $$
    insert into hallo.file_chunks (content_id, at, bytes) select * from unnest(p_chunk_of, p_chunk_at, p_chunks) on conflict do nothing;
    delete from hallo.file_chunks where content_id in
      (select content_id from hallo.files where key = any (p_keys) and content_id <> all (p_contents));
    insert into hallo.files (key, content_id, size_bytes, expires_at_ms)
      select key, content_id, size_bytes, p_expires_at_ms from unnest(p_keys, p_contents, p_sizes) as each (key, content_id, size_bytes)
      on conflict (key) do update set content_id = excluded.content_id, size_bytes = excluded.size_bytes,
        expires_at_ms = greatest(hallo.files.expires_at_ms, excluded.expires_at_ms);
  $$;
`;
