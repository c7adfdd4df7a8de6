import { sql } from "drizzle-orm";
import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { bytea, instant } from "./columns.ts";

/** Signed-in people. Only the SHA-256 of a session's token is stored, so a copy of this table signs nobody in. */
export const sessions = pgTable(
  "sessions",
  {
    tokenDigest: bytea("token_digest").primaryKey(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    createdAt: instant("created_at")
      .notNull()
      .default(sql`clock_timestamp()`),
    expiresAt: instant("expires_at").notNull(),
    /** Names the session in lists; it opens nothing. */
    id: uuid("id").notNull().unique().defaultRandom(),
    /** The browser as it names itself, cut short: by it people tell their sessions apart. */
    userAgent: text("user_agent"),
  },
  (t) => [index("sessions_account").on(t.accountId)],
);
