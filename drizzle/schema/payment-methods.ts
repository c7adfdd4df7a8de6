import { sql } from "drizzle-orm";
import { check, pgTable, smallint, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant } from "./columns.ts";

/** Cards on file: what may be shown of them. An account has at most one that is not removed. */
export const paymentMethods = pgTable(
  "payment_methods",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    /** Stripe's own, `pm_...`. Null in rows of before there was a Stripe, all of them removed. */
    stripeId: text("stripe_id").unique(),
    brand: text("brand").notNull(),
    last4: text("last4").notNull(),
    expMonth: smallint("exp_month").notNull(),
    expYear: smallint("exp_year").notNull(),
    createdAt: instant("created_at")
      .notNull()
      .default(sql`clock_timestamp()`),
    removedAt: instant("removed_at"),
  },
  (t) => [
    uniqueIndex("payment_methods_one_card")
      .on(t.accountId)
      .where(sql`${t.removedAt} is null`),
    check("payment_methods_chargeable", sql`${t.stripeId} is not null or ${t.removedAt} is not null`),
  ],
);
