import { sql } from "drizzle-orm";
import { check, date, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, int8 } from "./columns.ts";

/** An account's own limits. `soft` notifies, `hard` refuses. */
export const budgets = pgTable(
  "budgets",
  {
    accountId: uuid("account_id")
      .primaryKey()
      .references(() => accounts.id),
    period: text("period", { enum: ["daily", "monthly"] }).notNull(),
    softLimitMicros: int8("soft_limit_micros"),
    hardLimitMicros: int8("hard_limit_micros").notNull(),
    /** Percents of the hard limit. */
    notifyThresholds: integer("notify_thresholds").array().notNull(),
    createdAt: instant("created_at")
      .notNull()
      .default(sql`clock_timestamp()`),
    updatedAt: instant("updated_at")
      .notNull()
      .default(sql`clock_timestamp()`),
  },
  (t) => [
    check("budgets_period", sql`${t.period} in ('daily', 'monthly')`),
    check("budgets_soft_within_hard", sql`${t.softLimitMicros} <= ${t.hardLimitMicros}`),
    check("budgets_hard_positive", sql`${t.hardLimitMicros} > 0`),
  ],
);

/** A notice that was given, so that none is given twice in a period. */
export const budgetNotices = pgTable(
  "budget_notices",
  {
    accountId: uuid("account_id").notNull(),
    period: text("period", { enum: ["daily", "monthly"] }).notNull(),
    periodStart: date("period_start").notNull(),
    /** Percent of the hard limit; 0: the soft limit. */
    threshold: integer("threshold").notNull(),
    givenAt: instant("given_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.period, t.periodStart, t.threshold] })],
);
