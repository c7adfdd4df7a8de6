import { and, desc, eq, isNull } from "drizzle-orm";
import { apiKeys, apiKeySecrets } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { requireScope } from "../identity/require-scope.ts";
import { viewKey, type KeyView } from "./key-view.ts";

/** The account's keys that are not revoked, newest first, each under its newest prefix. */
export async function listKeys(ctx: ServiceContext): Promise<KeyView[]> {
  requireScope(ctx, "read");
  const rows = await ctx.db.drizzle
    .select({
      id: apiKeys.id,
      name: apiKeys.name,
      prefix: apiKeySecrets.prefix,
      scopes: apiKeys.scopes,
      monthlyLimitMicros: apiKeys.monthlyLimitMicros,
      createdAt: apiKeys.createdAt,
      lastUsedAt: apiKeys.lastUsedAt,
      expiresAt: apiKeys.expiresAt,
    })
    .from(apiKeys)
    .innerJoin(apiKeySecrets, and(eq(apiKeySecrets.keyId, apiKeys.id), isNull(apiKeySecrets.expiresAt)))
    .where(and(eq(apiKeys.accountId, ctx.actor.accountId), isNull(apiKeys.revokedAt)))
    .orderBy(desc(apiKeys.createdAt), apiKeys.id);
  return rows.map(viewKey);
}
