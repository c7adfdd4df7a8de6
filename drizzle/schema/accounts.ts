import { sql } from "drizzle-orm";
import { check, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/**
 * Who owns keys, limits and money. This row is the lock: whoever decides or changes anything of an account's
 * money, keys or cards locks it first.
 */
export const accounts = pgTable(
  "accounts",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    /** The only name an account has in the ledger. */
    pseudonym: uuid("pseudonym").notNull().unique().defaultRandom(),
    /** `house` accounts belong to the platform itself, such as the one behind the home page's live cast. */
    kind: text("kind", { enum: ["person", "house"] }).notNull(),
    /** A stable handle for accounts the platform makes itself; null for people. */
    handle: text("handle").unique(),
    displayName: text("display_name").notNull(),
    /** Its card is being removed: nothing that costs is admitted until what is owed is invoiced. */
    closingSince: instant("closing_since"),
    /** An invoice could not be collected: the account has the card-less allowance until it is. */
    pastDueSince: instant("past_due_since"),
    createdAt: instant("created_at")
      .notNull()
      .default(sql`clock_timestamp()`),
  },
  (t) => [check("accounts_kind", sql`${t.kind} in ('person', 'house')`)],
);
