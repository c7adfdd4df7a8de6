import { sql } from "drizzle-orm";
import { check, index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { accounts } from "./accounts.ts";
import { bytea, instant, int8 } from "./columns.ts";

/** A key: what it may do and spend. Its secrets come and go; the key, its limit and its usage stay. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: uuid("id").primaryKey().defaultRandom(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id),
    name: text("name").notNull(),
    scopes: text("scopes").array().notNull(),
    monthlyLimitMicros: int8("monthly_limit_micros"),
    expiresAt: instant("expires_at"),
    createdAt: instant("created_at")
      .notNull()
      .default(sql`clock_timestamp()`),
    revokedAt: instant("revoked_at"),
    lastUsedAt: instant("last_used_at"),
  },
  (t) => [
    index("api_keys_account").on(t.accountId, t.createdAt),
    check("api_keys_limit_not_negative", sql`${t.monthlyLimitMicros} >= 0`),
  ],
);

/** What proves a key, never the secret itself: a peppered HMAC, compared first, and an Argon2id hash. */
export const apiKeySecrets = pgTable(
  "api_key_secrets",
  {
    prefix: text("prefix").primaryKey(),
    keyId: uuid("key_id")
      .notNull()
      .references(() => apiKeys.id),
    hmac: bytea("hmac").notNull(),
    argon2: text("argon2").notNull(),
    createdAt: instant("created_at")
      .notNull()
      .default(sql`clock_timestamp()`),
    expiresAt: instant("expires_at"),
  },
  (t) => [
    index("api_key_secrets_key").on(t.keyId),
    // The newest secret of a key; the one before has an end.
    uniqueIndex("api_key_secrets_newest")
      .on(t.keyId)
      .where(sql`${t.expiresAt} is null`),
  ],
);
