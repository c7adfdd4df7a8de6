import { boolean, check, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
import { bytea, instant, int8 } from "./columns.ts";

/** Money and audit events, gapless and hash-chained. Only `ledger_append` writes here; nothing updates or deletes. */
export const ledgerEntries = pgTable(
  "ledger_entries",
  {
    seq: int8("seq").primaryKey(),
    at: instant("at").notNull(),
    kind: text("kind").notNull(),
    /** Whose event it is, by pseudonym; null for the platform's own, such as a published spell. */
    pseudonym: uuid("pseudonym"),
    /** What it is about: a cast, a key, a spell version. */
    subject: uuid("subject"),
    amountMicros: int8("amount_micros").notNull(),
    /** JSON, kept as the very bytes that were hashed. */
    details: bytea("details").notNull(),
    hash: bytea("hash").notNull(),
  },
  (t) => [
    index("ledger_entries_subject").on(t.subject),
    index("ledger_entries_pseudonym").on(t.pseudonym, t.seq),
    // A few among millions, which the nightly comparison looks for.
    index("ledger_entries_credits")
      .on(t.pseudonym)
      .where(sql`${t.kind} = 'credit.granted'`),
    check("ledger_entries_seq_positive", sql`${t.seq} > 0`),
  ],
);

/** The chain's last link. Its row lock orders all appends; it is taken last before a commit. */
export const ledgerHead = pgTable(
  "ledger_head",
  {
    isOnly: boolean("is_only").primaryKey().default(true),
    seq: int8("seq").notNull(),
    hash: bytea("hash").notNull(),
  },
  (t) => [check("ledger_head_single_row", sql`${t.isOnly}`)],
);
