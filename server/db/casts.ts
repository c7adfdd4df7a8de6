/** The wrappers of admission and settlement. The decisions are in drizzle/migrations; these only carry them. */
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

/** What is to be admitted, and what is to be settled. */
export interface CastBatch {
  readonly requests: readonly CastRequest[];
  readonly endings: readonly CastEnding[];
}

/** What `moveCasts` answers, each in the order of what was asked. */
export interface CastMoves {
  readonly admissions: Admission[];
  readonly settlements: Settlement[];
}

/**
 * Admits casts and settles others, in one transaction. Requests are decided in the order given, and holds placed for
 * those admitted. Settlements are durable when it answers, and idempotent by cast id: they may be asked for again after
 * a lost answer. `clockOffsetMs` moves the database's clock (tests only; else 0).
 */
export async function moveCasts(
  sql: Sql,
  { requests, endings }: CastBatch,
  settings: AdmissionSettings,
  clockOffsetMs: number,
): Promise<CastMoves> {
  const rows = await sql`
    select m.cast_id as "castId",
           (m.admission).decision,
           (m.admission).first_cast_id as "firstCastId",
           (m.admission).version_id as "versionId",
           (m.admission).hold_micros as "holdMicros",
           (m.admission).fuel_limit as "fuelLimit",
           (extract(epoch from (m.admission).admitted_at) * 1000000)::bigint as "admittedAtMicros",
           (m.admission).remaining,
           (m.admission).reset_ms as "resetMs",
           (m.admission).retry_ms as "retryMs",
           (m.admission).limit_source as "limitSource",
           (m.admission).period,
           (m.admission).hard_micros as "hardMicros",
           (m.admission).settled_micros as "settledMicros",
           (m.admission).held_micros as "heldMicros",
           (m.admission).required_micros as "requiredMicros",
           (m.settlement).outcome,
           (m.settlement).error_code as "errorCode",
           (m.settlement).cost_micros as "costMicros",
           (m.settlement).fuel_used as "fuelUsed",
           (m.settlement).ledger_seq as "ledgerSeq"
      from move_casts(
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
           ) m`;
  // An admission fills the columns of its decision, a settlement its own; the others are null.
  return {
    admissions: rows.slice(0, requests.length) as unknown as Admission[],
    settlements: rows.slice(requests.length) as unknown as Settlement[],
  };
}
