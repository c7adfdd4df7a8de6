/** Reads what a step left in the database. */
import type { Sql } from "../../server/db/connect.ts";
import type { CastRow } from "./events.ts";

/** A cast as hold or history, with the number of its ledger entry: the order of those that ended together. */
export interface ObservedCast extends CastRow {
  readonly seq: number;
}

/** These casts, as far as they are there. */
export const readCasts = (sql: Sql, ids: readonly string[]): Promise<ObservedCast[]> => sql<ObservedCast[]>`
  select h.cast_id as "castId", h.account_id as "accountId", h.key_id as "keyId", h.version_id as "versionId", h.day,
         h.month, h.funding, h.hold_micros as "holdMicros", h.fuel_limit as "fuelLimit",
         (extract(epoch from h.admitted_at) * 1000000)::bigint as "admittedAtMicros", h.state, h.starts,
         (extract(epoch from h.deadline) * 1000000)::bigint as "deadlineMicros", null as "errorCode",
         0::bigint as "costMicros", null::bigint as "fuelUsed", 0::bigint as "endedAtMicros", 0::bigint as seq
    from holds h
   where h.cast_id = any (${ids}::uuid[])
  union all
  select c.id, c.account_id, c.key_id, c.version_id, c.day, c.month, c.funding, c.hold_micros, c.fuel_limit,
         (extract(epoch from c.admitted_at) * 1000000)::bigint, c.state, 0, 0, c.error_code, c.cost_micros, c.fuel_used,
         (extract(epoch from c.ended_at) * 1000000)::bigint, coalesce(l.seq, 0)
    from casts c
    left join ledger_entries l on l.subject = c.id and l.kind = 'cast.settled'
   where c.id = any (${ids}::uuid[])`;

export interface ObservedEntry {
  readonly kind: string;
  readonly accountId: string;
  readonly atMicros: number;
}

export async function headSeq(sql: Sql): Promise<number> {
  const [head] = await sql<[{ seq: number }]>`select seq from ledger_head`;
  return head.seq;
}

/** The entries after a number, but those of casts. */
export const readEntries = (sql: Sql, after: number): Promise<ObservedEntry[]> => sql<ObservedEntry[]>`
  select e.kind, a.id as "accountId", (extract(epoch from e.at) * 1000000)::bigint as "atMicros"
    from ledger_entries e
    join accounts a on a.pseudonym = e.pseudonym
   where e.seq > ${after}
     and e.kind not in ('cast.settled', 'credit.allowance', 'budget.notice')`;
