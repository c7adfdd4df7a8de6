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
    select (f.figures).limit_source as "limitSource",
           (f.figures).period,
           (f.figures).hard_micros as "hardMicros",
           (f.figures).settled_micros as "settledMicros",
           (f.figures).held_micros as "heldMicros"
      from (select (clock_timestamp() + ${clockOffsetMs}::bigint * interval '1 millisecond') at time zone 'UTC' as utc) n
     cross join lateral limits_of_accounts(
             array[${accountId}::uuid],
             n.utc::date,
             date_trunc('month', n.utc)::date,
             ${settings.allowanceMicros}::bigint,
             ${settings.defaultMicros}::bigint,
             ${settings.maximumMicros}::bigint
           ) l
     cross join lateral (values (1, l.budget), (2, l.ceiling), (3, l.allowance)) f (rank, figures)
     where (f.figures).hard_micros is not null
     order by f.rank`;
}
