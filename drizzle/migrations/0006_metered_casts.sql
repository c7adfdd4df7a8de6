-- Fuel in admission and settlement: free work is bounded, a metered cast pays for what it used.

alter type admission_settings add attribute free_fuel_daily bigint;
--> statement-breakpoint

-- Until when waiting helps, where that is not the rate's minute.
alter type admission add attribute retry_ms integer;
--> statement-breakpoint

-- Sets a cast's price aside: the hold, and the same amount in every usage row it belongs to. The caller holds the
-- account's lock, under which these rows move.
create or replace function place_hold(p_hold holds)
returns void
language plpgsql
volatile
as $$
begin
  insert into holds select p_hold.*;

  insert into usage_days as u (account_id, day, held_micros, free_fuel_held)
  values (p_hold.account_id, p_hold.day, p_hold.hold_micros, p_hold.free_fuel)
  on conflict (account_id, day) do update
    set held_micros = u.held_micros + excluded.held_micros,
        free_fuel_held = u.free_fuel_held + excluded.free_fuel_held;

  insert into usage_months as u (account_id, month, held_micros, allowance_held_micros)
  values (
    p_hold.account_id,
    p_hold.month,
    p_hold.hold_micros,
    case when p_hold.funding = 'allowance' then p_hold.hold_micros else 0 end
  )
  on conflict (account_id, month) do update
    set held_micros = u.held_micros + excluded.held_micros,
        allowance_held_micros = u.allowance_held_micros + excluded.allowance_held_micros;

  if p_hold.key_id is not null then
    insert into key_usage_months as u (key_id, month, held_micros)
    values (p_hold.key_id, p_hold.month, p_hold.hold_micros)
    on conflict (key_id, month) do update
      set held_micros = u.held_micros + excluded.held_micros;
  end if;
end;
$$;
--> statement-breakpoint

-- Decides one cast. The caller holds the account's lock; every statement here reads what is committed after it.
create or replace function admit_cast(p_request cast_request, p_settings admission_settings, p_clock_offset interval)
returns admission
language plpgsql
volatile
as $$
declare
  answer admission;
  now_at timestamptz := clock_timestamp() + p_clock_offset;
  now_utc timestamp := now_at at time zone 'UTC';
  credential record;
  rate record;
  version spell_versions;
  has_card boolean;
  refusal record;
  free_fuel record;
  hold holds;
begin
  answer.cast_id := p_request.cast_id;

  select * into credential
    from credential_state(p_request.account_id, p_request.key_prefix, p_request.session_digest, now_at);
  if not found then
    answer.decision := 'unauthenticated';
    return answer;
  end if;

  rate := count_request('account', uuid_send(p_request.account_id), p_settings.rate_limit, now_at);
  answer.remaining := rate.remaining;
  answer.reset_ms := rate.reset_ms;
  if rate.is_over then
    answer.decision := 'rate_limited';
    return answer;
  end if;

  if not 'cast' = any (credential.scopes) then
    answer.decision := 'insufficient_scope';
    return answer;
  end if;

  select v.* into version
    from spells s
    join spell_versions v on v.spell_id = s.id
   where (s.name = p_request.spell or s.key = p_request.spell)
     and s.is_active
     and v.is_active
     and (p_request.version is null or v.version = p_request.version)
   order by v.ordinal desc
   limit 1;
  if not found then
    answer.decision := 'spell_not_found';
    return answer;
  end if;

  hold.fuel_limit := fuel_within(
    version.flat_micros, version.rate_micros, version.fuel_limit, p_request.max_cost_micros
  );
  if hold.fuel_limit is null then
    answer.decision := 'max_cost_exceeded';
    answer.hard_micros := p_request.max_cost_micros;
    answer.required_micros := price_micros(version.flat_micros, version.rate_micros, 1);
    return answer;
  end if;
  hold.hold_micros := price_micros(version.flat_micros, version.rate_micros, hold.fuel_limit);

  hold.day := now_utc::date;
  hold.month := date_trunc('month', now_utc)::date;

  -- Work that nobody pays for is bounded too: a cast that costs nothing must fit with all of its fuel; one that is
  -- paid for only meets what is used up already, by casts that failed.
  hold.free_fuel := case when hold.hold_micros = 0 then hold.fuel_limit else 0 end;
  select coalesce(sum(u.free_fuel_used), 0)::bigint as used, coalesce(sum(u.free_fuel_held), 0)::bigint as held
    into free_fuel
    from usage_days u
   where u.account_id = p_request.account_id
     and u.day = hold.day;
  if free_fuel.used >= p_settings.free_fuel_daily
     or (hold.free_fuel > 0 and free_fuel.used + free_fuel.held + hold.free_fuel > p_settings.free_fuel_daily) then
    answer.decision := 'free_fuel_exhausted';
    answer.retry_ms := ceil(extract(epoch from date_trunc('day', now_utc) + interval '1 day' - now_utc) * 1000)::integer;
    return answer;
  end if;
  has_card := exists (
    select 1
      from payment_methods m
     where m.account_id = p_request.account_id
       and m.removed_at is null
  );

  -- A cast that costs nothing takes nothing from any limit, so none refuses it.
  if hold.hold_micros > 0 then
    select l.* into refusal
      from limits_in_force(
        p_request.account_id, credential.key_id, credential.key_limit_micros, hold.day, hold.month, has_card,
        p_settings.allowance_micros, p_settings.default_micros, p_settings.maximum_micros
      ) l
     where l.settled_micros + l.held_micros + hold.hold_micros > l.hard_micros
     order by l.hard_micros - l.settled_micros - l.held_micros, l.rank
     limit 1;
    if found then
      answer.decision := case refusal.limit_source
        when 'budget' then 'budget_exceeded'
        when 'key' then 'key_limit_exceeded'
        when 'allowance' then 'payment_method_required'
      end;
      answer.limit_source := refusal.limit_source;
      answer.period := refusal.period;
      answer.hard_micros := refusal.hard_micros;
      answer.settled_micros := refusal.settled_micros;
      answer.held_micros := refusal.held_micros;
      answer.required_micros := hold.hold_micros;
      return answer;
    end if;
  end if;

  hold.cast_id := p_request.cast_id;
  hold.account_id := p_request.account_id;
  hold.key_id := credential.key_id;
  hold.version_id := version.id;
  hold.funding := case when has_card then 'card' else 'allowance' end;
  hold.admitted_at := now_at;
  hold.seed := p_request.seed;
  hold.input_digest := p_request.input_digest;
  hold.flat_micros := version.flat_micros;
  hold.rate_micros := version.rate_micros;
  hold.is_capped := hold.fuel_limit < version.fuel_limit;
  hold.deadline := now_at + (version.wall_ms + p_settings.grace_ms) * interval '1 millisecond';
  hold.boot_id := p_settings.boot_id;
  perform place_hold(hold);
  update api_keys k
     set last_used_at = now_at
   where k.id = credential.key_id
     and (k.last_used_at is null or k.last_used_at < now_at - interval '1 minute');

  answer.decision := 'admitted';
  answer.version_id := version.id;
  answer.hold_micros := hold.hold_micros;
  answer.fuel_limit := hold.fuel_limit;
  answer.admitted_at := now_at;
  return answer;
end;
$$;
--> statement-breakpoint

-- Moves a consumed hold into usage and history, and gives back the cast as it ended. Charged are completed casts, and
-- metered ones that used up what their caller's own cap bought. The caller deleted the hold and has the account's lock.
create or replace function end_cast(p_hold holds, p_ending cast_ending, p_now timestamptz)
returns casts
language plpgsql
volatile
as $$
declare
  ended casts;
  from_allowance boolean := p_hold.funding = 'allowance';
  is_charged boolean;
  unpaid_fuel bigint;
begin
  if p_ending.fuel_used > p_hold.fuel_limit then
    raise exception 'cast % used % fuel of %', p_hold.cast_id, p_ending.fuel_used, p_hold.fuel_limit
      using errcode = 'check_violation';
  end if;
  is_charged := p_ending.error_code is null
    or (p_ending.error_code = 'FUEL_EXHAUSTED' and p_hold.is_capped and p_hold.rate_micros > 0);
  if is_charged and p_ending.fuel_used is null then
    raise exception 'cast % is to be charged and nobody knows its fuel', p_hold.cast_id
      using errcode = 'check_violation';
  end if;
  ended.cost_micros := case
    when is_charged then price_micros(p_hold.flat_micros, p_hold.rate_micros, p_ending.fuel_used)
    else 0
  end;
  unpaid_fuel := case
    when ended.cost_micros > 0 then 0
    -- The platform's own failures use up nothing.
    when p_ending.error_code in ('INTERRUPTED', 'BUSY') then coalesce(p_ending.fuel_used, 0)
    -- Of a program that was killed nobody knows how much it used: at most its limit.
    else coalesce(p_ending.fuel_used, p_hold.fuel_limit)
  end;
  if ended.cost_micros > p_hold.hold_micros then
    raise exception 'cast % would cost % micros and holds only %', p_hold.cast_id, ended.cost_micros, p_hold.hold_micros
      using errcode = 'check_violation';
  end if;

  update usage_days u
     set held_micros = u.held_micros - p_hold.hold_micros,
         settled_micros = u.settled_micros + ended.cost_micros,
         free_fuel_held = u.free_fuel_held - p_hold.free_fuel,
         free_fuel_used = u.free_fuel_used + unpaid_fuel,
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
