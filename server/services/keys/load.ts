import { and, eq, exists, isNull, sql } from "drizzle-orm";
import { apiKeys, apiKeySecrets } from "../../../drizzle/schema/index.ts";
import type { Transaction } from "../../db/connect.ts";
import { NotFound } from "../../errors.ts";

/** What a key row says, without its secrets. */
export type StoredKey = Omit<typeof apiKeys.$inferSelect, "accountId" | "revokedAt">;

/**
 * A key of the account that is not revoked, by any of its prefixes, with its newest one. The caller holds the
 * account's lock. @throws NotFound, also for another account's key
 */
export async function loadKey(
  tx: Transaction,
  accountId: string,
  prefix: string,
): Promise<StoredKey & { prefix: string }> {
  const named = tx
    .select({ one: sql`1` })
    .from(apiKeySecrets)
    .where(and(eq(apiKeySecrets.keyId, apiKeys.id), eq(apiKeySecrets.prefix, prefix)));
  const [key] = await tx
    .select({
      id: apiKeys.id,
      name: apiKeys.name,
      scopes: apiKeys.scopes,
      monthlyLimitMicros: apiKeys.monthlyLimitMicros,
      expiresAt: apiKeys.expiresAt,
      createdAt: apiKeys.createdAt,
      lastUsedAt: apiKeys.lastUsedAt,
      prefix: apiKeySecrets.prefix,
    })
    .from(apiKeys)
    .innerJoin(apiKeySecrets, and(eq(apiKeySecrets.keyId, apiKeys.id), isNull(apiKeySecrets.expiresAt)))
    .where(and(eq(apiKeys.accountId, accountId), isNull(apiKeys.revokedAt), exists(named)));
  if (key === undefined) throw new NotFound("key_not_found");
  return key;
}
