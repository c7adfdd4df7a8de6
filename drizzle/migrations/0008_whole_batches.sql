-- Admission and settlement over whole batches: what decides is read once a batch, casts are decided one after another
-- in memory, and what they move is written once a batch. These functions take the place of the earlier ones, which did
-- each cast by itself.

drop function admit_casts(cast_request[], admission_settings, interval);
--> statement-breakpoint
drop function admit_cast(cast_request, admission_settings, interval);
--> statement-breakpoint
drop function place_hold(holds);
--> statement-breakpoint
drop function limits_in_force(uuid, uuid, bigint, date, date, boolean, bigint, bigint, bigint);
--> statement-breakpoint
drop function settle_casts(cast_ending[], interval);
--> statement-breakpoint
drop function sweep_casts(integer, interval);
--> statement-breakpoint
drop function ledger_append_casts(casts[], timestamptz);
--> statement-breakpoint
drop function cast_details(casts);
--> statement-breakpoint
drop function end_cast(holds, cast_ending, timestamptz);
--> statement-breakpoint
drop type cast_request, admission_settings, admission, cast_ending, settlement;
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
  input_digest bytea,
  idempotency_key bytea,
  request_digest bytea,
  -- Given when the cast is to be queued; a cast that runs at once keeps its input in its process.
  stdin bytea
);
--> statement-breakpoint

create type admission_settings as (
  boot_id uuid,
  rate_limit integer,
  allowance_micros bigint,
  default_micros bigint,
  maximum_micros bigint,
  grace_ms integer,
  queue_ms integer,
  replay_ms bigint,
  free_fuel_daily bigint
);
--> statement-breakpoint

create type admission as (
  cast_id uuid,
  decision text,
  -- The cast that an earlier request with the same Idempotency-Key began.
  first_cast_id uuid,
  version_id uuid,
  hold_micros bigint,
  fuel_limit bigint,
  admitted_at timestamptz,
  remaining integer,
  reset_ms integer,
  retry_ms integer,
  limit_source text,
  period text,
  hard_micros bigint,
  settled_micros bigint,
  held_micros bigint,
  required_micros bigint
);
--> statement-breakpoint

-- A limit with what is settled and held against it. No hard limit: nothing is refused by it.
create type limit_figures as (
  limit_source text,
  period text,
  hard_micros bigint,
  settled_micros bigint,
  held_micros bigint
);
--> statement-breakpoint

-- What admission knows of an account while it decides a batch. With a daily budget the platform's maximum also bounds
-- the month (`ceiling`); the allowance bounds an account without a card.
create type account_figures as (
  has_card boolean,
  requests integer,
  reset_ms integer,
  free_fuel_used bigint,
  free_fuel_held bigint,
  budget limit_figures,
  ceiling limit_figures,
  allowance limit_figures
);
--> statement-breakpoint

-- What admission needs of a version.
create type version_terms as (
  version_id uuid,
  spell_id uuid,
  flat_micros bigint,
  rate_micros bigint,
  fuel_limit bigint,
  wall_ms integer
);
--> statement-breakpoint

-- Puts a job into the queue, in the caller's transaction. The queue is the worker's own: `jobs_enqueue` is made with it,
-- by its owner, and is all that we may do there.
create function enqueue_job(p_task text, p_payload json)
returns void
language plpgsql
volatile
as $$
begin
  perform spell_jobs.enqueue(p_task, p_payload);
end;
$$;
--> statement-breakpoint

-- Counts `p_requests` requests of each account and gives its count before them in this minute. The caller holds the
-- accounts' locks; a request that is no cast counts itself without them, by the same row.
create function count_account_requests(p_accounts uuid[], p_requests integer[], p_now timestamptz)
returns table (account_id uuid, requests_before integer, reset_ms integer)
language sql
volatile
as $$
  with asked as (
    select a.account_id, a.requests
      from unnest(p_accounts, p_requests) a (account_id, requests)
     order by a.account_id
  ),
  counted as (
    insert into rate_counts as r (subject_kind, subject, window_start, requests)
    select 'account', uuid_send(a.account_id), p_now, a.requests
      from asked a
    on conflict (subject_kind, subject) do update
      set (window_start, requests) = (
        select
          case when is_current then r.window_start else excluded.window_start end,
          case when is_current then least(r.requests, 1000000000) + excluded.requests else excluded.requests end
        from (select r.window_start <= excluded.window_start
                 and r.window_start > excluded.window_start - interval '1 minute' as is_current) w
      )
    returning r.subject, r.window_start, r.requests
  )
  select a.account_id,
         c.requests - a.requests,
         ceil(extract(epoch from c.window_start + interval '1 minute' - p_now) * 1000)::integer
    from asked a
    join counted c on c.subject = uuid_send(a.account_id);
$$;
--> statement-breakpoint

-- Writes the holds of a batch and the same amounts into every usage row they belong to. The caller holds the accounts'
-- locks, under which these rows move.
create function place_holds(p_holds holds[])
returns void
language plpgsql
volatile
as $$
begin
  insert into holds select h.* from unnest(p_holds) h;

  insert into usage_days as u (account_id, day, held_micros, free_fuel_held)
  select h.account_id, h.day, sum(h.hold_micros), sum(case when h.hold_micros = 0 then h.fuel_limit else 0 end)
    from unnest(p_holds) h
   group by h.account_id, h.day
  on conflict (account_id, day) do update
    set held_micros = u.held_micros + excluded.held_micros,
        free_fuel_held = u.free_fuel_held + excluded.free_fuel_held;

  insert into usage_months as u (account_id, month, held_micros, allowance_held_micros)
  select h.account_id, h.month, sum(h.hold_micros), sum(case when h.funding = 'allowance' then h.hold_micros else 0 end)
    from unnest(p_holds) h
   group by h.account_id, h.month
  on conflict (account_id, month) do update
    set held_micros = u.held_micros + excluded.held_micros,
        allowance_held_micros = u.allowance_held_micros + excluded.allowance_held_micros;

  insert into key_usage_months as u (key_id, month, held_micros)
  select h.key_id, h.month, sum(h.hold_micros)
    from unnest(p_holds) h
   where h.key_id is not null
   group by h.key_id, h.month
  on conflict (key_id, month) do update
    set held_micros = u.held_micros + excluded.held_micros;
end;
$$;
--> statement-breakpoint

-- True when a cast of this price would pass the limit.
create function would_pass(p_limit limit_figures, p_hold_micros bigint)
returns boolean
language sql
immutable
parallel safe
return coalesce(
  (p_limit).settled_micros + (p_limit).held_micros + p_hold_micros > (p_limit).hard_micros,
  false
);
--> statement-breakpoint

-- Of the limits that refuse a cast the one with the least left; null when none does.
create function refusing_limit(
  p_account account_figures,
  p_key limit_figures,
  p_hold_micros bigint
)
returns limit_figures
language sql
immutable
parallel safe
return (
  select l.figures
    from (
      values
        (1, (p_account).budget),
        (2, (p_account).ceiling),
        (3, p_key),
        (4, (p_account).allowance)
    ) l (rank, figures)
   where would_pass(l.figures, p_hold_micros)
   order by (l.figures).hard_micros - (l.figures).settled_micros - (l.figures).held_micros, l.rank
   limit 1
);
--> statement-breakpoint

-- What the batch asks for, read once: each request with the state of its credential, its key and its version.
create type asked_cast as (
  request cast_request,
  account_number integer,
  key_number integer,
  key_id uuid,
  key_limit_micros bigint,
  is_known boolean,
  may_cast boolean,
  terms version_terms,
  -- Unpinned, uncapped, and dearer than what this account last paid for the spell.
  is_dearer boolean
);
--> statement-breakpoint

-- A batch as rows, in its order. The planner takes any array for ten elements, and would join batches by comparing each
-- with each; of a function it believes what is written here.
create function rows_of_requests(p_requests cast_request[])
returns table (
  cast_id uuid, account_id uuid, key_prefix text, session_digest bytea, spell text, version text, max_cost_micros bigint,
  seed bytea, input_digest bytea, idempotency_key bytea, request_digest bytea, stdin bytea, place bigint
)
language plpgsql
immutable
rows 300
as $$
begin
  return query select r.* from unnest(p_requests) with ordinality r;
end;
$$;
--> statement-breakpoint

create function read_requests(p_requests cast_request[], p_now timestamptz)
returns setof asked_cast
language sql
volatile
as $$
  with requests as materialized (
    select r.* from rows_of_requests(p_requests) r
  ),
  credentials as (
    select q.account_id, q.key_prefix, q.session_digest, c.*
      from (select distinct r.account_id, r.key_prefix, r.session_digest from requests r) q
      cross join lateral credential_state(q.account_id, q.key_prefix, q.session_digest, p_now) c
  ),
  terms as (
    select q.spell, q.version, v.*
      from (select distinct r.spell, r.version from requests r) q
      cross join lateral (
        select v.id as version_id, v.spell_id, v.flat_micros, v.rate_micros, v.fuel_limit, v.wall_ms
          from (
            select n.id, n.is_active from spells n where n.name = q.spell
            union
            select n.id, n.is_active from spells n where n.key = q.spell
          ) s
          join spell_versions v on v.spell_id = s.id
         where s.is_active
           and v.is_active
           and (q.version is null or v.version = q.version)
         order by v.ordinal desc
         limit 1
      ) v
  )
  select row(
           r.cast_id, r.account_id, r.key_prefix, r.session_digest, r.spell, r.version, r.max_cost_micros, r.seed,
           r.input_digest, r.idempotency_key, r.request_digest, r.stdin
         )::cast_request,
         dense_rank() over (order by r.account_id)::integer,
         dense_rank() over (order by c.key_id)::integer,
         c.key_id,
         c.key_limit_micros,
         c.scopes is not null,
         coalesce('cast' = any (c.scopes), false),
         case
           when t.version_id is not null
           then row(t.version_id, t.spell_id, t.flat_micros, t.rate_micros, t.fuel_limit, t.wall_ms)::version_terms
         end,
         coalesce(
           r.version is null and r.max_cost_micros is null
             and (t.flat_micros > p.flat_micros or t.rate_micros > p.rate_micros),
           false
         )
    from requests r
    left join credentials c
      on c.account_id = r.account_id
     and c.key_prefix is not distinct from r.key_prefix
     and c.session_digest is not distinct from r.session_digest
    left join terms t
      on t.spell = r.spell
     and t.version is not distinct from r.version
    left join last_prices p
      on p.account_id = r.account_id
     and p.spell_id = t.spell_id
   order by r.place;
$$;
--> statement-breakpoint

-- What bounds each account, with what is settled and held against it. The one place where limits are put together: for
-- admission, whose caller holds the accounts' locks, and for whoever shows them.
create function limits_of_accounts(
  p_accounts uuid[],
  p_day date,
  p_month date,
  p_allowance_micros bigint,
  p_default_micros bigint,
  p_maximum_micros bigint
)
returns table (
  account_id uuid,
  has_card boolean,
  free_fuel_used bigint,
  free_fuel_held bigint,
  budget limit_figures,
  ceiling limit_figures,
  allowance limit_figures
)
language sql
stable
as $$
  select a.account_id,
         m.id is not null,
         coalesce(d.free_fuel_used, 0),
         coalesce(d.free_fuel_held, 0),
         case b.period
           when 'daily' then
             row(
               'budget', 'daily', b.hard_limit_micros, coalesce(d.settled_micros, 0), coalesce(d.held_micros, 0)
             )::limit_figures
           else
             -- A card without a budget row is the default limit, never "unlimited".
             row(
               'budget', 'monthly', coalesce(b.hard_limit_micros, case when m.id is not null then p_default_micros end),
               coalesce(u.settled_micros, 0), coalesce(u.held_micros, 0)
             )::limit_figures
         end,
         row(
           'budget', 'monthly', case b.period when 'daily' then p_maximum_micros end,
           coalesce(u.settled_micros, 0), coalesce(u.held_micros, 0)
         )::limit_figures,
         row(
           'allowance', 'monthly', case when m.id is null then p_allowance_micros end,
           coalesce(u.allowance_settled_micros, 0), coalesce(u.allowance_held_micros, 0)
         )::limit_figures
    from unnest(p_accounts) a (account_id)
    left join payment_methods m on m.account_id = a.account_id and m.removed_at is null
    left join budgets b on b.account_id = a.account_id
    left join usage_days d on d.account_id = a.account_id and d.day = p_day
    left join usage_months u on u.account_id = a.account_id and u.month = p_month;
$$;
--> statement-breakpoint

-- The accounts of a batch by their number. Their requests are counted here, all at once. The caller holds their locks.
create function read_accounts(
  p_batch asked_cast[],
  p_now timestamptz,
  p_day date,
  p_month date,
  p_settings admission_settings
)
returns account_figures[]
language sql
volatile
as $$
  with asking as (
    select r.account_number as number, (r.request).account_id, count(*) filter (where r.is_known)::integer as requests
      from unnest(p_batch) r
     group by r.account_number, (r.request).account_id
  ),
  counted as (
    select c.*
      from (
        select array_agg(a.account_id) as ids, array_agg(a.requests) as requests
          from asking a
         where a.requests > 0
      ) k
      cross join lateral count_account_requests(k.ids, k.requests, p_now) c
  )
  select array_agg(
           row(
             l.has_card, c.requests_before, c.reset_ms, l.free_fuel_used, l.free_fuel_held, l.budget, l.ceiling, l.allowance
           )::account_figures
           order by a.number
         )
    from asking a
    cross join lateral limits_of_accounts(
           array[a.account_id], p_day, p_month,
           p_settings.allowance_micros, p_settings.default_micros, p_settings.maximum_micros
         ) l
    left join counted c on c.account_id = a.account_id;
$$;
--> statement-breakpoint

-- Admits a batch: casts are decided one after another in the order given, each against the figures that the ones before
-- it left. A refused cast leaves nothing but its count against the rate. Answers come in the order of the requests.
create function admit_casts(p_requests cast_request[], p_settings admission_settings, p_clock_offset interval)
returns setof admission
language plpgsql
volatile
as $$
declare
  now_at timestamptz;
  today date;
  this_month date;
  batch asked_cast[];
  -- By their number in the batch.
  accounts_known account_figures[];
  keys_known limit_figures[];
  -- Of the cast being decided.
  asked asked_cast;
  request cast_request;
  terms version_terms;
  account account_figures;
  key_limit limit_figures;
  first_cast idempotency_keys;
  refusal limit_figures;
  hold holds;
  answer admission;
  placed holds[] := '{}';
begin
  -- If Postgres dies, a hold is lost together with all that hangs on it, and settlement will not find it: no need to
  -- wait for the disk. A queued cast is a promise, and does wait.
  perform set_config(
    'synchronous_commit',
    case when exists (select 1 from unnest(p_requests) r where r.stdin is not null) then 'on' else 'off' end,
    true
  );

  -- Lock: the accounts, by id, before anything that decides is read. From here on nobody else moves their money, keys,
  -- cards or limits.
  perform 1
     from accounts c
    where c.id = any (array(select r.account_id from unnest(p_requests) r))
    order by c.id
      for no key update;
  now_at := clock_timestamp() + p_clock_offset;
  today := (now_at at time zone 'UTC')::date;
  this_month := date_trunc('month', today)::date;

  batch := array(select r from read_requests(p_requests, now_at) r);
  accounts_known := read_accounts(batch, now_at, today, this_month, p_settings);
  keys_known := array(
    select row('key', 'monthly', k.key_limit_micros, coalesce(u.settled_micros, 0), coalesce(u.held_micros, 0))::limit_figures
      from (select distinct r.key_number, r.key_id, r.key_limit_micros from unnest(batch) r) k
      left join key_usage_months u on u.key_id = k.key_id and u.month = this_month
     order by k.key_number
  );

  foreach asked in array batch loop
    request := asked.request;
    answer := null;
    answer.cast_id := request.cast_id;
    if not asked.is_known then
      answer.decision := 'unauthenticated';
      return next answer;
      continue;
    end if;

    account := accounts_known[asked.account_number];
    account.requests := account.requests + 1;
    accounts_known[asked.account_number] := account;
    answer.remaining := greatest(p_settings.rate_limit - account.requests, 0);
    answer.reset_ms := account.reset_ms;
    if account.requests > p_settings.rate_limit then
      answer.decision := 'rate_limited';
      return next answer;
      continue;
    end if;

    if not asked.may_cast then
      answer.decision := 'insufficient_scope';
      return next answer;
      continue;
    end if;

    if request.idempotency_key is not null then
      select * into first_cast
        from idempotency_keys i
       where i.account_id = request.account_id
         and i.key = request.idempotency_key
         and i.expires_at > now_at;
      if found then
        answer.first_cast_id := first_cast.cast_id;
        answer.decision := case
          when first_cast.request_digest <> request.request_digest then 'idempotency_mismatch'
          when first_cast.is_queued then 'queued_before'
          -- One that this very batch admitted has its place among those whose holds are written below.
          when first_cast.cast_id in (select h.cast_id from unnest(placed) h)
            or exists (select 1 from holds h where h.cast_id = first_cast.cast_id) then 'in_progress'
          else 'repeated'
        end;
        return next answer;
        continue;
      end if;
    end if;

    terms := asked.terms;
    if terms.version_id is null then
      answer.decision := 'spell_not_found';
      return next answer;
      continue;
    end if;

    hold := null;
    hold.fuel_limit := fuel_within(terms.flat_micros, terms.rate_micros, terms.fuel_limit, request.max_cost_micros);
    if hold.fuel_limit is null then
      answer.decision := 'max_cost_exceeded';
      answer.hard_micros := request.max_cost_micros;
      answer.required_micros := price_micros(terms.flat_micros, terms.rate_micros, 1);
      return next answer;
      continue;
    end if;
    hold.hold_micros := price_micros(terms.flat_micros, terms.rate_micros, hold.fuel_limit);
    if asked.is_dearer then
      answer.decision := 'price_changed';
      answer.required_micros := hold.hold_micros;
      return next answer;
      continue;
    end if;

    -- Work that nobody pays for is bounded too: a cast that costs nothing must fit with all of its fuel; one that is
    -- paid for only meets what is used up already, by casts that failed.
    if account.free_fuel_used >= p_settings.free_fuel_daily
       or (
         hold.hold_micros = 0
         and account.free_fuel_used + account.free_fuel_held + hold.fuel_limit > p_settings.free_fuel_daily
       ) then
      answer.decision := 'free_fuel_exhausted';
      answer.retry_ms := ceil(extract(epoch from (today + 1)::timestamp - (now_at at time zone 'UTC')) * 1000)::integer;
      return next answer;
      continue;
    end if;

    -- A cast that costs nothing takes nothing from any limit, so none refuses it.
    key_limit := keys_known[asked.key_number];
    if hold.hold_micros > 0
       and (
         would_pass(account.budget, hold.hold_micros)
         or would_pass(account.ceiling, hold.hold_micros)
         or would_pass(account.allowance, hold.hold_micros)
         or would_pass(key_limit, hold.hold_micros)
       ) then
      refusal := refusing_limit(account, key_limit, hold.hold_micros);
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
      return next answer;
      continue;
    end if;

    -- Admitted: the next one is decided against what this one holds.
    account.budget.held_micros := (account.budget).held_micros + hold.hold_micros;
    account.ceiling.held_micros := (account.ceiling).held_micros + hold.hold_micros;
    account.allowance.held_micros := (account.allowance).held_micros + hold.hold_micros;
    key_limit.held_micros := key_limit.held_micros + hold.hold_micros;
    if hold.hold_micros = 0 then
      account.free_fuel_held := account.free_fuel_held + hold.fuel_limit;
    end if;
    accounts_known[asked.account_number] := account;
    keys_known[asked.key_number] := key_limit;

    hold.cast_id := request.cast_id;
    hold.account_id := request.account_id;
    hold.key_id := asked.key_id;
    hold.version_id := terms.version_id;
    hold.day := today;
    hold.month := this_month;
    hold.funding := case when account.has_card then 'card' else 'allowance' end;
    hold.admitted_at := now_at;
    hold.seed := request.seed;
    hold.input_digest := request.input_digest;
    hold.flat_micros := terms.flat_micros;
    hold.rate_micros := terms.rate_micros;
    hold.is_capped := hold.fuel_limit < terms.fuel_limit;
    hold.boot_id := p_settings.boot_id;
    hold.starts := 0;
    hold.stdin := request.stdin;
    if request.stdin is null then
      hold.state := 'running';
      hold.deadline := now_at + (terms.wall_ms + p_settings.grace_ms) * interval '1 millisecond';
    else
      hold.state := 'queued';
      hold.deadline := now_at + p_settings.queue_ms * interval '1 millisecond';
    end if;
    placed := array_append(placed, hold);
    if request.idempotency_key is not null then
      -- At once, so that a repeat in this very batch finds it. One that has expired gives way.
      insert into idempotency_keys as i (account_id, key, request_digest, cast_id, is_queued, expires_at)
      values (
        request.account_id, request.idempotency_key, request.request_digest, request.cast_id, request.stdin is not null,
        now_at + p_settings.replay_ms * interval '1 millisecond'
      )
      on conflict (account_id, key) do update
        set request_digest = excluded.request_digest,
            cast_id = excluded.cast_id,
            is_queued = excluded.is_queued,
            expires_at = excluded.expires_at;
    end if;

    answer.decision := 'admitted';
    answer.version_id := terms.version_id;
    answer.hold_micros := hold.hold_micros;
    answer.fuel_limit := hold.fuel_limit;
    answer.admitted_at := now_at;
    return next answer;
  end loop;

  if cardinality(placed) > 0 then
    perform place_holds(placed);
    -- To the minute: the row of a busy key is not written with every batch.
    update api_keys k
       set last_used_at = now_at
     where k.id in (select h.key_id from unnest(placed) h)
       and (k.last_used_at is null or k.last_used_at < now_at - interval '1 minute');
    perform enqueue_job('run-cast', json_build_object('cast_id', h.cast_id))
       from unnest(placed) h
      where h.state = 'queued';
  end if;
end;
$$;
--> statement-breakpoint

-- Settlement, sweep and cancel: the ways in which a hold is consumed, through one function.

create type cast_ending as (
  cast_id uuid,
  account_id uuid,
  error_code text,
  fuel_used bigint,
  duration_ms double precision,
  output_digest bytea,
  log bytea,
  -- Given for casts whose answer may be asked for again.
  output bytea,
  failure bytea
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

-- The platform's own failures, and what the caller called off: nobody pays, nothing counts as used up, and the same
-- Idempotency-Key begins a new cast.
create function is_released(p_error_code text)
returns boolean
language sql
immutable
parallel safe
return coalesce(p_error_code in ('INTERRUPTED', 'BUSY', 'CANCELLED', 'QUEUE_TIME'), false);
--> statement-breakpoint

-- A hold and its ending as the cast that goes into the history. Charged are completed casts, and metered ones that used
-- up what their caller's own cap bought; `casts` itself refuses a cost above the hold, or fuel above the limit.
create function ended_cast(p_hold holds, p_ending cast_ending, p_now timestamptz)
returns casts
language sql
immutable
parallel safe
as $$
  select row(
           p_hold.cast_id, p_hold.account_id, p_hold.key_id, p_hold.version_id, p_hold.day, p_hold.month, p_hold.funding,
           p_hold.hold_micros, p_hold.fuel_limit, p_hold.admitted_at, p_hold.seed, p_hold.input_digest,
           case when p_ending.error_code is null then 'completed' else 'failed' end,
           p_ending.error_code,
           case
             when p_ending.error_code is null
               or (p_ending.error_code = 'FUEL_EXHAUSTED' and p_hold.is_capped and p_hold.rate_micros > 0)
             -- Without its fuel nobody knows what it costs: the column's own check refuses the null.
             then price_micros(p_hold.flat_micros, p_hold.rate_micros, p_ending.fuel_used)
             else 0
           end,
           p_ending.fuel_used, p_ending.duration_ms, p_ending.output_digest, p_ending.log, p_now
         )::casts;
$$;
--> statement-breakpoint

-- Moves casts that ended out of what is held into what is settled, in every row they belong to, and writes the history.
-- The caller deleted their holds and has their accounts' locks.
create function move_usage(p_ended casts[])
returns void
language plpgsql
volatile
as $$
begin
  insert into casts select c.* from unnest(p_ended) c;

  update usage_days u
     set held_micros = u.held_micros - e.held,
         settled_micros = u.settled_micros + e.settled,
         free_fuel_held = u.free_fuel_held - e.free_fuel_held,
         free_fuel_used = u.free_fuel_used + e.free_fuel_used,
         calls = u.calls + e.calls
    from (
      select c.account_id, c.day, sum(c.hold_micros) as held, sum(c.cost_micros) as settled, count(*) as calls,
             sum(case when c.hold_micros = 0 then c.fuel_limit else 0 end) as free_fuel_held,
             sum(case
               when c.cost_micros > 0 then 0
               when is_released(c.error_code) then coalesce(c.fuel_used, 0)
               -- Of a program that was killed nobody knows how much it used: at most its limit.
               else coalesce(c.fuel_used, c.fuel_limit)
             end) as free_fuel_used
        from unnest(p_ended) c
       group by c.account_id, c.day
    ) e
   where u.account_id = e.account_id
     and u.day = e.day;

  update usage_months u
     set held_micros = u.held_micros - e.held,
         settled_micros = u.settled_micros + e.settled,
         allowance_held_micros = u.allowance_held_micros - e.allowance_held,
         allowance_settled_micros = u.allowance_settled_micros + e.allowance_settled,
         calls = u.calls + e.calls
    from (
      select c.account_id, c.month, sum(c.hold_micros) as held, sum(c.cost_micros) as settled, count(*) as calls,
             sum(case when c.funding = 'allowance' then c.hold_micros else 0 end) as allowance_held,
             sum(case when c.funding = 'allowance' then c.cost_micros else 0 end) as allowance_settled
        from unnest(p_ended) c
       group by c.account_id, c.month
    ) e
   where u.account_id = e.account_id
     and u.month = e.month;

  update key_usage_months u
     set held_micros = u.held_micros - e.held,
         settled_micros = u.settled_micros + e.settled,
         calls = u.calls + e.calls
    from (
      select c.key_id, c.month, sum(c.hold_micros) as held, sum(c.cost_micros) as settled, count(*) as calls
        from unnest(p_ended) c
       where c.key_id is not null
       group by c.key_id, c.month
    ) e
   where u.key_id = e.key_id
     and u.month = e.month;

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
end;
$$;
--> statement-breakpoint

-- Notices that are due for accounts whose usage moved: thresholds in percent of the hard limit, and the soft limit as 0.
-- Each is given once a period: an entry in the ledger, and a job that tells the person.
create function give_notices(p_accounts uuid[], p_now timestamptz)
returns table (account_id uuid, period text, period_start date, threshold integer)
language sql
volatile
as $$
  with today as (
    select (p_now at time zone 'UTC')::date as day, date_trunc('month', p_now at time zone 'UTC')::date as month
  ),
  spent as (
    select b.account_id, b.period, b.hard_limit_micros, b.soft_limit_micros, b.notify_thresholds,
           case b.period when 'daily' then t.day else t.month end as period_start,
           case b.period when 'daily' then d.settled_micros else m.settled_micros end as settled_micros
      from budgets b
      cross join today t
      left join usage_days d on d.account_id = b.account_id and d.day = t.day
      left join usage_months m on m.account_id = b.account_id and m.month = t.month
     where b.account_id = any (p_accounts)
  ),
  due as (
    select s.account_id, s.period, s.period_start, n.threshold
      from spent s
      cross join lateral unnest(s.notify_thresholds) n (threshold)
     where s.settled_micros * 100 >= s.hard_limit_micros::numeric * n.threshold
    union
    select s.account_id, s.period, s.period_start, 0
      from spent s
     where s.settled_micros >= s.soft_limit_micros
       and s.settled_micros > 0
  )
  insert into budget_notices as n (account_id, period, period_start, threshold, given_at)
  select d.account_id, d.period, d.period_start, d.threshold, p_now
    from due d
   order by d.account_id, d.threshold
  on conflict do nothing
  returning n.account_id, n.period, n.period_start, n.threshold;
$$;
--> statement-breakpoint

-- The ledger's writer again, by the batch: entries are put into their canonical form together, and only the chain of
-- hashes is followed one by one.
create or replace function ledger_field(p_bytes bytea)
returns bytea
language sql
immutable
parallel safe
return int4send(octet_length(coalesce(p_bytes, ''::bytea))) || coalesce(p_bytes, ''::bytea);
--> statement-breakpoint

create or replace function ledger_canonical(
  p_seq bigint,
  p_at timestamptz,
  p_kind text,
  p_pseudonym uuid,
  p_subject uuid,
  p_amount_micros bigint,
  p_details bytea
)
returns bytea
language sql
stable
parallel safe
return ledger_field('spell-ledger-1'::bytea)
  || ledger_field(int8send(p_seq))
  || ledger_field(int8send((extract(epoch from p_at) * 1000000)::bigint))
  || ledger_field(convert_to(p_kind, 'UTF8'))
  || ledger_field(uuid_send(p_pseudonym))
  || ledger_field(uuid_send(p_subject))
  || ledger_field(int8send(p_amount_micros))
  || ledger_field(p_details);
--> statement-breakpoint

create or replace function ledger_append(
  p_at timestamptz,
  p_kinds text[],
  p_pseudonyms uuid[],
  p_subjects uuid[],
  p_amounts_micros bigint[],
  p_details bytea[]
)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  count_appended integer := cardinality(p_kinds);
  last_seq bigint;
  last_hash bytea;
  canonical bytea[];
  hashes bytea[] := '{}';
begin
  -- Lock: one append at a time, so that numbers have no gap and each hash follows the one before.
  select h.seq, h.hash
    into strict last_seq, last_hash
    from public.ledger_head h
     for no key update;

  canonical := array(
    select public.ledger_canonical(
             last_seq + e.position, p_at, e.kind, e.pseudonym, e.subject, e.amount_micros, e.details
           )
      from unnest(p_kinds, p_pseudonyms, p_subjects, p_amounts_micros, p_details) with ordinality
        as e (kind, pseudonym, subject, amount_micros, details, position)
     order by e.position
  );
  for i in 1 .. count_appended loop
    last_hash := sha256(last_hash || canonical[i]);
    hashes := array_append(hashes, last_hash);
  end loop;

  insert into public.ledger_entries (seq, at, kind, pseudonym, subject, amount_micros, details, hash)
  select last_seq + e.position, p_at, e.kind, e.pseudonym, e.subject, e.amount_micros, e.details, e.hash
    from unnest(p_kinds, p_pseudonyms, p_subjects, p_amounts_micros, p_details, hashes) with ordinality
      as e (kind, pseudonym, subject, amount_micros, details, hash, position);

  update public.ledger_head
     set seq = last_seq + count_appended,
         hash = last_hash;
  return last_seq + 1;
end;
$$;
--> statement-breakpoint

-- The ledger's account of casts that ended and of notices given: for each cast one entry, and one more that credits
-- what the allowance paid. Gives the numbers of the casts' entries, in their order. Last before the commit.
create function ledger_append_ended(p_ended casts[], p_notices budget_notices[], p_now timestamptz)
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
  first_seq bigint;
begin
  select array_agg(e.kind order by e.number),
         array_agg(e.pseudonym order by e.number),
         array_agg(e.subject order by e.number),
         array_agg(e.amount order by e.number),
         array_agg(convert_to(e.details::text, 'UTF8') order by e.number)
    into kinds, pseudonyms, subjects, amounts, details
    from (
      select row_number() over (order by n.what, n.position, n.part) as number, n.*
        from (
          select 1 as what, c.ordinality as position, 1 as part, 'cast.settled' as kind, a.pseudonym, c.id as subject,
                 c.cost_micros as amount,
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
                 ) as details
            from unnest(p_ended) with ordinality as c
            join accounts a on a.id = c.account_id
            join spell_versions v on v.id = c.version_id
            join spells s on s.id = v.spell_id
          union all
          select 1, c.ordinality, 2, 'credit.allowance', a.pseudonym, c.id, -c.cost_micros,
                 json_build_object('month', c.month)
            from unnest(p_ended) with ordinality as c
            join accounts a on a.id = c.account_id
           where c.funding = 'allowance'
             and c.cost_micros > 0
          union all
          select 2, b.ordinality, 1, 'budget.notice', a.pseudonym, null, 0,
                 json_build_object('period', b.period, 'period_start', b.period_start, 'threshold', b.threshold)
            from unnest(p_notices) with ordinality as b
            join accounts a on a.id = b.account_id
        ) n
    ) e;
  first_seq := ledger_append(p_now, kinds, pseudonyms, subjects, amounts, details);
  return array(
    select first_seq + e.position - 1
      from unnest(kinds) with ordinality as e (kind, position)
     where e.kind = 'cast.settled'
     order by e.position
  );
end;
$$;
--> statement-breakpoint

-- All that follows from holds having been consumed: usage, history, notices, the ledger. Gives the numbers of the casts'
-- entries, in the casts' order. The caller deleted the holds and has the accounts' locks.
create function end_casts(p_ended casts[], p_now timestamptz)
returns bigint[]
language plpgsql
volatile
as $$
declare
  released uuid[];
  notices budget_notices[];
begin
  if coalesce(cardinality(p_ended), 0) = 0 then
    return '{}';
  end if;
  perform move_usage(p_ended);
  released := array(select c.id from unnest(p_ended) c where is_released(c.error_code));
  if cardinality(released) > 0 then
    -- A retry of what was released is a new cast.
    delete from idempotency_keys i
     where i.cast_id = any (released);
  end if;
  notices := array(
    select row(n.account_id, n.period, n.period_start, n.threshold, p_now)::budget_notices
      from give_notices(array(select distinct c.account_id from unnest(p_ended) c where c.cost_micros > 0), p_now) n
  );
  perform enqueue_job('give-notice', json_build_object(
            'account_id', n.account_id, 'period', n.period, 'period_start', n.period_start, 'threshold', n.threshold
          ))
     from unnest(notices) n;
  return ledger_append_ended(p_ended, notices, p_now);
end;
$$;
--> statement-breakpoint

-- Settles a batch. For each cast: `settled` (its hold was consumed now, or by an earlier call whose answer was lost:
-- asking again changes nothing), or `lost` (there is neither hold nor cast: no charge, no result).
create function settle_casts(p_endings cast_ending[], p_keep_ms bigint, p_clock_offset interval)
returns setof settlement
language plpgsql
volatile
as $$
declare
  now_at timestamptz;
  ended casts[];
  seqs bigint[];
  ending cast_ending;
  answers cast_answers[] := '{}';
  answer settlement;
  next_ended integer := 1;
begin
  -- Money is acknowledged only when it is on the disk, whatever the session's setting.
  perform set_config('synchronous_commit', 'on', true);

  -- Lock: the accounts, by id, so that usage rows move one transaction at a time; the ledger's head comes last.
  perform 1
     from accounts a
    where a.id = any (array(select e.account_id from unnest(p_endings) e))
    order by a.id
      for no key update;
  now_at := clock_timestamp() + p_clock_offset;

  with endings as (
    select row(
             e.cast_id, e.account_id, e.error_code, e.fuel_used, e.duration_ms, e.output_digest, e.log, e.output, e.failure
           )::cast_ending as ending,
           e.cast_id,
           e.position
      from unnest(p_endings) with ordinality as e (
             cast_id, account_id, error_code, fuel_used, duration_ms, output_digest, log, output, failure, position
           )
  ),
  consumed as (
    delete from holds h
     using endings e
     where h.cast_id = e.cast_id
    returning h as hold, e.ending, e.position
  )
  select array_agg(ended_cast(c.hold, c.ending, now_at) order by c.position)
    into ended
    from consumed c;

  seqs := end_casts(ended, now_at);

  -- What ended now is in the order of the endings: one is taken after the other, and what is not there ended before.
  foreach ending in array p_endings loop
    answer := row(ending.cast_id, 'settled', null, null, null, null);
    if next_ended <= cardinality(ended) and (ended[next_ended]).id = ending.cast_id then
      answer.error_code := (ended[next_ended]).error_code;
      answer.cost_micros := (ended[next_ended]).cost_micros;
      answer.fuel_used := (ended[next_ended]).fuel_used;
      answer.ledger_seq := seqs[next_ended];
      next_ended := next_ended + 1;
      if (ending.output is not null or ending.failure is not null) and not is_released(ending.error_code) then
        answers := array_append(answers, row(
          ending.cast_id, ending.output, ending.failure, now_at + p_keep_ms * interval '1 millisecond'
        )::cast_answers);
      end if;
    else
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
  insert into cast_answers select a.* from unnest(answers) a;
end;
$$;
--> statement-breakpoint

-- Ends casts whose deadline passed, free for the caller: their process died, or lost the answer to an admission, or
-- nobody started them in time. A queued one that was started goes back to the queue, with the same hold, seed and clock,
-- until it was started three times. Returns how many it moved. Safe from any number of processes at once.
create function sweep_casts(p_limit integer, p_queue_ms integer, p_clock_offset interval)
returns integer
language plpgsql
volatile
as $$
declare
  now_at timestamptz := clock_timestamp() + p_clock_offset;
  overdue uuid[];
  owners uuid[];
  ended casts[];
  requeued uuid[];
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
  -- Others may have moved the accounts while it waited: what ends now ends after them.
  now_at := clock_timestamp() + p_clock_offset;

  with again as (
    update holds h
       set state = 'queued',
           deadline = now_at + p_queue_ms * interval '1 millisecond'
     where h.cast_id = any (overdue)
       and h.deadline <= now_at
       and h.state = 'running'
       and h.stdin is not null
       and h.starts < 3
    returning h.cast_id
  )
  select array_agg(a.cast_id) into requeued from again a;
  perform enqueue_job('run-cast', json_build_object('cast_id', r.id)) from unnest(requeued) r (id);

  with consumed as (
    delete from holds h
     where h.cast_id = any (overdue)
       and h.deadline <= now_at
    returning h as hold
  )
  select array_agg(ended_cast(
           c.hold,
           row(
             (c.hold).cast_id, (c.hold).account_id,
             case (c.hold).state when 'queued' then 'QUEUE_TIME' else 'INTERRUPTED' end,
             null, null, null, ''::bytea, null, null
           )::cast_ending,
           now_at
         ))
    into ended
    from consumed c;
  perform end_casts(ended, now_at);
  return coalesce(cardinality(ended), 0) + coalesce(cardinality(requeued), 0);
end;
$$;
--> statement-breakpoint

-- Starts a queued cast: the one change from queued to running, which only one worker makes. No row: it was started,
-- cancelled, swept, or never was.
create function start_cast(p_cast_id uuid, p_boot_id uuid, p_grace_ms integer, p_clock_offset interval)
returns setof holds
language sql
volatile
as $$
  update holds h
     set state = 'running',
         starts = h.starts + 1,
         boot_id = p_boot_id,
         deadline = clock_timestamp() + p_clock_offset + (v.wall_ms + p_grace_ms) * interval '1 millisecond'
    from spell_versions v
   where h.cast_id = p_cast_id
     and h.state = 'queued'
     and h.deadline > clock_timestamp() + p_clock_offset
     and v.id = h.version_id
  returning h.*;
$$;
--> statement-breakpoint

-- Calls off a queued cast of the account. True when this call ended it.
create function cancel_cast(p_account_id uuid, p_cast_id uuid, p_clock_offset interval)
returns boolean
language plpgsql
volatile
as $$
declare
  now_at timestamptz;
  ended casts[];
begin
  perform set_config('synchronous_commit', 'on', true);
  -- Lock: as in settlement.
  perform 1
     from accounts a
    where a.id = p_account_id
      for no key update;
  now_at := clock_timestamp() + p_clock_offset;
  with consumed as (
    delete from holds h
     where h.cast_id = p_cast_id
       and h.account_id = p_account_id
       and h.state = 'queued'
    returning h as hold
  )
  select array_agg(ended_cast(
           c.hold,
           row(p_cast_id, p_account_id, 'CANCELLED', null, null, null, ''::bytea, null, null)::cast_ending,
           now_at
         ))
    into ended
    from consumed c;
  perform end_casts(ended, now_at);
  return ended is not null;
end;
$$;
--> statement-breakpoint

-- What settlement moves from now on, for the casts that were settled before.
insert into usage_lines (account_id, day, version_id, key_id, settled_micros, allowance_micros, calls, fuel)
select c.account_id, c.day, c.version_id, c.key_id, sum(c.cost_micros),
       sum(case when c.funding = 'allowance' then c.cost_micros else 0 end), count(*), coalesce(sum(c.fuel_used), 0)
  from casts c
 group by c.account_id, c.day, c.version_id, c.key_id;
--> statement-breakpoint

insert into last_prices (account_id, spell_id, flat_micros, rate_micros)
select distinct on (c.account_id, v.spell_id) c.account_id, v.spell_id, v.flat_micros, v.rate_micros
  from casts c
  join spell_versions v on v.id = c.version_id
 where c.error_code is null
 order by c.account_id, v.spell_id, c.ended_at desc;
