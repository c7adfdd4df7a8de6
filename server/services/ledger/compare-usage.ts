/** Usage rows against the casts and holds they count, an account's month at a time. */
import type { Connection, Disagreement } from "./disagreement.ts";

const PAGE = 1_000;

interface AccountMonth {
  readonly accountId: string;
  readonly month: string;
}

async function* accountMonths({ sql }: Connection): AsyncGenerator<AccountMonth> {
  for (let after: AccountMonth | null = null; ;) {
    const page: AccountMonth[] = await sql<AccountMonth[]>`
      select u.account_id as "accountId", u.month
        from usage_months u
       where ${after === null ? sql`true` : sql`(u.account_id, u.month) > (${after.accountId}, ${after.month})`}
       order by u.account_id, u.month
       limit ${PAGE}`;
    yield* page;
    after = page[page.length - 1] ?? null;
    if (after === null || page.length < PAGE) return;
  }
}

/**
 * Counts what should be zero in one month of one account. One statement, so that casts which settle meanwhile are seen
 * everywhere or nowhere; an account's month, so that no snapshot is old enough to slow the rows that casts move.
 */
async function compareMonth(
  { sql }: Connection,
  { accountId, month }: AccountMonth,
): Promise<Disagreement[]> {
  return sql<Disagreement[]>`
    with ended as materialized (
      select c.day, c.key_id, c.version_id, c.cost_micros, c.fuel_used, c.funding
        from casts c
       where c.account_id = ${accountId}
         and c.admitted_at >= ${month}::date::timestamp at time zone 'UTC'
         and c.admitted_at < (${month}::date + interval '1 month') at time zone 'UTC'
    ),
    held as materialized (
      select h.day, h.key_id, h.hold_micros, h.fuel_limit, h.funding
        from holds h
       where h.account_id = ${accountId}
         and h.month = ${month}::date
    ),
    month as (
      select coalesce(sum(e.cost_micros), 0) as cost,
             count(*) as calls,
             coalesce(sum(e.cost_micros) filter (where e.funding = 'allowance'), 0) as allowance
        from ended e
    ),
    held_month as (
      select coalesce(sum(h.hold_micros), 0) as held,
             coalesce(sum(h.hold_micros) filter (where h.funding = 'allowance'), 0) as allowance
        from held h
    ),
    day as (select e.day, sum(e.cost_micros) as cost, count(*) as calls from ended e group by e.day),
    held_day as (select h.day, sum(h.hold_micros) as held, sum(h.fuel_limit) filter (where h.hold_micros = 0) as fuel from held h group by h.day),
    key as (
      select e.key_id, sum(e.cost_micros) as cost, count(*) as calls
        from ended e
       where e.key_id is not null
       group by e.key_id
    ),
    held_key as (select h.key_id, sum(h.hold_micros) as held from held h where h.key_id is not null group by h.key_id),
    part as (
      select e.day, e.version_id, e.key_id, count(*) as calls, sum(e.cost_micros) as cost,
             coalesce(sum(e.cost_micros) filter (where e.funding = 'allowance'), 0) as allowance,
             coalesce(sum(e.fuel_used), 0) as fuel
        from ended e
       group by e.day, e.version_id, e.key_id
    ),
    usage_line as (
      select u.*
        from usage_lines u
       where u.account_id = ${accountId}
         and u.day >= ${month}::date
         and u.day < ${month}::date + interval '1 month'
    ),
    usage_day as (
      select u.*
        from usage_days u
       where u.account_id = ${accountId}
         and u.day >= ${month}::date
         and u.day < ${month}::date + interval '1 month'
    ),
    usage_key as (
      select u.*
        from key_usage_months u
        join api_keys k on k.id = u.key_id
       where k.account_id = ${accountId}
         and u.month = ${month}::date
    )
    select 'account months whose usage differs from their casts' as what, count(*) as found
      from usage_months u, month m
     where u.account_id = ${accountId}
       and u.month = ${month}::date
       and (u.settled_micros, u.calls, u.allowance_settled_micros) <> (m.cost, m.calls, m.allowance)
    union all
    select 'account months whose held amount differs from their holds', count(*)
      from usage_months u, held_month h
     where u.account_id = ${accountId}
       and u.month = ${month}::date
       and (u.held_micros, u.allowance_held_micros) <> (h.held, h.allowance)
    union all
    select 'account days whose usage differs from their casts', count(*)
      from usage_day u
      full join day d on d.day = u.day
     where (coalesce(u.settled_micros, 0), coalesce(u.calls, 0)) <> (coalesce(d.cost, 0), coalesce(d.calls, 0))
    union all
    select 'account days whose held amount or free fuel differs from their holds', count(*)
      from usage_day u
      full join held_day h on h.day = u.day
     where (coalesce(u.held_micros, 0), coalesce(u.free_fuel_held, 0)) <> (coalesce(h.held, 0), coalesce(h.fuel, 0))
    union all
    select 'key months whose usage differs from their casts', count(*)
      from usage_key u
      full join key k on k.key_id = u.key_id
     where (coalesce(u.settled_micros, 0), coalesce(u.calls, 0)) <> (coalesce(k.cost, 0), coalesce(k.calls, 0))
    union all
    select 'key months whose held amount differs from their holds', count(*)
      from usage_key u
      full join held_key h on h.key_id = u.key_id
     where coalesce(u.held_micros, 0) <> coalesce(h.held, 0)
    union all
    select 'usage lines that differ from their casts', count(*)
      from (
             select day, version_id, key_id, calls, settled_micros, allowance_micros, fuel from usage_line
             except
             select day, version_id, key_id, calls, cost, allowance, fuel from part
             union all
             (
               select day, version_id, key_id, calls, cost, allowance, fuel from part
               except
               select day, version_id, key_id, calls, settled_micros, allowance_micros, fuel from usage_line
             )
           ) differing`;
}

/** Counts rows that no account's month would lead to: they count what is not there, or are not counted. */
async function compareStrays({ sql }: Connection): Promise<Disagreement[]> {
  return sql<Disagreement[]>`
    select 'usage rows of a day or key without one of their account''s month' as what,
           (
             select count(*)
               from usage_days u
              where not exists (
                      select 1
                        from usage_months m
                       where m.account_id = u.account_id
                         and m.month = date_trunc('month', u.day::timestamp)::date
                    )
           ) + (
             select count(*)
               from key_usage_months u
               join api_keys k on k.id = u.key_id
              where not exists (
                      select 1
                        from usage_months m
                       where m.account_id = k.account_id
                         and m.month = u.month
                    )
           ) as found
    union all
    select 'holds without a usage row', count(*)
      from holds h
     where not exists (select 1 from usage_months m where m.account_id = h.account_id and m.month = h.month)`;
}

/** Compares all usage rows with what they count. */
export async function compareUsage(connection: Connection): Promise<Disagreement[]> {
  const found = await compareStrays(connection);
  for await (const each of accountMonths(connection)) found.push(...(await compareMonth(connection, each)));
  return found;
}
