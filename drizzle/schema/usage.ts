import { sql } from "drizzle-orm";
import { check, date, pgTable, primaryKey, unique, uuid } from "drizzle-orm/pg-core";
import { int8 } from "./columns.ts";

/** What every usage row counts: micros settled, micros held by running casts, and casts that ended. */
const figures = () => ({
  settledMicros: int8("settled_micros").notNull().default(0),
  heldMicros: int8("held_micros").notNull().default(0),
  calls: int8("calls").notNull().default(0),
});

/** An account's UTC day. */
export const usageDays = pgTable(
  "usage_days",
  {
    accountId: uuid("account_id").notNull(),
    day: date("day").notNull(),
    ...figures(),
    /** Fuel that nobody paid for: used by ended casts, and held by running ones that cost nothing. */
    freeFuelUsed: int8("free_fuel_used").notNull().default(0),
    freeFuelHeld: int8("free_fuel_held").notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.day] }),
    check("usage_days_not_negative", sql`${t.settledMicros} >= 0 and ${t.heldMicros} >= 0`),
    check("usage_days_free_fuel", sql`${t.freeFuelUsed} >= 0 and ${t.freeFuelHeld} >= 0`),
  ],
);

/** An account's UTC month. What the card-less allowance funds is counted in the total and again apart. */
export const usageMonths = pgTable(
  "usage_months",
  {
    accountId: uuid("account_id").notNull(),
    month: date("month").notNull(),
    ...figures(),
    allowanceSettledMicros: int8("allowance_settled_micros").notNull().default(0),
    allowanceHeldMicros: int8("allowance_held_micros").notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.month] }),
    check("usage_months_not_negative", sql`${t.settledMicros} >= 0 and ${t.heldMicros} >= 0`),
    check(
      "usage_months_allowance_within",
      sql`${t.allowanceSettledMicros} between 0 and ${t.settledMicros} and ${t.allowanceHeldMicros} between 0 and ${t.heldMicros}`,
    ),
  ],
);

/** A key's UTC month. */
export const keyUsageMonths = pgTable(
  "key_usage_months",
  {
    keyId: uuid("key_id").notNull(),
    month: date("month").notNull(),
    ...figures(),
  },
  (t) => [
    primaryKey({ columns: [t.keyId, t.month] }),
    check("key_usage_months_not_negative", sql`${t.settledMicros} >= 0 and ${t.heldMicros} >= 0`),
  ],
);

/**
 * An account's UTC day by version and key: what usage reports and invoices are made of, so that neither reads the
 * history. Moved by settlement, with the other rows.
 */
export const usageLines = pgTable(
  "usage_lines",
  {
    accountId: uuid("account_id").notNull(),
    day: date("day").notNull(),
    versionId: uuid("version_id").notNull(),
    /** Null: a session, or the platform itself. */
    keyId: uuid("key_id"),
    settledMicros: int8("settled_micros").notNull(),
    /** What of it the card-less allowance paid. */
    allowanceMicros: int8("allowance_micros").notNull(),
    calls: int8("calls").notNull(),
    fuel: int8("fuel").notNull(),
  },
  (t) => [
    unique("usage_lines_one").on(t.accountId, t.day, t.versionId, t.keyId).nullsNotDistinct(),
    check("usage_lines_allowance_within", sql`${t.allowanceMicros} between 0 and ${t.settledMicros}`),
  ],
);
