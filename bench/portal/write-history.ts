/** Casts that ended, spread evenly over this month until now, and the usage rows that settling them would have moved. */
import type { Sql } from "../../server/db/connect.ts";

interface Account {
  readonly accountId: string;
  readonly keyId: string;
}

/** Ten dollars for 10^5 of them, below the usual limit of a month. */
const COST_MICROS = 100;

/** Every third is cast signed in, without a key; every fiftieth has failed, and costs nothing. */
const insertCasts = (sql: Sql, { accountId, keyId }: Account, count: number) => sql`
  insert into casts (
    id, account_id, key_id, version_id, day, month, funding, hold_micros, fuel_limit, admitted_at, seed, input_digest,
    state, error_code, cost_micros, fuel_used, duration_ms, output_digest, log, ended_at
  )
  select gen_random_uuid(), ${accountId}::uuid, case when n % 3 > 0 then ${keyId}::uuid end,
         v.ids[1 + n % cardinality(v.ids)], (t.at at time zone 'UTC')::date, m.first::date, 'card',
         ${COST_MICROS}::bigint, 1000000, t.at, sha256(int4send(n)), sha256(int4send(n)),
         case when n % 50 = 0 then 'failed' else 'completed' end,
         case when n % 50 = 0 then 'WASM_TRAP' end,
         case when n % 50 = 0 then 0 else ${COST_MICROS}::bigint end,
         30000 + n % 1000, 0.4, sha256(int4send(n)), '', t.at + interval '2 milliseconds'
    from (select date_trunc('month', clock_timestamp(), 'UTC') as start, clock_timestamp() as now,
                 date_trunc('month', clock_timestamp() at time zone 'UTC') as first) m,
         (select array_agg(id) as ids from spell_versions) v,
         generate_series(1, ${count}::integer) n,
         lateral (select m.start + (m.now - m.start) * (n::float / (${count}::integer + 1)) as at) t`;

/** The rows of usage, made from the casts that are there. */
async function addUp(sql: Sql, accountIds: readonly string[]): Promise<void> {
  await sql`
    insert into usage_days (account_id, day, settled_micros, calls)
    select account_id, day, sum(cost_micros), count(*)
      from casts
     where account_id = any (${accountIds}::uuid[])
     group by account_id, day`;
  await sql`
    insert into usage_months (account_id, month, settled_micros, calls)
    select account_id, month, sum(cost_micros), count(*)
      from casts
     where account_id = any (${accountIds}::uuid[])
     group by account_id, month`;
  await sql`
    insert into key_usage_months (key_id, month, settled_micros, calls)
    select key_id, month, sum(cost_micros), count(*)
      from casts
     where account_id = any (${accountIds}::uuid[])
       and key_id is not null
     group by key_id, month`;
  await sql`
    insert into usage_lines (account_id, day, version_id, key_id, settled_micros, allowance_micros, calls, fuel)
    select account_id, day, version_id, key_id, sum(cost_micros), 0, count(*), sum(fuel_used)
      from casts
     where account_id = any (${accountIds}::uuid[])
     group by account_id, day, version_id, key_id`;
}

/** Gives each account `count` casts. `sql` is the owner's. */
export async function writeHistory(sql: Sql, accounts: readonly Account[], count: number): Promise<void> {
  await sql`set statement_timeout = 0`;
  for (const account of accounts) await insertCasts(sql, account, count);
  await addUp(
    sql,
    accounts.map(({ accountId }) => accountId),
  );
  await sql`vacuum analyze`;
}
