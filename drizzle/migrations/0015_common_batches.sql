-- What bounds each account, with what is settled and held against it. The one place where limits are put together: for
-- admission, whose caller holds the accounts' locks, and for whoever shows them. Each row is looked up for its account
-- alone, whatever the planner knows: joined, every card on file was read for a batch, by plans of when they were few.
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
   cross join lateral (select c.* from accounts c where c.id = a.account_id offset 0) c
    left join lateral (
           select m.id from payment_methods m where m.account_id = a.account_id and m.removed_at is null offset 0
         ) m on true
    left join lateral (select b.* from budgets b where b.account_id = a.account_id offset 0) b on true
    left join lateral (
           select d.* from usage_days d where d.account_id = a.account_id and d.day = p_day offset 0
         ) d on true
    left join lateral (
           select u.* from usage_months u where u.account_id = a.account_id and u.month = p_month offset 0
         ) u on true;
$$;
--> statement-breakpoint

-- The answer to a request (`admission`) or to an ending (`settlement`).
create type cast_move as (
  cast_id uuid,
  admission admission,
  settlement settlement
);
--> statement-breakpoint

-- Admits casts and settles others, in one transaction: their accounts are locked together, so that neither waits for
-- the other, and one commit serves both. Admission comes first, since the ledger's head is locked last. Answers come in
-- the order of the requests, then of the endings.
create function move_casts(
  p_requests cast_request[],
  p_endings cast_ending[],
  p_settings admission_settings,
  p_clock_offset interval
)
returns setof cast_move
language plpgsql
volatile
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
  has_requests boolean := cardinality(p_requests) > 0;
  has_endings boolean := cardinality(p_endings) > 0;
begin
  if has_requests and has_endings then
    -- Lock: the accounts of both, by id. The two functions lock theirs again, which changes nothing.
    perform 1
       from accounts a
      where a.id = any (
              array(select r.account_id from unnest(p_requests) r union all select e.account_id from unnest(p_endings) e)
            )
      order by a.id
        for no key update;
  end if;
  if has_requests then
    return query select a.cast_id, a, null::settlement from admit_casts(p_requests, p_settings, p_clock_offset) a;
  end if;
  if has_endings then
    return query
      select s.cast_id, null::admission, s from settle_casts(p_endings, p_settings.replay_ms, p_clock_offset) s;
  end if;
end;
$$;
