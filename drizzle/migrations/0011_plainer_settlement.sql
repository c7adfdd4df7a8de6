-- Settlement by plainer statements. What is written stays the same to the byte. Rows are found by their keys alone, and
-- what nearly never happens (a notice, another price) is looked for before it is prepared.

-- Moves casts that ended out of what is held into what is settled, in every row they belong to, and writes the history.
-- The caller deleted their holds and has their accounts' locks.
create or replace function move_usage(p_ended casts[])
returns void
language plpgsql
volatile
as $$
begin
  insert into casts select c.* from unnest(p_ended) c;

  -- Admission made each of these rows. They are upserts because those find a row by its key, whatever the size of table
  -- and batch; an update from an array is a join, by a plan that was made for ten elements.
  insert into usage_days as u (account_id, day, held_micros, settled_micros, free_fuel_held, free_fuel_used, calls)
  select c.account_id, c.day, sum(c.hold_micros), sum(c.cost_micros),
         sum(case when c.hold_micros = 0 then c.fuel_limit else 0 end),
         sum(case
           when c.cost_micros > 0 then 0
           when is_released(c.error_code) then coalesce(c.fuel_used, 0)
           -- Of a program that was killed nobody knows how much it used: at most its limit.
           else coalesce(c.fuel_used, c.fuel_limit)
         end),
         count(*)
    from unnest(p_ended) c
   group by c.account_id, c.day
  on conflict (account_id, day) do update
    set held_micros = u.held_micros - excluded.held_micros,
        settled_micros = u.settled_micros + excluded.settled_micros,
        free_fuel_held = u.free_fuel_held - excluded.free_fuel_held,
        free_fuel_used = u.free_fuel_used + excluded.free_fuel_used,
        calls = u.calls + excluded.calls;

  insert into usage_months as u (
    account_id, month, held_micros, settled_micros, allowance_held_micros, allowance_settled_micros, calls
  )
  select c.account_id, c.month, sum(c.hold_micros), sum(c.cost_micros),
         sum(case when c.funding = 'allowance' then c.hold_micros else 0 end),
         sum(case when c.funding = 'allowance' then c.cost_micros else 0 end),
         count(*)
    from unnest(p_ended) c
   group by c.account_id, c.month
  on conflict (account_id, month) do update
    set held_micros = u.held_micros - excluded.held_micros,
        settled_micros = u.settled_micros + excluded.settled_micros,
        allowance_held_micros = u.allowance_held_micros - excluded.allowance_held_micros,
        allowance_settled_micros = u.allowance_settled_micros + excluded.allowance_settled_micros,
        calls = u.calls + excluded.calls;

  insert into key_usage_months as u (key_id, month, held_micros, settled_micros, calls)
  select c.key_id, c.month, sum(c.hold_micros), sum(c.cost_micros), count(*)
    from unnest(p_ended) c
   where c.key_id is not null
   group by c.key_id, c.month
  on conflict (key_id, month) do update
    set held_micros = u.held_micros - excluded.held_micros,
        settled_micros = u.settled_micros + excluded.settled_micros,
        calls = u.calls + excluded.calls;

  insert into usage_lines as u (account_id, day, version_id, key_id, settled_micros, allowance_micros, calls, fuel)
  select c.account_id, c.day, c.version_id, c.key_id, sum(c.cost_micros),
         sum(case when c.funding = 'allowance' then c.cost_micros else 0 end), count(*), coalesce(sum(c.fuel_used), 0)
    from unnest(p_ended) c
   group by c.account_id, c.day, c.version_id, c.key_id
  on conflict (account_id, day, version_id, key_id) do update
    set settled_micros = u.settled_micros + excluded.settled_micros,
        allowance_micros = u.allowance_micros + excluded.allowance_micros,
        calls = u.calls + excluded.calls,
        fuel = u.fuel + excluded.fuel;

  -- Nearly always the prices are those of the last time: then there is nothing to write, and nothing is locked.
  if exists (
    select 1
      from unnest(p_ended) c
     cross join lateral (
             select v.spell_id, v.flat_micros, v.rate_micros from spell_versions v where v.id = c.version_id offset 0
           ) v
      left join lateral (
             select p.flat_micros, p.rate_micros
               from last_prices p
              where p.account_id = c.account_id
                and p.spell_id = v.spell_id
             offset 0
           ) p on true
     where c.error_code is null
       and (p.flat_micros, p.rate_micros) is distinct from (v.flat_micros, v.rate_micros)
  ) then
    insert into last_prices as p (account_id, spell_id, flat_micros, rate_micros)
    select distinct on (c.account_id, v.spell_id) c.account_id, v.spell_id, v.flat_micros, v.rate_micros
      from unnest(p_ended) with ordinality as c
      join spell_versions v on v.id = c.version_id
     where c.error_code is null
     order by c.account_id, v.spell_id, c.ordinality desc
    on conflict (account_id, spell_id) do update
      set flat_micros = excluded.flat_micros,
          rate_micros = excluded.rate_micros
      where (p.flat_micros, p.rate_micros) is distinct from (excluded.flat_micros, excluded.rate_micros);
  end if;
end;
$$;
--> statement-breakpoint

-- The ledger's account of casts that ended and of notices given: for each cast one entry, and one more that credits
-- what the allowance paid. Gives the numbers of the casts' entries, in their order. Last before the commit.
create or replace function ledger_append_ended(p_ended casts[], p_notices budget_notices[], p_now timestamptz)
returns bigint[]
language plpgsql
volatile
as $$
declare
  kinds text[];
  pseudonyms uuid[];
  subjects uuid[];
  amounts bigint[];
  details bytea[];
  notice budget_notices;
  seq bigint;
  seqs bigint[] := '{}';
begin
  select array_agg(case p.part when 1 then 'cast.settled' else 'credit.allowance' end order by c.ordinality, p.part),
         array_agg(a.pseudonym order by c.ordinality, p.part),
         array_agg(c.id order by c.ordinality, p.part),
         array_agg(case p.part when 1 then c.cost_micros else -c.cost_micros end order by c.ordinality, p.part),
         array_agg(
           convert_to(
             case p.part
               when 1 then
                 json_build_object(
                   'spell', s.key,
                   'version', v.version,
                   'module', encode(v.published_digest, 'hex'),
                   'state', c.state,
                   'error_code', c.error_code,
                   'hold_micros', c.hold_micros,
                   'fuel_limit', c.fuel_limit,
                   'fuel_used', c.fuel_used,
                   'funding', c.funding,
                   'month', c.month,
                   'input', encode(c.input_digest, 'hex'),
                   'output', encode(c.output_digest, 'hex')
                 )
               else json_build_object('month', c.month)
             end::text,
             'UTF8'
           )
           order by c.ordinality, p.part
         )
    into kinds, pseudonyms, subjects, amounts, details
    from unnest(p_ended) with ordinality as c
    join (values (1), (2)) p (part)
      on p.part = 1
      or (c.funding = 'allowance' and c.cost_micros > 0)
   cross join lateral (select a.pseudonym from accounts a where a.id = c.account_id offset 0) a
   cross join lateral (
           select v.spell_id, v.version, v.published_digest from spell_versions v where v.id = c.version_id offset 0
         ) v
   cross join lateral (select s.key from spells s where s.id = v.spell_id offset 0) s;

  foreach notice in array p_notices loop
    kinds := array_append(kinds, 'budget.notice');
    pseudonyms := array_append(pseudonyms, (select a.pseudonym from accounts a where a.id = notice.account_id));
    subjects := array_append(subjects, null);
    amounts := array_append(amounts, 0);
    details := array_append(details, convert_to(json_build_object(
      'period', notice.period, 'period_start', notice.period_start, 'threshold', notice.threshold
    )::text, 'UTF8'));
  end loop;

  seq := ledger_append(p_now, kinds, pseudonyms, subjects, amounts, details);
  for i in 1 .. cardinality(kinds) loop
    if kinds[i] = 'cast.settled' then
      seqs := array_append(seqs, seq + i - 1);
    end if;
  end loop;
  return seqs;
end;
$$;
--> statement-breakpoint

-- All that follows from holds having been consumed: usage, history, notices, the ledger. Gives the numbers of the casts'
-- entries, in the casts' order. The caller deleted the holds and has the accounts' locks.
create or replace function end_casts(p_ended casts[], p_now timestamptz)
returns bigint[]
language plpgsql
volatile
as $$
declare
  today date := (p_now at time zone 'UTC')::date;
  this_month date := date_trunc('month', today)::date;
  ended casts;
  released uuid[] := '{}';
  charged uuid[] := '{}';
  reached uuid[];
  notices budget_notices[] := '{}';
begin
  if coalesce(cardinality(p_ended), 0) = 0 then
    return '{}';
  end if;
  perform move_usage(p_ended);

  foreach ended in array p_ended loop
    if ended.cost_micros > 0 then
      charged := array_append(charged, ended.account_id);
    end if;
    if is_released(ended.error_code) then
      released := array_append(released, ended.id);
    end if;
  end loop;
  if cardinality(released) > 0 then
    -- A retry of what was released is a new cast.
    delete from idempotency_keys i
     where i.cast_id = any (released);
  end if;

  -- Nearly always nothing is reached: one look at each account's figure, before what is due is worked out.
  reached := array(
    select s.account_id
      from (
        select b.account_id, b.soft_limit_micros, b.hard_limit_micros, b.notify_thresholds,
               case b.period
                 when 'daily' then
                   (
                     select d.settled_micros
                       from usage_days d
                      where d.account_id = b.account_id
                        and d.day = today
                   )
                 else
                   (
                     select m.settled_micros
                       from usage_months m
                      where m.account_id = b.account_id
                        and m.month = this_month
                   )
               end as settled_micros
          from budgets b
         where b.account_id = any (charged)
        offset 0
      ) s
     where s.settled_micros >= s.soft_limit_micros
        or s.settled_micros * 100 / s.hard_limit_micros >= any (s.notify_thresholds)
  );
  if cardinality(reached) > 0 then
    notices := array(
      select row(n.account_id, n.period, n.period_start, n.threshold, p_now)::budget_notices
        from give_notices(reached, p_now) n
    );
    perform enqueue_job('give-notice', json_build_object(
              'account_id', n.account_id, 'period', n.period, 'period_start', n.period_start, 'threshold', n.threshold
            ))
       from unnest(notices) n;
  end if;
  return ledger_append_ended(p_ended, notices, p_now);
end;
$$;
--> statement-breakpoint

-- Settles a batch. For each cast: `settled` (its hold was consumed now, or by an earlier call whose answer was lost:
-- asking again changes nothing), or `lost` (there is neither hold nor cast: no charge, no result). With the settings it
-- and what it calls reads by index alone: a plan made while a table was small would scan it after it grew.
create or replace function settle_casts(p_endings cast_ending[], p_keep_ms bigint, p_clock_offset interval)
returns setof settlement
language plpgsql
volatile
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
  ids uuid[];
  owners uuid[];
  now_at timestamptz;
  ended casts[];
  seqs bigint[];
  ending cast_ending;
  settled casts;
  answers cast_answers[] := '{}';
  answer settlement;
  next_ended integer := 1;
begin
  -- Money is acknowledged only when it is on the disk, whatever the session's setting.
  perform set_config('synchronous_commit', 'on', true);

  select array_agg(e.cast_id), array_agg(e.account_id)
    into ids, owners
    from unnest(p_endings) e;
  -- Lock: the accounts, by id, so that usage rows move one transaction at a time; the ledger's head comes last.
  perform 1
     from accounts a
    where a.id = any (owners)
    order by a.id
      for no key update;
  now_at := clock_timestamp() + p_clock_offset;

  -- Of a cast that is named twice the first ending counts.
  with consumed as (
    delete from holds h
     where h.cast_id = any (ids)
    returning h as hold, array_position(ids, h.cast_id) as position
  )
  select array_agg(ended_cast(c.hold, p_endings[c.position], now_at) order by c.position)
    into ended
    from consumed c;

  seqs := end_casts(ended, now_at);

  -- What ended now is in the order of the endings: one is taken after the other, and what is not there ended before.
  foreach ending in array p_endings loop
    settled := ended[next_ended];
    if settled.id = ending.cast_id then
      answer := row(
        ending.cast_id, 'settled', settled.error_code, settled.cost_micros, settled.fuel_used, seqs[next_ended]
      );
      next_ended := next_ended + 1;
      if (ending.output is not null or ending.failure is not null) and not is_released(ending.error_code) then
        answers := array_append(answers, row(
          ending.cast_id, ending.output, ending.failure, now_at + p_keep_ms * interval '1 millisecond'
        )::cast_answers);
      end if;
    else
      answer := row(ending.cast_id, 'settled', null, null, null, null);
      select c.error_code, c.cost_micros, c.fuel_used, l.seq
        into answer.error_code, answer.cost_micros, answer.fuel_used, answer.ledger_seq
        from casts c
        join ledger_entries l on l.subject = c.id and l.kind = 'cast.settled'
       where c.id = ending.cast_id;
      if not found then
        answer.outcome := 'lost';
      end if;
    end if;
    return next answer;
  end loop;
  if cardinality(answers) > 0 then
    insert into cast_answers select a.* from unnest(answers) a;
  end if;
end;
$$;
--> statement-breakpoint

alter function sweep_casts(integer, integer, interval)
  set enable_seqscan = off
  set enable_bitmapscan = off;
--> statement-breakpoint

alter function cancel_cast(uuid, uuid, interval)
  set enable_seqscan = off
  set enable_bitmapscan = off;
