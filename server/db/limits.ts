import type { AdmissionSettings, LimitSource } from "./casts.ts";
import type { Sql } from "./connect.ts";

export interface LimitInForce {
  readonly limitSource: LimitSource;
  readonly period: "daily" | "monthly";
  readonly hardMicros: number;
  readonly settledMicros: number;
  readonly heldMicros: number;
}

type LimitSettings = Pick<AdmissionSettings, "allowanceMicros" | "defaultMicros" | "maximumMicros">;

/** The limits that bind an account now, without those of its keys: the very rows that admission compares. */
export async function readLimits(
  sql: Sql,
  accountId: string,
  settings: LimitSettings,
  clockOffsetMs: number,
): Promise<LimitInForce[]> {
  return sql<LimitInForce[]>`
    select l.limit_source as "limitSource",
           l.period,
           l.hard_micros as "hardMicros",
           l.settled_micros as "settledMicros",
           l.held_micros as "heldMicros"
      from (select (clock_timestamp() + ${clockOffsetMs}::bigint * interval '1 millisecond') at time zone 'UTC' as utc) n
     cross join lateral limits_in_force(
             ${accountId}::uuid,
             null,
             null,
             n.utc::date,
             date_trunc('month', n.utc)::date,
             exists (
               select 1
                 from payment_methods m
                where m.account_id = ${accountId}::uuid
                  and m.removed_at is null
             ),
             ${settings.allowanceMicros}::bigint,
             ${settings.defaultMicros}::bigint,
             ${settings.maximumMicros}::bigint
           ) l
     order by l.rank`;
}
