import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  date,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import { bytea, instant, int8 } from "./columns.ts";

/**
 * What a cast is from its admission to its end. No foreign keys: admission read all three rows under the account's lock,
 * nothing deletes them, and a key check locks the row of a popular spell for every cast of everybody.
 */
const cast = () => ({
  accountId: uuid("account_id").notNull(),
  keyId: uuid("key_id"),
  versionId: uuid("version_id").notNull(),
  /** The usage rows it belongs to, whenever it ends. */
  day: date("day").notNull(),
  month: date("month").notNull(),
  funding: text("funding", { enum: ["card", "allowance"] }).notNull(),
  holdMicros: int8("hold_micros").notNull(),
  fuelLimit: int8("fuel_limit").notNull(),
  /** The frozen clock and the seed of randomness the program saw. */
  admittedAt: instant("admitted_at").notNull(),
  seed: bytea("seed").notNull(),
  inputDigest: bytea("input_digest").notNull(),
});

/**
 * A cast that runs or waits to: the most it can cost, set aside. The row's deletion is the one change that ends the cast, so
 * settlement, sweep and cancel can race and exactly one wins.
 */
export const holds = pgTable(
  "holds",
  {
    castId: uuid("cast_id").primaryKey(),
    ...cast(),
    /** The version's price at admission, which settlement uses. */
    flatMicros: int8("flat_micros").notNull(),
    rateMicros: int8("rate_micros").notNull(),
    /** Is the fuel limit what the caller's own cap bought, less than the version's? */
    isCapped: boolean("is_capped").notNull().default(false),
    state: text("state", { enum: ["queued", "running"] })
      .notNull()
      .default("running"),
    /** Of a running cast, past it the sweeper ends or requeues it, whatever its process does; of a queued one, past it
     * it fails. */
    deadline: instant("deadline").notNull(),
    /** Which start of which process runs it, or admitted it. */
    bootId: uuid("boot_id").notNull(),
    /** How often a queued cast was started. */
    starts: integer("starts").notNull().default(0),
    /** What a queued cast will read; null when its process has it. */
    stdin: bytea("stdin"),
  },
  (t) => [
    index("holds_deadline").on(t.deadline),
    index("holds_account").on(t.accountId),
    check("holds_not_negative", sql`${t.holdMicros} >= 0`),
    check("holds_queued_has_input", sql`${t.state} = 'running' or ${t.stdin} is not null`),
  ],
);

/** A cast that ended. Written once, in the transaction that consumed its hold. */
export const casts = pgTable(
  "casts",
  {
    id: uuid("id").primaryKey(),
    ...cast(),
    state: text("state", { enum: ["completed", "failed"] }).notNull(),
    errorCode: text("error_code"),
    costMicros: int8("cost_micros").notNull(),
    /** Null when nobody knows, as after a kill. */
    fuelUsed: int8("fuel_used"),
    /** Null when the cast ended without its process's word, as in a sweep. */
    durationMs: doublePrecision("duration_ms"),
    outputDigest: bytea("output_digest"),
    /** stderr, capped. */
    log: bytea("log").notNull(),
    endedAt: instant("ended_at").notNull(),
  },
  (t) => [
    // Each gives the history's pages in its order, read backwards, without walking over what a filter leaves out. A
    // descending one would be `nulls last`, and not the order that a query's `desc` means.
    index("casts_newest").on(t.accountId, t.admittedAt, t.id),
    index("casts_newest_by_version").on(t.accountId, t.versionId, t.admittedAt, t.id),
    index("casts_newest_by_key")
      .on(t.keyId, t.admittedAt, t.id)
      .where(sql`${t.keyId} is not null`),
    index("casts_newest_failures")
      .on(t.accountId, t.admittedAt, t.id)
      .where(sql`${t.state} = 'failed'`),
    check("casts_fuel_within_limit", sql`${t.fuelUsed} between 0 and ${t.fuelLimit}`),
    check("casts_cost_within_hold", sql`${t.costMicros} between 0 and ${t.holdMicros}`),
    check("casts_state", sql`(${t.state} = 'completed') = (${t.errorCode} is null)`),
  ],
);

/** What a cast answered, kept for those that may ask again: with an `Idempotency-Key`, or because it was queued. */
export const castAnswers = pgTable(
  "cast_answers",
  {
    castId: uuid("cast_id").primaryKey(),
    /** stdout of a completed cast. */
    output: bytea("output"),
    /** The sentence that says how it failed, in UTF-8; null when it completed. */
    failure: bytea("failure"),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [index("cast_answers_expiry").on(t.expiresAt)],
);

/** Which cast an `Idempotency-Key` of an account stands for. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    accountId: uuid("account_id").notNull(),
    key: bytea("key").notNull(),
    /** SHA-256 of the path and the raw body. */
    requestDigest: bytea("request_digest").notNull(),
    castId: uuid("cast_id").notNull(),
    /** Was the first request's answer that the cast is queued? Then it stays that. */
    isQueued: boolean("is_queued").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.key] }),
    index("idempotency_keys_cast").on(t.castId),
    index("idempotency_keys_expiry").on(t.expiresAt),
  ],
);

/** What an account last paid for a spell: a dearer version is not run unasked. */
export const lastPrices = pgTable(
  "last_prices",
  {
    accountId: uuid("account_id").notNull(),
    spellId: uuid("spell_id").notNull(),
    flatMicros: int8("flat_micros").notNull(),
    rateMicros: int8("rate_micros").notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.spellId] })],
);
