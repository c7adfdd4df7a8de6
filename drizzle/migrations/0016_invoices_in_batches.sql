-- Months are closed some at a time: one commit, one hold of the ledger's head, and one call of the queue for all of them.

-- Puts jobs of one task into the queue, each due after a delay of its own. A higher priority number goes later.
create function enqueue_jobs(p_task text, p_payloads json[], p_delays interval[], p_priority integer)
returns void
language plpgsql
volatile
as $$
begin
  perform spell_jobs.enqueue_all(p_task, p_payloads, p_delays, p_priority);
end;
$$;
--> statement-breakpoint

-- What the ledger says of an invoice that was made.
create function invoice_details(p_invoice invoices)
returns bytea
language sql
immutable
as $$
  select convert_to(
    json_build_object(
      'number', p_invoice.number,
      'month', to_char(p_invoice.month, 'YYYY-MM'),
      'part', p_invoice.part,
      'settled_micros', p_invoice.settled_micros,
      'allowance_micros', p_invoice.allowance_micros,
      'credit_micros', p_invoice.credit_micros,
      'carried_in_micros', p_invoice.carried_in_micros,
      'due_cents', p_invoice.due_cents,
      'carried_out_micros', p_invoice.carried_out_micros
    )::text,
    'UTF8'
  );
$$;
--> statement-breakpoint

-- Writes a part of an account's month, with its lines, and takes off what was credited. The caller holds the account's
-- lock, and enqueues and records what came of it. `p_is_last`: the month is over. Outcomes: `closed`; `closed_before`,
-- with the invoice that there is; `held`, to be tried again; `nothing` to close; `too_early`.
create function write_invoice(
  p_account accounts,
  p_month date,
  p_is_last boolean,
  p_now timestamptz,
  out outcome text,
  out invoice invoices
)
language plpgsql
volatile
as $$
declare
  before invoices;
  lines invoice_lines[];
  owed bigint;
  -- What Stripe collected and has not given back.
  collected_cents bigint;
begin
  if p_account.id is null or p_account.kind <> 'person' then
    outcome := 'nothing';
    return;
  end if;
  if p_is_last and p_month >= date_trunc('month', p_now at time zone 'UTC')::date then
    outcome := 'too_early';
    return;
  end if;
  select * into invoice from invoices i where i.account_id = p_account.id and i.month = p_month and i.is_last;
  if found then
    outcome := 'closed_before';
    return;
  end if;
  if exists (select 1 from holds h where h.account_id = p_account.id and (h.month = p_month or not p_is_last)) then
    outcome := 'held';
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
             where u.account_id = p_account.id
               and u.day >= p_month
               and u.day < (p_month + interval '1 month')::date
             union all
            select t.version_id, -t.calls, -t.settled_micros, -t.allowance_micros
              from invoices i
              join invoice_lines t on t.invoice_id = i.id
             where i.account_id = p_account.id
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
   where c.account_id = p_account.id
     and c.invoice_id is null;
  select coalesce(max(i.part), 0) + 1 into invoice.part
    from invoices i
   where i.account_id = p_account.id
     and i.month = p_month;
  if cardinality(lines) = 0 and invoice.credit_micros = 0 and (invoice.part = 1 or not p_is_last) then
    outcome := 'nothing';
    return;
  end if;

  select * into before from invoices i where i.account_id = p_account.id order by i.number desc limit 1;
  invoice.account_id := p_account.id;
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
     where i.account_id = p_account.id
       and (i.status = 'paid' or i.due_cents < 0);
    invoice.due_cents := -least(-owed / 10000, collected_cents);
  else
    invoice.due_cents := 0;
  end if;
  invoice.carried_out_micros := owed - invoice.due_cents * 10000;
  invoice.status := case when invoice.due_cents = 0 then 'carried' else 'closed' end;
  invoice.closed_at := p_now;
  insert into invoices select invoice.*;
  insert into invoice_lines select l.* from unnest(lines) l;
  if invoice.credit_micros <> 0 then
    update credits c
       set invoice_id = invoice.id
     where c.account_id = p_account.id
       and c.invoice_id is null;
  end if;
  outcome := 'closed';
end;
$$;
--> statement-breakpoint

-- Closes parts of accounts' months and says what came of each, in their order. A cast belongs to the part that is closed
-- first after it settled: a part is what the month's usage lines have beyond its earlier parts, and none is closed while
-- a cast that could move them is held. Where one month of an account waits, those after it in the list wait with it,
-- for each carries on what the one before left. `p_collect_in`: how long the collection of each is put off.
create function close_invoices(
  p_accounts uuid[],
  p_months date[],
  p_is_last boolean,
  p_collect_in interval[],
  p_clock_offset interval
)
returns table (outcome text, invoice_id uuid)
language plpgsql
volatile
as $$
declare
  now_at timestamptz;
  account accounts;
  written record;
  invoice invoices;
  waiting uuid;
  pseudonyms uuid[] := '{}';
  subjects uuid[] := '{}';
  details bytea[] := '{}';
  payloads json[] := '{}';
  delays interval[] := '{}';
begin
  -- Lock: the accounts, by id, before anything that decides is read; the ledger's head comes last.
  perform 1
     from accounts a
    where a.id = any (p_accounts)
    order by a.id
      for no key update;
  now_at := clock_timestamp() + p_clock_offset;

  for i in 1 .. cardinality(p_accounts) loop
    if p_accounts[i] = waiting then
      return query select 'held', null::uuid;
      continue;
    end if;
    select * into account from accounts a where a.id = p_accounts[i];
    select * into written from write_invoice(account, p_months[i], p_is_last, now_at);
    invoice := written.invoice;
    if written.outcome = 'held' then
      waiting := p_accounts[i];
    elsif written.outcome = 'closed' then
      pseudonyms := array_append(pseudonyms, account.pseudonym);
      subjects := array_append(subjects, invoice.id);
      details := array_append(details, invoice_details(invoice));
      if invoice.due_cents <> 0 then
        payloads := array_append(payloads, json_build_object('invoice_id', invoice.id));
        delays := array_append(delays, p_collect_in[i]);
      end if;
    end if;
    return query
      select written.outcome, case when written.outcome in ('closed', 'closed_before') then invoice.id end;
  end loop;

  if cardinality(payloads) > 0 then
    -- After whatever somebody waits for.
    perform enqueue_jobs('collect-invoice', payloads, delays, 10);
  end if;
  if cardinality(subjects) > 0 then
    perform ledger_append(
      now_at,
      array_fill('invoice.made'::text, array[cardinality(subjects)]),
      pseudonyms,
      subjects,
      array_fill(0::bigint, array[cardinality(subjects)]),
      details
    );
  end if;
end;
$$;
--> statement-breakpoint

-- One part of one account, whose collection is due at once.
create or replace function close_invoice(p_account uuid, p_month date, p_is_last boolean, p_clock_offset interval)
returns table (outcome text, invoice_id uuid)
language sql
volatile
as $$
  select c.outcome, c.invoice_id
    from close_invoices(array[p_account], array[p_month], p_is_last, array[interval '0'], p_clock_offset) c;
$$;
