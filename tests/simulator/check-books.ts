/** Checks over the whole database, of which every one must find nothing; they know no model. */
import type postgres from "postgres";
import { hold } from "./violation.ts";

interface Finding {
  readonly what: string;
  readonly found: number;
}

const findings = (sql: postgres.Sql) => sql<Finding[]>`
  with every_cast as (
    select c.id, c.account_id, c.key_id, c.version_id, c.day, c.month, c.funding, 0::bigint as held, c.cost_micros as cost,
           1 as calls, 0::bigint as fuel_held, c.fuel_used,
           case
             when c.cost_micros > 0 then 0
             when c.error_code in ('INTERRUPTED', 'BUSY', 'CANCELLED', 'QUEUE_TIME') then coalesce(c.fuel_used, 0)
             else coalesce(c.fuel_used, c.fuel_limit)
           end as free_fuel
      from casts c
    union all
    select h.cast_id, h.account_id, h.key_id, h.version_id, h.day, h.month, h.funding, h.hold_micros, 0, 0,
           case when h.hold_micros = 0 then h.fuel_limit else 0 end, 0, 0
      from holds h
  ),
  day as (
    select account_id, day, sum(cost) as cost, sum(held) as held, sum(calls) as calls, sum(free_fuel) as free_fuel,
           sum(fuel_held) as fuel_held
      from every_cast group by account_id, day
  ),
  month as (
    select account_id, month, sum(cost) as cost, sum(held) as held, sum(calls) as calls,
           sum(case when funding = 'allowance' then cost else 0 end) as allowance,
           sum(case when funding = 'allowance' then held else 0 end) as allowance_held
      from every_cast group by account_id, month
  ),
  key_month as (
    select key_id, month, sum(cost) as cost, sum(held) as held, sum(calls) as calls
      from every_cast where key_id is not null group by key_id, month
  ),
  line as (
    select account_id, day, version_id, key_id, sum(cost) as cost, sum(calls) as calls, sum(coalesce(fuel_used, 0)) as fuel,
           sum(case when funding = 'allowance' then cost else 0 end) as allowance
      from every_cast where calls = 1 group by account_id, day, version_id, key_id
  )
  select 'days that differ from their casts' as what, count(*)::integer as found
    from usage_days u full join day d on (d.account_id, d.day) = (u.account_id, u.day)
   where (u.settled_micros, u.held_micros, u.calls, u.free_fuel_used, u.free_fuel_held)
         is distinct from (d.cost, d.held, d.calls, d.free_fuel, d.fuel_held)
  union all
  select 'months that differ from their casts', count(*)::integer
    from usage_months u full join month m on (m.account_id, m.month) = (u.account_id, u.month)
   where (u.settled_micros, u.held_micros, u.calls, u.allowance_settled_micros, u.allowance_held_micros)
         is distinct from (m.cost, m.held, m.calls, m.allowance, m.allowance_held)
  union all
  select 'months of keys that differ from their casts', count(*)::integer
    from key_usage_months u full join key_month k on (k.key_id, k.month) = (u.key_id, u.month)
   where (u.settled_micros, u.held_micros, u.calls) is distinct from (k.cost, k.held, k.calls)
  union all
  select 'usage lines that differ from their casts', count(*)::integer
    from usage_lines u
    full join line l on l.account_id = u.account_id and l.day = u.day and l.version_id = u.version_id
                    and coalesce(l.key_id, l.account_id) = coalesce(u.key_id, u.account_id)
   where (u.settled_micros, u.calls, u.fuel, u.allowance_micros) is distinct from (l.cost, l.calls, l.fuel, l.allowance)
  union all
  select 'gaps in the ledger', (h.seq - count(e.seq) + abs(coalesce(max(e.seq), 0) - h.seq))::integer
    from ledger_head h left join ledger_entries e on true group by h.seq
  union all
  select 'casts with other than one entry of their cost', count(*)::integer
    from (
      select c.id
        from casts c left join ledger_entries e on e.subject = c.id and e.kind = 'cast.settled'
       group by c.id, c.cost_micros
      having count(e.seq) <> 1 or sum(e.amount_micros) <> c.cost_micros
    ) wrong
  union all
  select 'entries of casts that are not there', count(*)::integer
    from ledger_entries e
   where e.kind in ('cast.settled', 'credit.allowance') and not exists (select 1 from casts c where c.id = e.subject)
  union all
  select 'casts of the allowance without their credit, or others with one', count(*)::integer
    from (
      select c.id
        from casts c left join ledger_entries e on e.subject = c.id and e.kind = 'credit.allowance'
       group by c.id, c.funding, c.cost_micros
      having coalesce(sum(e.amount_micros), 0) <> case when c.funding = 'allowance' then -c.cost_micros else 0 end
    ) wrong
  union all
  select 'notices without one entry and one job', count(*)::integer
    from (
      select n.threshold
        from budget_notices n
        join accounts a on a.id = n.account_id
        left join ledger_entries e
          on e.kind = 'budget.notice' and e.pseudonym = a.pseudonym
         and convert_from(e.details, 'UTF8')::json ->> 'period' = n.period
         and convert_from(e.details, 'UTF8')::json ->> 'period_start' = n.period_start::text
         and (convert_from(e.details, 'UTF8')::json ->> 'threshold')::integer = n.threshold
       group by n.account_id, n.period, n.period_start, n.threshold
      having count(e.seq) <> 1
    ) wrong
  union all
  select 'jobs of notices too many or too few',
         abs((select count(*) from graphile_worker._private_jobs j
               where (j.payload ->> 'threshold') is not null) - (select count(*) from budget_notices))::integer
  union all
  select 'queued casts without a job', count(*)::integer
    from holds h
   where h.state = 'queued'
     and not exists (select 1 from graphile_worker._private_jobs j where j.payload ->> 'cast_id' = h.cast_id::text)
  union all
  select 'casts that are held and ended', count(*)::integer from holds h join casts c on c.id = h.cast_id
  union all
  select 'requests that stand for a cast which was given up or never was', count(*)::integer
    from idempotency_keys i
    left join casts c on c.id = i.cast_id
   where case
           when c.id is null then not exists (select 1 from holds h where h.cast_id = i.cast_id)
           else coalesce(c.error_code in ('INTERRUPTED', 'BUSY', 'CANCELLED', 'QUEUE_TIME'), false)
         end`;

/** Casts, usage, ledger, notices, jobs and repeated requests agree, to the micro. @throws Violation */
export async function checkBooks(superuser: postgres.Sql): Promise<void> {
  const wrong = (await findings(superuser)).filter(({ found }) => found !== 0);
  hold(wrong.length === 0, () => wrong.map(({ what, found }) => `${found} ${what}`).join("; "));
}
