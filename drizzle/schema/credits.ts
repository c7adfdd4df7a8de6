import { sql } from "drizzle-orm";
import { check, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { invoices } from "./billing.ts";
import { casts } from "./casts.ts";
import { instant, int8 } from "./columns.ts";

/** What the house gives back: taken off the next invoice, never off usage, which is what was consumed. */
export const credits = pgTable(
  "credits",
  {
    /** The house's own name for the matter; the same credit given twice is given once. */
    reference: text("reference").primaryKey(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    /** The cast that is refunded; null for any other reason. */
    castId: uuid("cast_id").references(() => casts.id),
    amountMicros: int8("amount_micros").notNull(),
    reason: text("reason").notNull(),
    /** The invoice that it was taken off; null until the next is closed. */
    invoiceId: uuid("invoice_id").references(() => invoices.id),
    createdAt: instant("created_at")
      .notNull()
      .default(sql`clock_timestamp()`),
  },
  (t) => [
    index("credits_account").on(t.accountId, t.createdAt),
    index("credits_cast").on(t.castId),
    check("credits_positive", sql`${t.amountMicros} > 0`),
  ],
);
