-- Settlement and sweep: the two ways in which a hold is consumed, through one function.

create type cast_ending as (
  cast_id uuid,
  account_id uuid,
  error_code text,
  fuel_used bigint,
  duration_ms integer,
  output_digest bytea,
  log bytea
);
--> statement-breakpoint

create type settlement as (
  cast_id uuid,
  outcome text,
  error_code text,
  cost_micros bigint,
  fuel_used bigint,
  ledger_seq bigint
);
--> statement-breakpoint

-- Moves a consumed hold into usage and history, and gives back the cast as it ended. Only a completed cast costs.
-- The caller deleted the hold and has the account's lock.
create function end_cast(p_hold holds, p_ending cast_ending, p_now timestamptz)
returns casts
language plpgsql
volatile
as $$
declare
  ended casts;
  from_allowance boolean := p_hold.funding = 'allowance';
begin
  ended.cost_micros := case
    when p_ending.error_code is null
    then price_micros(p_hold.flat_micros, p_hold.rate_micros, coalesce(p_ending.fuel_used, 0))
    else 0
  end;
  if ended.cost_micros > p_hold.hold_micros then
    raise exception 'cast % would cost % micros and holds only %', p_hold.cast_id, ended.cost_micros, p_hold.hold_micros
      using errcode = 'check_violation';
  end if;

  update usage_days u
     set held_micros = u.held_micros - p_hold.hold_micros,
         settled_micros = u.settled_micros + ended.cost_micros,
         calls = u.calls + 1
   where u.account_id = p_hold.account_id
     and u.day = p_hold.day;
  update usage_months u
     set held_micros = u.held_micros - p_hold.hold_micros,
         settled_micros = u.settled_micros + ended.cost_micros,
         allowance_held_micros = u.allowance_held_micros - case when from_allowance then p_hold.hold_micros else 0 end,
         allowance_settled_micros = u.allowance_settled_micros + case when from_allowance then ended.cost_micros else 0 end,
         calls = u.calls + 1
   where u.account_id = p_hold.account_id
     and u.month = p_hold.month;
  update key_usage_months u
     set held_micros = u.held_micros - p_hold.hold_micros,
         settled_micros = u.settled_micros + ended.cost_micros,
         calls = u.calls + 1
   where u.key_id = p_hold.key_id
     and u.month = p_hold.month;

  insert into casts (
    id, account_id, key_id, version_id, day, month, funding, hold_micros, fuel_limit, admitted_at, seed, input_digest,
    state, error_code, cost_micros, fuel_used, duration_ms, output_digest, log, ended_at
  )
  values (
    p_hold.cast_id, p_hold.account_id, p_hold.key_id, p_hold.version_id, p_hold.day, p_hold.month, p_hold.funding,
    p_hold.hold_micros, p_hold.fuel_limit, p_hold.admitted_at, p_hold.seed, p_hold.input_digest,
    case when p_ending.error_code is null then 'completed' else 'failed' end,
    p_ending.error_code, ended.cost_micros, p_ending.fuel_used, p_ending.duration_ms, p_ending.output_digest,
    p_ending.log, p_now
  )
  returning * into ended;
  return ended;
end;
$$;
--> statement-breakpoint

-- The ledger's account of a cast that ended, as the JSON bytes that are hashed.
create function cast_details(p_cast casts)
returns bytea
language sql
stable
as $$
  select convert_to(json_build_object(
           'spell', s.key,
           'version', v.version,
           'module', encode(v.published_digest, 'hex'),
           'state', p_cast.state,
           'error_code', p_cast.error_code,
           'hold_micros', p_cast.hold_micros,
           'fuel_limit', p_cast.fuel_limit,
           'fuel_used', p_cast.fuel_used,
           'funding', p_cast.funding,
           'month', p_cast.month,
           'input', encode(p_cast.input_digest, 'hex'),
           'output', encode(p_cast.output_digest, 'hex')
         )::text, 'UTF8')
    from spell_versions v
    join spells s on s.id = v.spell_id
   where v.id = p_cast.version_id;
$$;
--> statement-breakpoint

-- The ledger entries of casts that ended: one for each, and one more that credits what the allowance paid.
create function ledger_append_casts(p_casts casts[], p_now timestamptz)
returns void
language plpgsql
volatile
as $$
declare
  ended casts;
  owner uuid;
  kinds text[] := '{}';
  pseudonyms uuid[] := '{}';
  subjects uuid[] := '{}';
  amounts bigint[] := '{}';
  details bytea[] := '{}';
begin
  foreach ended in array p_casts loop
    select a.pseudonym into strict owner from accounts a where a.id = ended.account_id;
    kinds := kinds || 'cast.settled'::text;
    pseudonyms := pseudonyms || owner;
    subjects := subjects || ended.id;
    amounts := amounts || ended.cost_micros;
    details := details || cast_details(ended);
    if ended.funding = 'allowance' and ended.cost_micros > 0 then
      kinds := kinds || 'credit.allowance'::text;
      pseudonyms := pseudonyms || owner;
      subjects := subjects || ended.id;
      amounts := amounts || -ended.cost_micros;
      details := details || convert_to(json_build_object('month', ended.month)::text, 'UTF8');
    end if;
  end loop;
  if cardinality(kinds) > 0 then
    perform ledger_append(p_now, kinds, pseudonyms, subjects, amounts, details);
  end if;
end;
$$;
--> statement-breakpoint

-- Settles a batch. For each cast: `settled` (its hold was consumed now, or by an earlier call whose answer was
-- lost: asking again changes nothing), or `lost` (there is neither hold nor cast: no charge, no result).
create function settle_casts(p_endings cast_ending[], p_clock_offset interval)
returns setof settlement
language plpgsql
volatile
as $$
declare
  now_at timestamptz;
  ending cast_ending;
  hold holds;
  ended casts[] := '{}';
begin
  -- Money is acknowledged only when it is on the disk, whatever the session's setting.
  perform set_config('synchronous_commit', 'on', true);

  -- Lock: the accounts, by id, so that usage rows move one transaction at a time; the ledger's head comes last.
  perform 1
     from accounts a
    where a.id in (select e.account_id from unnest(p_endings) e)
    order by a.id
      for no key update;
  now_at := clock_timestamp() + p_clock_offset;

  foreach ending in array p_endings loop
    delete from holds h
     where h.cast_id = ending.cast_id
    returning h.* into hold;
    if found then
      ended := ended || end_cast(hold, ending, now_at);
    end if;
  end loop;
  perform ledger_append_casts(ended, now_at);

  return query
    select e.cast_id,
           case when c.id is null then 'lost' else 'settled' end,
           c.error_code,
           c.cost_micros,
           c.fuel_used,
           l.seq
      from unnest(p_endings) with ordinality as e (
             cast_id, account_id, error_code, fuel_used, duration_ms, output_digest, log, position
           )
      left join casts c on c.id = e.cast_id
      left join ledger_entries l on l.subject = c.id and l.kind = 'cast.settled'
     order by e.position;
end;
$$;
--> statement-breakpoint

-- Ends casts whose deadline passed: their process died, or lost the answer to an admission. Free for the caller.
-- Returns how many. Safe to run from any number of processes at once.
create function sweep_casts(p_limit integer, p_clock_offset interval)
returns integer
language plpgsql
volatile
as $$
declare
  now_at timestamptz := clock_timestamp() + p_clock_offset;
  overdue uuid[];
  owners uuid[];
  hold holds;
  ended casts[] := '{}';
begin
  perform set_config('synchronous_commit', 'on', true);
  select array_agg(h.cast_id), array_agg(distinct h.account_id)
    into overdue, owners
    from (
      select h.cast_id, h.account_id
        from holds h
       where h.deadline <= now_at
       order by h.deadline
       limit p_limit
    ) h;
  if overdue is null then
    return 0;
  end if;

  -- Lock: as in settlement, which may be ending the same casts; whoever deletes the hold has ended it.
  perform 1
     from accounts a
    where a.id = any (owners)
    order by a.id
      for no key update;

  for hold in
    delete from holds h
     where h.cast_id = any (overdue)
       and h.deadline <= now_at
    returning h.*
  loop
    ended := ended || end_cast(
      hold, row(hold.cast_id, hold.account_id, 'INTERRUPTED', null, null, null, ''::bytea)::cast_ending, now_at
    );
  end loop;
  perform ledger_append_casts(ended, now_at);
  return cardinality(ended);
end;
$$;
