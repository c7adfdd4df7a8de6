import { integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { bytea, instant } from "./columns.ts";

/**
 * Requests in the present minute of an account (its id) or of an address (IPv4, or the /64 of IPv6). The migration
 * makes it UNLOGGED: after a crash of Postgres every count starts anew, which costs nobody anything.
 */
export const rateCounts = pgTable(
  "rate_counts",
  {
    subjectKind: text("subject_kind", { enum: ["account", "address"] }).notNull(),
    subject: bytea("subject").notNull(),
    windowStart: instant("window_start").notNull(),
    requests: integer("requests").notNull(),
  },
  (t) => [primaryKey({ columns: [t.subjectKind, t.subject] })],
);
