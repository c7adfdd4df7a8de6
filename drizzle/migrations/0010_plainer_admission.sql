CREATE INDEX "spell_versions_newest" ON "spell_versions" USING btree ("spell_id","ordinal");--> statement-breakpoint

-- Admission by plain plans. What starts a statement is what a small batch pays for, and joins of a batch with a whole
-- table are what a large database would: each statement reads or writes one kind of row, by its key, once a batch.

drop function admit_casts(cast_request[], admission_settings, interval);
--> statement-breakpoint
drop function read_accounts(asked_cast[], timestamptz, date, date, admission_settings);
--> statement-breakpoint
drop function read_requests(cast_request[], timestamptz);
--> statement-breakpoint
drop function rows_of_requests(cast_request[]);
--> statement-breakpoint
drop function count_account_requests(uuid[], integer[], timestamptz);
--> statement-breakpoint
drop type asked_cast;
--> statement-breakpoint
drop function credential_state(uuid, text, bytea, timestamptz);
--> statement-breakpoint

-- The state of a credential at `p_now`: no row when it is not valid (any more). Keys of sessions and of the house are
-- null. Of the credentials at most one is given; the house needs none.
create function credential_state(
  p_account_id uuid,
  p_key_prefix text,
  p_session_digest bytea,
  p_now timestamptz
)
returns table (key_id uuid, scopes text[], key_limit_micros bigint, key_used_at timestamptz)
language sql
stable
as $$
  select k.id, k.scopes, k.monthly_limit_micros, k.last_used_at
    from api_key_secrets s
    join api_keys k on k.id = s.key_id
   where s.prefix = p_key_prefix
     and k.account_id = p_account_id
     and k.revoked_at is null
     and (k.expires_at is null or k.expires_at > p_now)
     and (s.expires_at is null or s.expires_at > p_now)
  union all
  select null, array['cast', 'read', 'budgets', 'keys', 'billing', 'spells'], null, null
    from sessions s
   where s.token_digest = p_session_digest
     and s.account_id = p_account_id
     and s.expires_at > p_now
  union all
  select null, array['cast'], null, null
    from accounts a
   where a.id = p_account_id
     and a.kind = 'house'
     and p_key_prefix is null
     and p_session_digest is null;
$$;
--> statement-breakpoint

-- What a request of a batch meets: the state of its credential, its key's figures, and the version it names.
create type asked_cast as (
  is_known boolean,
  may_cast boolean,
  key_id uuid,
  key_used_at timestamptz,
  key_limit limit_figures,
  terms version_terms,
  -- Unpinned, uncapped, and dearer than what this account last paid for the spell.
  is_dearer boolean
);
--> statement-breakpoint

-- Reads what the requests of a batch meet, in their order. The caller holds the accounts' locks.
create function read_requests(p_requests cast_request[], p_now timestamptz, p_month date)
returns asked_cast[]
language plpgsql
volatile
as $$
begin
  return array(
    select row(
             c.scopes is not null,
             coalesce('cast' = any (c.scopes), false),
             c.key_id,
             c.key_used_at,
             row('key', 'monthly', c.key_limit_micros, coalesce(u.settled_micros, 0), coalesce(u.held_micros, 0))::limit_figures,
             case
               when v.id is not null
               then row(v.id, v.spell_id, v.flat_micros, v.rate_micros, v.fuel_limit, v.wall_ms)::version_terms
             end,
             coalesce(
               r.version is null and r.max_cost_micros is null
                 and (v.flat_micros > p.flat_micros or v.rate_micros > p.rate_micros),
               false
             )
           )::asked_cast
      from unnest(p_requests) with ordinality as r (
             cast_id, account_id, key_prefix, session_digest, spell, version, max_cost_micros, seed, input_digest,
             idempotency_key, request_digest, stdin, place
           )
      left join lateral credential_state(r.account_id, r.key_prefix, r.session_digest, p_now) c on true
      left join key_usage_months u on u.key_id = c.key_id and u.month = p_month
      left join lateral (
        select v.*
          from spell_versions v
         -- A key has dots and a name has none: at most one of the two finds a spell.
         where v.spell_id = coalesce(
                 (select n.id from spells n where n.name = r.spell and n.is_active),
                 (select n.id from spells n where n.key = r.spell and n.is_active)
               )
           and v.is_active
           and (r.version is null or v.version = r.version)
         order by v.ordinal desc
         limit 1
      ) v on true
      left join last_prices p on p.account_id = r.account_id and p.spell_id = v.spell_id
     order by r.place
  );
end;
$$;
--> statement-breakpoint

-- The figures of accounts, in the order given, before any request is counted. The caller holds their locks.
create function read_accounts(p_accounts uuid[], p_day date, p_month date, p_settings admission_settings)
returns account_figures[]
language plpgsql
volatile
as $$
begin
  return array(
    select row(
             l.has_card, 0, 0, l.free_fuel_used, l.free_fuel_held, l.budget, l.ceiling, l.allowance
           )::account_figures
      from unnest(p_accounts) with ordinality as a (id, number)
     cross join lateral limits_of_accounts(
             array[a.id], p_day, p_month,
             p_settings.allowance_micros, p_settings.default_micros, p_settings.maximum_micros
           ) l
     order by a.number
  );
end;
$$;
--> statement-breakpoint

-- Counts requests of accounts, `p_requests` each, and gives for each account that has any its place in the arrays, its
-- count in this minute with them, and when that ends. The caller holds the accounts' locks; a request that is no cast
-- counts itself without them, by the same row.
create function count_account_requests(p_accounts uuid[], p_requests integer[], p_now timestamptz)
returns table (number integer, requests_counted integer, reset_ms integer)
language plpgsql
volatile
as $$
begin
  return query
    insert into rate_counts as r (subject_kind, subject, window_start, requests)
    select 'account', uuid_send(a.account_id), p_now, a.requests
      from unnest(p_accounts, p_requests) a (account_id, requests)
     where a.requests > 0
    on conflict (subject_kind, subject) do update
      set (window_start, requests) = (
        select
          case when is_current then r.window_start else excluded.window_start end,
          case when is_current then least(r.requests, 1000000000) + excluded.requests else excluded.requests end
        from (select r.window_start <= excluded.window_start
                 and r.window_start > excluded.window_start - interval '1 minute' as is_current) w
      )
    returning array_position(p_accounts, encode(r.subject, 'hex')::uuid),
              r.requests,
              ceil(extract(epoch from r.window_start + interval '1 minute' - p_now) * 1000)::integer;
end;
$$;
--> statement-breakpoint

-- Admits a batch: casts are decided one after another in the order given, each against the figures that the ones before
-- it left. A refused cast leaves nothing but its count against the rate. Answers come in the order of the requests.
-- The settings of the planner: whatever a table's size, rows are found by their key.
create function admit_casts(p_requests cast_request[], p_settings admission_settings, p_clock_offset interval)
returns setof admission
language plpgsql
volatile
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  now_at timestamptz;
  today date;
  this_month date;
  batch asked_cast[];
  -- Accounts and keys have a number in the batch: their place in these arrays, and in those of their figures.
  accounts uuid[];
  accounts_known account_figures[];
  account_requests integer[];
  keys uuid[] := '{}';
  keys_known limit_figures[] := '{}';
  placed holds[] := '{}';
  has_queued boolean;
  unmarked_keys uuid[] := '{}';
  -- Of the cast being decided.
  account_number integer;
  key_number integer;
  counted record;
  asked asked_cast;
  request cast_request;
  terms version_terms;
  account account_figures;
  key_limit limit_figures;
  first_cast idempotency_keys;
  refusal limit_figures;
  hold holds;
  answer admission;
begin
  -- If Postgres dies, a hold is lost together with all that hangs on it, and settlement will not find it: no need to
  -- wait for the disk. A queued cast is a promise, and does wait.
  has_queued := exists (select 1 from unnest(p_requests) r where r.stdin is not null);
  perform set_config('synchronous_commit', case when has_queued then 'on' else 'off' end, true);

  -- Lock: the accounts, by id, before anything that decides is read. From here on nobody else moves their money, keys,
  -- cards or limits.
  accounts := array(
    select c.id
      from accounts c
     where c.id = any (array(select r.account_id from unnest(p_requests) r))
     order by c.id
       for no key update
  );
  now_at := clock_timestamp() + p_clock_offset;
  today := (now_at at time zone 'UTC')::date;
  this_month := date_trunc('month', today)::date;

  batch := read_requests(p_requests, now_at, this_month);
  accounts_known := read_accounts(accounts, today, this_month, p_settings);

  account_requests := array_fill(0, array[cardinality(accounts)]);
  for i in 1 .. cardinality(p_requests) loop
    account_number := array_position(accounts, (p_requests[i]).account_id);
    if (batch[i]).is_known then
      account_requests[account_number] := account_requests[account_number] + 1;
    end if;
  end loop;
  for counted in select * from count_account_requests(accounts, account_requests, now_at) loop
    account := accounts_known[counted.number];
    -- As it was before these: the casts below count themselves, one after another.
    account.requests := counted.requests_counted - account_requests[counted.number];
    account.reset_ms := counted.reset_ms;
    accounts_known[counted.number] := account;
  end loop;

  for i in 1 .. cardinality(p_requests) loop
    request := p_requests[i];
    asked := batch[i];
    answer := null;
    answer.cast_id := request.cast_id;
    if not asked.is_known then
      answer.decision := 'unauthenticated';
      return next answer;
      continue;
    end if;

    account_number := array_position(accounts, request.account_id);
    account := accounts_known[account_number];
    account.requests := account.requests + 1;
    accounts_known[account_number] := account;
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
    key_number := array_position(keys, asked.key_id);
    key_limit := coalesce(keys_known[key_number], asked.key_limit);
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
    accounts_known[account_number] := account;
    if key_number is null and asked.key_id is not null then
      keys := array_append(keys, asked.key_id);
      key_number := cardinality(keys);
      -- To the minute: the row of a busy key is not written with every batch.
      if asked.key_used_at is null or asked.key_used_at < now_at - interval '1 minute' then
        unmarked_keys := array_append(unmarked_keys, asked.key_id);
      end if;
    end if;
    if key_number is not null then
      keys_known[key_number] := key_limit;
    end if;

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
    if cardinality(unmarked_keys) > 0 then
      update api_keys k
         set last_used_at = now_at
       where k.id = any (unmarked_keys);
    end if;
    if has_queued then
      perform enqueue_job('run-cast', json_build_object('cast_id', h.cast_id))
         from unnest(placed) h
        where h.state = 'queued';
    end if;
  end if;
end;
$$;
--> statement-breakpoint

-- The same for what every request that is no cast begins with, and for the start of a queued cast.
alter function begin_request(uuid, text, bytea, integer, interval)
  set enable_seqscan = off
  set enable_bitmapscan = off;
--> statement-breakpoint

alter function start_cast(uuid, uuid, integer, interval)
  set enable_seqscan = off
  set enable_bitmapscan = off;
