/** What else becomes of held casts: swept, started from the queue, called off. */
import type { Sql } from "./connect.ts";

/** Ends, or queues again, at most `limit` casts whose deadline passed; returns how many. */
export async function sweepCasts(
  sql: Sql,
  limit: number,
  queueMs: number,
  clockOffsetMs: number,
): Promise<number> {
  const [row] = await sql<[{ swept: number }]>`
    select sweep_casts(
             ${limit}::integer,
             ${queueMs}::integer,
             ${clockOffsetMs}::bigint * interval '1 millisecond'
           ) as swept`;
  return row.swept;
}

/** A queued cast that this call started. */
export interface StartedCast {
  readonly castId: string;
  readonly accountId: string;
  readonly versionId: string;
  readonly fuelLimit: number;
  /** Microseconds since the epoch: the cast's frozen clock. */
  readonly admittedAtMicros: number;
  readonly seed: Uint8Array;
  readonly stdin: Uint8Array;
}

/** Starts a queued cast; null when somebody else did, or it is no longer queued. */
export async function startCast(
  sql: Sql,
  castId: string,
  bootId: string,
  graceMs: number,
  clockOffsetMs: number,
): Promise<StartedCast | null> {
  const [row] = await sql<StartedCast[]>`
    select h.cast_id as "castId",
           h.account_id as "accountId",
           h.version_id as "versionId",
           h.fuel_limit as "fuelLimit",
           (extract(epoch from h.admitted_at) * 1000000)::bigint as "admittedAtMicros",
           h.seed,
           h.stdin
      from start_cast(
             ${castId}::uuid,
             ${bootId}::uuid,
             ${graceMs}::integer,
             ${clockOffsetMs}::bigint * interval '1 millisecond'
           ) h`;
  return row ?? null;
}

/** Calls off a queued cast of the account; false when it is not queued (any more). */
export async function cancelCast(
  sql: Sql,
  accountId: string,
  castId: string,
  clockOffsetMs: number,
): Promise<boolean> {
  const [row] = await sql<[{ cancelled: boolean }]>`
    select cancel_cast(
             ${accountId}::uuid,
             ${castId}::uuid,
             ${clockOffsetMs}::bigint * interval '1 millisecond'
           ) as cancelled`;
  return row.cancelled;
}
