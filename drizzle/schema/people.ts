import { sql } from "drizzle-orm";
import { check, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { bytea, instant, int8 } from "./columns.ts";

/** What GitHub says of somebody. */
const profile = () => ({
  /** GitHub's number: a login can pass to somebody else, this cannot. */
  githubId: int8("github_id").notNull(),
  login: text("login").notNull(),
  name: text("name"),
  /** Their primary address, which GitHub has verified. */
  email: text("email").notNull(),
});

/** Whose a `person` account is: apart from the account, which stays when they are erased. */
export const people = pgTable(
  "people",
  {
    accountId: uuid("account_id")
      .primaryKey()
      .references(() => accounts.id),
    ...profile(),
    language: text("language", { enum: ["en", "ja"] }).notNull(),
    termsVersion: text("terms_version").notNull(),
    termsAcceptedAt: instant("terms_accepted_at")
      .notNull()
      .default(sql`clock_timestamp()`),
    createdAt: instant("created_at")
      .notNull()
      .default(sql`clock_timestamp()`),
    updatedAt: instant("updated_at")
      .notNull()
      .default(sql`clock_timestamp()`),
  },
  (t) => [
    unique("people_github_id").on(t.githubId),
    check("people_language", sql`${t.language} in ('en', 'ja')`),
  ],
);

/**
 * Somebody whom GitHub has proved and who has not accepted the terms yet: no account is opened for them before. Only
 * the SHA-256 of the token in their browser is stored.
 */
export const signUps = pgTable("sign_ups", {
  tokenDigest: bytea("token_digest").primaryKey(),
  ...profile(),
  expiresAt: instant("expires_at").notNull(),
});
