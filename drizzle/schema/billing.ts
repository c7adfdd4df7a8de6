import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { instant, int8 } from "./columns.ts";

/** An account's one customer at Stripe, in each of Stripe's modes. */
export const stripeCustomers = pgTable(
  "stripe_customers",
  {
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    isLive: boolean("is_live").notNull(),
    /** Stripe's own, `cus_...`. */
    id: text("id").notNull().unique(),
    createdAt: instant("created_at")
      .notNull()
      .default(sql`clock_timestamp()`),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.isLive] })],
);

/** What Stripe told us, once each. What it means is read from Stripe when it is handled: events come in no order. */
export const stripeEvents = pgTable(
  "stripe_events",
  {
    /** Stripe's own, `evt_...`. */
    id: text("id").primaryKey(),
    type: text("type").notNull(),
    /** What it is about, by Stripe's id; null for what has none. */
    objectId: text("object_id"),
    /** By Stripe's clock. */
    happenedAt: instant("happened_at").notNull(),
    receivedAt: instant("received_at")
      .notNull()
      .default(sql`clock_timestamp()`),
    handledAt: instant("handled_at"),
    /** Given up after the last attempt; a replay puts null here again. */
    failedAt: instant("failed_at"),
    /** The last attempt's failure, in our words. */
    failure: text("failure"),
  },
  (t) => [
    index("stripe_events_failed")
      .on(t.failedAt)
      .where(sql`${t.failedAt} is not null`),
  ],
);

/**
 * What an account owes for a part of a UTC month. A month has one part, and one more for each time that its card was
 * removed in it. A cast belongs to the part that was closed first after it settled.
 */
export const invoices = pgTable(
  "invoices",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    /** 1, 2, 3 ... in the order in which an account's invoices were closed: each carries on what the one before left. */
    number: integer("number").notNull(),
    month: date("month").notNull(),
    part: integer("part").notNull(),
    /** Closed at the month's end: no cast of the month can follow. */
    isLast: boolean("is_last").notNull(),
    settledMicros: int8("settled_micros").notNull(),
    /** What of it the card-less allowance paid. */
    allowanceMicros: int8("allowance_micros").notNull(),
    /** Credits that were given since the invoice before. */
    creditMicros: int8("credit_micros").notNull(),
    /** From the invoice before; less than zero when the house owes the account. */
    carriedInMicros: int8("carried_in_micros").notNull(),
    /** Collected by Stripe; less than zero: given back, by credit notes. */
    dueCents: int8("due_cents").notNull(),
    carriedOutMicros: int8("carried_out_micros").notNull(),
    /** `carried`: nothing to collect. `closed`: to be brought to Stripe. The others are Stripe's. */
    status: text("status", {
      enum: ["carried", "closed", "open", "past_due", "paid", "void", "uncollectible"],
    }).notNull(),
    /** Stripe's own, `in_...`. */
    stripeId: text("stripe_id").unique(),
    hostedUrl: text("hosted_url"),
    pdfUrl: text("pdf_url"),
    closedAt: instant("closed_at").notNull(),
    paidAt: instant("paid_at"),
  },
  (t) => [
    unique("invoices_number").on(t.accountId, t.number),
    unique("invoices_part").on(t.accountId, t.month, t.part),
    // A few among all, which the monthly run and an account's standing look for.
    index("invoices_unpaid")
      .on(t.accountId)
      .where(sql`${t.status} in ('closed', 'open', 'past_due')`),
    check("invoices_allowance_within", sql`${t.allowanceMicros} between 0 and ${t.settledMicros}`),
    check(
      "invoices_add_up",
      sql`${t.settledMicros} - ${t.allowanceMicros} - ${t.creditMicros} + ${t.carriedInMicros} = ${t.dueCents} * 10000 + ${t.carriedOutMicros}`,
    ),
    check(
      "invoices_status",
      sql`${t.status} in ('carried', 'closed', 'open', 'past_due', 'paid', 'void', 'uncollectible')`,
    ),
  ],
);

/** What a part consists of, by version. */
export const invoiceLines = pgTable(
  "invoice_lines",
  {
    invoiceId: uuid("invoice_id")
      .notNull()
      .references(() => invoices.id),
    versionId: uuid("version_id").notNull(),
    calls: int8("calls").notNull(),
    settledMicros: int8("settled_micros").notNull(),
    allowanceMicros: int8("allowance_micros").notNull(),
  },
  (t) => [primaryKey({ columns: [t.invoiceId, t.versionId] })],
);
