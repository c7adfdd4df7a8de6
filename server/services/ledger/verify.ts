import type { Database } from "../../db/connect.ts";
import { BrokenChain, follow, GENESIS, type ChainLink, type LedgerEntry } from "../../proof/ledger-chain.ts";

const PAGE = 5_000;

/** A figure that casts, usage and ledger should agree on and do not. */
export interface Disagreement {
  readonly what: string;
  readonly found: number;
}

export interface LedgerReport {
  /** Entries whose number and hash were recomputed. */
  readonly entries: number;
  readonly headHash: string;
  readonly disagreements: readonly Disagreement[];
}

type Connection = Pick<Database, "sql">;

/** Pages in statements of their own: one long snapshot would slow the rows that every cast moves. */
async function* entriesUpTo({ sql }: Connection, last: number): AsyncGenerator<LedgerEntry> {
  for (let after = 0; after < last;) {
    const page = await sql<LedgerEntry[]>`
      select e.seq,
             (extract(epoch from e.at) * 1000000)::bigint as "atMicros",
             e.kind,
             e.pseudonym,
             e.subject,
             e.amount_micros as "amountMicros",
             e.details,
             e.hash
        from ledger_entries e
       where e.seq > ${after}
         and e.seq <= ${last}
       order by e.seq
       limit ${PAGE}`;
    if (page.length === 0) throw new BrokenChain(after + 1, "is missing");
    yield* page;
    after = page[page.length - 1]?.seq ?? last;
  }
}

/**
 * Counts what should be zero. One statement, so that casts which settle meanwhile are seen everywhere or nowhere.
 * A cast, its entry and its usage are written in one transaction.
 */
async function compareFigures({ sql }: Connection): Promise<Disagreement[]> {
  const rows = await sql<Disagreement[]>`
    with month as (
      select c.account_id, c.month, sum(c.cost_micros) as cost, count(*) as calls,
             sum(c.cost_micros) filter (where c.funding = 'allowance') as allowance
        from casts c
       group by c.account_id, c.month
    ),
    day as (
      select c.account_id, c.day, sum(c.cost_micros) as cost, count(*) as calls
        from casts c
       group by c.account_id, c.day
    ),
    key_month as (
      select c.key_id, c.month, sum(c.cost_micros) as cost, count(*) as calls
        from casts c
       where c.key_id is not null
       group by c.key_id, c.month
    ),
    held as (
      select h.account_id, h.month, sum(h.hold_micros) as held,
             sum(h.hold_micros) filter (where h.funding = 'allowance') as allowance
        from holds h
       group by h.account_id, h.month
    ),
    held_day as (
      select h.account_id, h.day, sum(h.hold_micros) as held, sum(h.fuel_limit) filter (where h.hold_micros = 0) as free_fuel
        from holds h
       group by h.account_id, h.day
    ),
    held_key as (
      select h.key_id, h.month, sum(h.hold_micros) as held
        from holds h
       where h.key_id is not null
       group by h.key_id, h.month
    )
    select 'casts whose ledger entry is missing or has another amount' as what, count(*)::bigint as found
      from casts c
      left join ledger_entries e on e.subject = c.id and e.kind = 'cast.settled'
     where e.amount_micros is distinct from c.cost_micros
    union all
    select 'ledger entries of casts that are not in the history', count(*)::bigint
      from ledger_entries e
     where e.kind = 'cast.settled'
       and not exists (select 1 from casts c where c.id = e.subject)
    union all
    select 'account months whose usage differs from their casts', count(*)::bigint
      from usage_months u
      full join month m on m.account_id = u.account_id and m.month = u.month
     where coalesce(u.settled_micros, 0) <> coalesce(m.cost, 0)
        or coalesce(u.calls, 0) <> coalesce(m.calls, 0)
        or coalesce(u.allowance_settled_micros, 0) <> coalesce(m.allowance, 0)
    union all
    select 'account days whose usage differs from their casts', count(*)::bigint
      from usage_days u
      full join day d on d.account_id = u.account_id and d.day = u.day
     where coalesce(u.settled_micros, 0) <> coalesce(d.cost, 0)
        or coalesce(u.calls, 0) <> coalesce(d.calls, 0)
    union all
    select 'key months whose usage differs from their casts', count(*)::bigint
      from key_usage_months u
      full join key_month k on k.key_id = u.key_id and k.month = u.month
     where coalesce(u.settled_micros, 0) <> coalesce(k.cost, 0)
        or coalesce(u.calls, 0) <> coalesce(k.calls, 0)
    union all
    select 'account months whose held amount differs from their holds', count(*)::bigint
      from usage_months u
      full join held h on h.account_id = u.account_id and h.month = u.month
     where coalesce(u.held_micros, 0) <> coalesce(h.held, 0)
        or coalesce(u.allowance_held_micros, 0) <> coalesce(h.allowance, 0)
    union all
    select 'account days whose held amount or free fuel differs from their holds', count(*)::bigint
      from usage_days u
      full join held_day h on h.account_id = u.account_id and h.day = u.day
     where coalesce(u.held_micros, 0) <> coalesce(h.held, 0)
        or coalesce(u.free_fuel_held, 0) <> coalesce(h.free_fuel, 0)
    union all
    select 'key months whose held amount differs from their holds', count(*)::bigint
      from key_usage_months u
      full join held_key h on h.key_id = u.key_id and h.month = u.month
     where coalesce(u.held_micros, 0) <> coalesce(h.held, 0)`;
  return rows.filter((row) => row.found > 0);
}

/**
 * Recomputes the chain from its first entry to the head of this moment, and compares casts, usage and ledger to the
 * micro.
 * @throws BrokenChain at the first entry that does not follow
 */
export async function verifyLedger(connection: Connection): Promise<LedgerReport> {
  const [head] = await connection.sql<
    [{ seq: number; hash: Uint8Array }]
  >`select h.seq, h.hash from ledger_head h`;
  let link: ChainLink = GENESIS;
  for await (const entry of entriesUpTo(connection, head.seq)) link = follow(link, entry);
  if (!Buffer.from(link.hash).equals(head.hash)) throw new BrokenChain(head.seq, "is not what the head says");
  return {
    entries: link.seq,
    headHash: Buffer.from(head.hash).toString("hex"),
    disagreements: await compareFigures(connection),
  };
}
