-- Admission: one atomic decision for each cast of a batch, and the hold that makes it safe.

-- price(fuel) = flat + ceil(fuel x rate / 1,000,000), micros. Hold, cost and quote all come from here.
create function price_micros(p_flat_micros bigint, p_rate_micros bigint, p_fuel bigint)
returns bigint
language sql
immutable
parallel safe
as $$
  select p_flat_micros + ceil(p_fuel::numeric * p_rate_micros / 1000000)::bigint;
$$;
--> statement-breakpoint

-- The most fuel that a caller's own cap buys, at most the version's limit. Null: not even the flat part fits.
create function fuel_within(p_flat_micros bigint, p_rate_micros bigint, p_fuel_limit bigint, p_cap_micros bigint)
returns bigint
language sql
immutable
parallel safe
as $$
  select case
    when p_cap_micros is null then p_fuel_limit
    when p_flat_micros > p_cap_micros then null
    when p_rate_micros = 0 then p_fuel_limit
    else nullif(least(p_fuel_limit, floor((p_cap_micros - p_flat_micros)::numeric * 1000000 / p_rate_micros))::bigint, 0)
  end;
$$;
--> statement-breakpoint

-- Every limit in force for a cast of this account and key, with what is settled and held against it. A null limit
-- is none. The caller holds the account's lock.
create function limits_in_force(
  p_account_id uuid,
  p_key_id uuid,
  p_key_limit_micros bigint,
  p_day date,
  p_month date,
  p_has_card boolean,
  p_allowance_micros bigint,
  p_default_micros bigint,
  p_maximum_micros bigint
)
returns table (
  rank integer,
  limit_source text,
  period text,
  hard_micros bigint,
  settled_micros bigint,
  held_micros bigint
)
language sql
stable
as $$
  with budget as (
    select b.period, b.hard_limit_micros
      from budgets b
     where b.account_id = p_account_id
    union all
    -- A card without a budget row is the default limit, never "unlimited".
    select 'monthly', p_default_micros
     where p_has_card
       and not exists (select 1 from budgets b where b.account_id = p_account_id)
  ),
  day as (
    select coalesce(sum(u.settled_micros), 0)::bigint as settled, coalesce(sum(u.held_micros), 0)::bigint as held
      from usage_days u
     where u.account_id = p_account_id
       and u.day = p_day
  ),
  month as (
    select coalesce(sum(u.settled_micros), 0)::bigint as settled,
           coalesce(sum(u.held_micros), 0)::bigint as held,
           coalesce(sum(u.allowance_settled_micros), 0)::bigint as allowance_settled,
           coalesce(sum(u.allowance_held_micros), 0)::bigint as allowance_held
      from usage_months u
     where u.account_id = p_account_id
       and u.month = p_month
  ),
  key_month as (
    select coalesce(sum(u.settled_micros), 0)::bigint as settled, coalesce(sum(u.held_micros), 0)::bigint as held
      from key_usage_months u
     where u.key_id = p_key_id
       and u.month = p_month
  )
  select 1, 'budget', b.period, b.hard_limit_micros, m.settled, m.held
    from budget b, month m
   where b.period = 'monthly'
  union all
  select 1, 'budget', b.period, b.hard_limit_micros, d.settled, d.held
    from budget b, day d
   where b.period = 'daily'
  union all
  -- With a daily budget the platform's maximum also bounds the calendar month.
  select 2, 'budget', 'monthly', p_maximum_micros, m.settled, m.held
    from budget b, month m
   where b.period = 'daily'
  union all
  select 3, 'key', 'monthly', p_key_limit_micros, k.settled, k.held
    from key_month k
   where p_key_limit_micros is not null
  union all
  select 4, 'allowance', 'monthly', p_allowance_micros, m.allowance_settled, m.allowance_held
    from month m
   where not p_has_card;
$$;
--> statement-breakpoint

-- Sets a cast's price aside: the hold, and the same amount in every usage row it belongs to. The caller holds the
-- account's lock, under which these rows move.
create function place_hold(p_hold holds)
returns void
language plpgsql
volatile
as $$
begin
  insert into holds select p_hold.*;

  insert into usage_days as u (account_id, day, held_micros)
  values (p_hold.account_id, p_hold.day, p_hold.hold_micros)
  on conflict (account_id, day) do update
    set held_micros = u.held_micros + excluded.held_micros;

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

create type cast_request as (
  cast_id uuid,
  account_id uuid,
  key_prefix text,
  session_digest bytea,
  spell text,
  version text,
  max_cost_micros bigint,
  seed bytea,
  input_digest bytea
);
--> statement-breakpoint

create type admission_settings as (
  boot_id uuid,
  rate_limit integer,
  allowance_micros bigint,
  default_micros bigint,
  maximum_micros bigint,
  grace_ms integer
);
--> statement-breakpoint

create type admission as (
  cast_id uuid,
  decision text,
  version_id uuid,
  hold_micros bigint,
  fuel_limit bigint,
  admitted_at timestamptz,
  remaining integer,
  reset_ms integer,
  limit_source text,
  period text,
  hard_micros bigint,
  settled_micros bigint,
  held_micros bigint,
  required_micros bigint
);
--> statement-breakpoint

-- Decides one cast. The caller holds the account's lock; every statement here reads what is committed after it.
create function admit_cast(p_request cast_request, p_settings admission_settings, p_clock_offset interval)
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

-- Admits a batch, in the order given, each cast against the figures the ones before it left. A refused cast leaves
-- nothing but its count against the rate. Answers come in the order of the requests.
create function admit_casts(
  p_requests cast_request[],
  p_settings admission_settings,
  p_clock_offset interval
)
returns setof admission
language plpgsql
volatile
as $$
begin
  -- If Postgres dies, a hold is lost together with all that hangs on it, and settlement will not find it: no need
  -- to wait for the disk here.
  perform set_config('synchronous_commit', 'off', true);

  -- Lock: the accounts, by id, before anything that decides is read. From here on nobody else moves their money,
  -- keys, cards or limits.
  perform 1
     from accounts a
    where a.id in (select r.account_id from unnest(p_requests) r)
    order by a.id
      for no key update;

  for i in 1 .. cardinality(p_requests) loop
    return next admit_cast(p_requests[i], p_settings, p_clock_offset);
  end loop;
end;
$$;
