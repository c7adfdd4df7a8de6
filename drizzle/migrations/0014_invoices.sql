-- What bounds each account, with what is settled and held against it. The one place where limits are put together: for
-- admission, whose caller holds the accounts' locks, and for whoever shows them.
create or replace function limits_of_accounts(
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
         m.id is not null and c.past_due_since is null,
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
         case
           -- Its card is being removed: nothing that costs may begin.
           when c.closing_since is not null then row('closing', 'monthly', 0, 0, 0)::limit_figures
           else
             row(
               'budget', 'monthly', case b.period when 'daily' then p_maximum_micros end,
               coalesce(u.settled_micros, 0), coalesce(u.held_micros, 0)
             )::limit_figures
         end,
         row(
           'allowance', 'monthly', case when m.id is null or c.past_due_since is not null then p_allowance_micros end,
           coalesce(u.allowance_settled_micros, 0), coalesce(u.allowance_held_micros, 0)
         )::limit_figures
    from unnest(p_accounts) a (account_id)
    join accounts c on c.id = a.account_id
    left join payment_methods m on m.account_id = a.account_id and m.removed_at is null
    left join budgets b on b.account_id = a.account_id
    left join usage_days d on d.account_id = a.account_id and d.day = p_day
    left join usage_months u on u.account_id = a.account_id and u.month = p_month;
$$;
--> statement-breakpoint

-- Admits a batch: casts are decided one after another in the order given, each against the figures that the ones before
-- it left. A refused cast leaves nothing but its count against the rate. Answers come in the order of the requests.
-- The settings of the planner: whatever a table's size, rows are found by their key.
create or replace function admit_casts(p_requests cast_request[], p_settings admission_settings, p_clock_offset interval)
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
        when 'closing' then 'account_closing'
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

-- Closes a part of an account's month and says what is owed for it. A cast belongs to the part that is closed first
-- after it settled: a part is what the month's usage lines have beyond its earlier parts, and none is closed while a
-- cast that could move them is held. `p_is_last`: the month is over. Outcomes: `closed`; `closed_before`, with the
-- invoice that there is; `held`, to be tried again; `nothing` to close; `too_early`.
create function close_invoice(p_account uuid, p_month date, p_is_last boolean, p_clock_offset interval)
returns table (outcome text, invoice_id uuid)
language plpgsql
volatile
as $$
declare
  now_at timestamptz;
  account accounts;
  before invoices;
  invoice invoices;
  lines invoice_lines[];
  owed bigint;
  -- What Stripe collected and has not given back.
  collected_cents bigint;
begin
  -- Lock: the account, before anything that decides is read.
  select * into account from accounts a where a.id = p_account for no key update;
  now_at := clock_timestamp() + p_clock_offset;
  if account.id is null or account.kind <> 'person' then
    return query select 'nothing', null::uuid;
    return;
  end if;
  if p_is_last and p_month >= date_trunc('month', now_at at time zone 'UTC')::date then
    return query select 'too_early', null::uuid;
    return;
  end if;
  select * into invoice from invoices i where i.account_id = p_account and i.month = p_month and i.is_last;
  if found then
    return query select 'closed_before', invoice.id;
    return;
  end if;
  if exists (select 1 from holds h where h.account_id = p_account and (h.month = p_month or not p_is_last)) then
    return query select 'held', null::uuid;
    return;
  end if;

  invoice.id := gen_random_uuid();
  lines := array(
    select row(invoice.id, d.version_id, d.calls, d.settled_micros, d.allowance_micros)::invoice_lines
      from (
        select l.version_id,
               sum(l.calls)::bigint as calls,
               sum(l.settled_micros)::bigint as settled_micros,
               sum(l.allowance_micros)::bigint as allowance_micros
          from (
            select u.version_id, u.calls, u.settled_micros, u.allowance_micros
              from usage_lines u
             where u.account_id = p_account
               and u.day >= p_month
               and u.day < (p_month + interval '1 month')::date
             union all
            select t.version_id, -t.calls, -t.settled_micros, -t.allowance_micros
              from invoices i
              join invoice_lines t on t.invoice_id = i.id
             where i.account_id = p_account
               and i.month = p_month
          ) l
         group by l.version_id
      ) d
     where d.calls <> 0
     order by d.version_id
  );
  select coalesce(sum(l.settled_micros), 0), coalesce(sum(l.allowance_micros), 0)
    into invoice.settled_micros, invoice.allowance_micros
    from unnest(lines) l;
  select coalesce(sum(c.amount_micros), 0) into invoice.credit_micros
    from credits c
   where c.account_id = p_account
     and c.invoice_id is null;
  select coalesce(max(i.part), 0) + 1 into invoice.part
    from invoices i
   where i.account_id = p_account
     and i.month = p_month;
  if cardinality(lines) = 0 and invoice.credit_micros = 0 and (invoice.part = 1 or not p_is_last) then
    return query select 'nothing', null::uuid;
    return;
  end if;

  select * into before from invoices i where i.account_id = p_account order by i.number desc limit 1;
  invoice.account_id := p_account;
  invoice.number := coalesce(before.number, 0) + 1;
  invoice.month := p_month;
  invoice.is_last := p_is_last;
  invoice.carried_in_micros := coalesce(before.carried_out_micros, 0);
  owed := invoice.settled_micros - invoice.allowance_micros - invoice.credit_micros + invoice.carried_in_micros;
  -- Rounded once, down, at the total. Less than Stripe takes (50 cents) is carried on.
  if owed >= 500000 then
    invoice.due_cents := owed / 10000;
  elsif owed <= -10000 then
    select coalesce(sum(i.due_cents), 0) into collected_cents
      from invoices i
     where i.account_id = p_account
       and (i.status = 'paid' or i.due_cents < 0);
    invoice.due_cents := -least(-owed / 10000, collected_cents);
  else
    invoice.due_cents := 0;
  end if;
  invoice.carried_out_micros := owed - invoice.due_cents * 10000;
  invoice.status := case when invoice.due_cents = 0 then 'carried' else 'closed' end;
  invoice.closed_at := now_at;
  insert into invoices select invoice.*;
  insert into invoice_lines select l.* from unnest(lines) l;
  update credits c
     set invoice_id = invoice.id
   where c.account_id = p_account
     and c.invoice_id is null;
  if invoice.due_cents <> 0 then
    perform enqueue_job('collect-invoice', json_build_object('invoice_id', invoice.id));
  end if;
  perform ledger_append(
    now_at,
    array['invoice.made'],
    array[account.pseudonym],
    array[invoice.id],
    array[0::bigint],
    array[convert_to(
      json_build_object(
        'number', invoice.number,
        'month', to_char(p_month, 'YYYY-MM'),
        'part', invoice.part,
        'settled_micros', invoice.settled_micros,
        'allowance_micros', invoice.allowance_micros,
        'credit_micros', invoice.credit_micros,
        'carried_in_micros', invoice.carried_in_micros,
        'due_cents', invoice.due_cents,
        'carried_out_micros', invoice.carried_out_micros
      )::text,
      'UTF8'
    )]
  );
  return query select 'closed', invoice.id;
end;
$$;
