import { sql } from "drizzle-orm";
import { boolean, check, date, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { apiKeys } from "./api-keys.ts";
import { bytea, instant, int8 } from "./columns.ts";
import { spellVersions } from "./spells.ts";

/** What a cast is from its admission to its end. */
const cast = () => ({
  accountId: uuid("account_id")
    .notNull()
    .references(() => accounts.id),
  keyId: uuid("key_id").references(() => apiKeys.id),
  versionId: uuid("version_id")
    .notNull()
    .references(() => spellVersions.id),
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
 * A cast that runs: the most it can cost, set aside. The row's deletion is the one change that ends the cast, so
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
    /** Held against the day's free fuel: the fuel limit of a cast that costs nothing, else 0. */
    freeFuel: int8("free_fuel").notNull().default(0),
    /** Past it the sweeper releases the hold, whatever its process does. */
    deadline: instant("deadline").notNull(),
    /** Which start of which process runs it. */
    bootId: uuid("boot_id").notNull(),
  },
  (t) => [
    index("holds_deadline").on(t.deadline),
    index("holds_account").on(t.accountId),
    check("holds_not_negative", sql`${t.holdMicros} >= 0`),
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
    /** Null until fuel is metered. */
    fuelUsed: int8("fuel_used"),
    /** Null when the cast ended without its process's word, as in a sweep. */
    durationMs: integer("duration_ms"),
    outputDigest: bytea("output_digest"),
    /** stderr, capped. */
    log: bytea("log").notNull(),
    endedAt: instant("ended_at").notNull(),
  },
  (t) => [
    index("casts_history").on(t.accountId, t.admittedAt.desc(), t.id.desc()),
    check("casts_cost_within_hold", sql`${t.costMicros} between 0 and ${t.holdMicros}`),
    check("casts_state", sql`(${t.state} = 'completed') = (${t.errorCode} is null)`),
  ],
);
