/** The wrappers of admission, settlement and sweep. The decisions are in drizzle/migrations; these only carry them. */
import type { Sql } from "./connect.ts";

/** Who asks: exactly one of the two is set, or neither for a house account. */
export interface CredentialReference {
  readonly accountId: string;
  readonly keyPrefix: string | null;
  readonly sessionDigest: Uint8Array | null;
}

export interface CastRequest extends CredentialReference {
  readonly castId: string;
  /** A valid spell name or key, and a valid version or null for the newest active one. */
  readonly spell: string;
  readonly version: string | null;
  readonly maxCostMicros: number | null;
  /** 32 bytes. */
  readonly seed: Uint8Array;
  /** SHA-256 of stdin. */
  readonly inputDigest: Uint8Array;
  readonly idempotency: Idempotency | null;
  /** Given for a cast that is to be queued. */
  readonly stdin: Uint8Array | null;
}

/** A request that may be sent again. */
export interface Idempotency {
  /** The caller's `Idempotency-Key`. */
  readonly key: Uint8Array;
  /** SHA-256 of the path and the raw body. */
  readonly requestDigest: Uint8Array;
}

export interface AdmissionSettings {
  readonly bootId: string;
  readonly rateLimit: number;
  readonly allowanceMicros: number;
  readonly defaultMicros: number;
  readonly maximumMicros: number;
  /** Added to a version's wall time for a hold's deadline: the queue's bound and a margin. */
  readonly graceMs: number;
  /** How long a queued cast may wait for its start. */
  readonly queueMs: number;
  /** How long an `Idempotency-Key` stands for its first request. */
  readonly replayMs: number;
  /** Fuel that nobody pays for, per account and UTC day. */
  readonly freeFuelDaily: number;
}

const BYTEA_OID = 17;

/** An array of byte strings as one parameter; the driver would take the first element's type for the whole. */
const byteArrays = <Item>(sql: Sql, items: readonly Item[], bytes: (item: Item) => Uint8Array | null) =>
  sql.array(items.map(bytes), BYTEA_OID);

export type LimitSource = "budget" | "key" | "allowance";

interface Counted {
  readonly castId: string;
  readonly remaining: number;
  readonly resetMs: number;
}

export type Admission =
  | { readonly castId: string; readonly decision: "unauthenticated" }
  | (Counted & {
      readonly decision: "rate_limited" | "insufficient_scope" | "spell_not_found" | "account_closing";
    })
  /** The `Idempotency-Key` stands for a request with another body, or for one that still runs. */
  | (Counted & {
      readonly decision: "idempotency_mismatch" | "in_progress";
      readonly firstCastId: string;
    })
  /** It stands for a request that was queued, or for one whose answer is there. */
  | (Counted & { readonly decision: "queued_before" | "repeated"; readonly firstCastId: string })
  | (Counted & { readonly decision: "price_changed"; readonly requiredMicros: number })
  | (Counted & { readonly decision: "free_fuel_exhausted"; readonly retryMs: number })
  | (Counted & {
      readonly decision: "max_cost_exceeded";
      readonly hardMicros: number;
      readonly requiredMicros: number;
    })
  | (Counted & {
      readonly decision: "budget_exceeded" | "key_limit_exceeded" | "payment_method_required";
      readonly limitSource: LimitSource;
      readonly period: "daily" | "monthly";
      readonly hardMicros: number;
      readonly settledMicros: number;
      readonly heldMicros: number;
      readonly requiredMicros: number;
    })
  | (Counted & {
      readonly decision: "admitted";
      readonly versionId: string;
      readonly holdMicros: number;
      readonly fuelLimit: number;
      /** Microseconds since the epoch: the cast's frozen clock. */
      readonly admittedAtMicros: number;
    });

/**
 * Decides casts in the order given, in one transaction, and places the holds of those admitted.
 * Answers in the same order. `clockOffsetMs` moves the database's clock (tests only; else 0).
 */
export async function admitCasts(
  sql: Sql,
  requests: readonly CastRequest[],
  settings: AdmissionSettings,
  clockOffsetMs: number,
): Promise<Admission[]> {
  const rows = await sql`
    select a.cast_id as "castId",
           a.decision,
           a.first_cast_id as "firstCastId",
           a.version_id as "versionId",
           a.hold_micros as "holdMicros",
           a.fuel_limit as "fuelLimit",
           (extract(epoch from a.admitted_at) * 1000000)::bigint as "admittedAtMicros",
           a.remaining,
           a.reset_ms as "resetMs",
           a.retry_ms as "retryMs",
           a.limit_source as "limitSource",
           a.period,
           a.hard_micros as "hardMicros",
           a.settled_micros as "settledMicros",
           a.held_micros as "heldMicros",
           a.required_micros as "requiredMicros"
      from admit_casts(
             array(
               select row(r.*)::cast_request
                 from rows from (
                        unnest(
                          ${requests.map((r) => r.castId)}::uuid[],
                          ${requests.map((r) => r.accountId)}::uuid[],
                          ${requests.map((r) => r.keyPrefix)}::text[],
                          ${byteArrays(sql, requests, (r) => r.sessionDigest)}::bytea[],
                          ${requests.map((r) => r.spell)}::text[],
                          ${requests.map((r) => r.version)}::text[],
                          ${requests.map((r) => r.maxCostMicros)}::bigint[],
                          ${byteArrays(sql, requests, (r) => r.seed)}::bytea[],
                          ${byteArrays(sql, requests, (r) => r.inputDigest)}::bytea[],
                          ${byteArrays(sql, requests, (r) => r.idempotency?.key ?? null)}::bytea[],
                          ${byteArrays(sql, requests, (r) => r.idempotency?.requestDigest ?? null)}::bytea[],
                          ${byteArrays(sql, requests, (r) => r.stdin)}::bytea[]
                        )
                      ) r
             ),
             row(
               ${settings.bootId}::uuid,
               ${settings.rateLimit}::integer,
               ${settings.allowanceMicros}::bigint,
               ${settings.defaultMicros}::bigint,
               ${settings.maximumMicros}::bigint,
               ${settings.graceMs}::integer,
               ${settings.queueMs}::integer,
               ${settings.replayMs}::bigint,
               ${settings.freeFuelDaily}::bigint
             )::admission_settings,
             ${clockOffsetMs}::bigint * interval '1 millisecond'
           ) a`;
  // The function's columns are those of the union: a decision fills its own and leaves the rest null.
  return rows as unknown as Admission[];
}

export interface CastEnding {
  readonly castId: string;
  readonly accountId: string;
  /** Null: completed. */
  readonly errorCode: string | null;
  readonly fuelUsed: number | null;
  readonly durationMs: number;
  /** SHA-256 of stdout; null without output. */
  readonly outputDigest: Uint8Array | null;
  readonly log: Uint8Array;
  /** Kept where the caller may ask again: stdout of a completed cast, the sentence of a failed one. Else both null. */
  readonly output: Uint8Array | null;
  readonly failure: string | null;
}

export interface Settlement {
  readonly castId: string;
  /** `lost`: there is neither hold nor cast, so nothing was charged and no result may be given. */
  readonly outcome: "settled" | "lost";
  readonly errorCode: string | null;
  readonly costMicros: number | null;
  readonly fuelUsed: number | null;
  readonly ledgerSeq: number | null;
}

/** Settles casts in one durable transaction; idempotent by cast id, so it may be asked again after a lost answer. */
export async function settleCasts(
  sql: Sql,
  endings: readonly CastEnding[],
  keepMs: number,
  clockOffsetMs: number,
): Promise<Settlement[]> {
  const rows = await sql`
    select s.cast_id as "castId",
           s.outcome,
           s.error_code as "errorCode",
           s.cost_micros as "costMicros",
           s.fuel_used as "fuelUsed",
           s.ledger_seq as "ledgerSeq"
      from settle_casts(
             array(
               select row(e.*)::cast_ending
                 from rows from (
                        unnest(
                          ${endings.map((e) => e.castId)}::uuid[],
                          ${endings.map((e) => e.accountId)}::uuid[],
                          ${endings.map((e) => e.errorCode)}::text[],
                          ${endings.map((e) => e.fuelUsed)}::bigint[],
                          ${endings.map((e) => e.durationMs)}::double precision[],
                          ${byteArrays(sql, endings, (e) => e.outputDigest)}::bytea[],
                          ${byteArrays(sql, endings, (e) => e.log)}::bytea[],
                          ${byteArrays(sql, endings, (e) => e.output)}::bytea[],
                          ${byteArrays(sql, endings, (e) => (e.failure === null ? null : Buffer.from(e.failure)))}::bytea[]
                        )
                      ) e
             ),
             ${keepMs}::bigint,
             ${clockOffsetMs}::bigint * interval '1 millisecond'
           ) s`;
  // The composite type `settlement` has exactly these columns.
  return rows as unknown as Settlement[];
}

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
