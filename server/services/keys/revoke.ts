import { and, eq, exists, isNull, sql } from "drizzle-orm";
import { apiKeys, apiKeySecrets } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { NotFound } from "../../errors.ts";
import { lockAccount } from "../identity/lock-account.ts";
import { requireScope } from "../identity/require-scope.ts";
import { appendLedger } from "../ledger/append.ts";

/**
 * Revokes a key with all its secrets. Once this returns, no process accepts it: every request reads this state.
 * @throws NotFound for a prefix that is not an active key of this account
 */
export async function revokeKey(ctx: ServiceContext, prefix: string): Promise<void> {
  requireScope(ctx, "keys");
  const { accountId } = ctx.actor;
  await ctx.db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    const itsSecret = tx
      .select({ one: sql`1` })
      .from(apiKeySecrets)
      .where(and(eq(apiKeySecrets.keyId, apiKeys.id), eq(apiKeySecrets.prefix, prefix)));
    const [revoked] = await tx
      .update(apiKeys)
      .set({ revokedAt: sql`clock_timestamp()` })
      .where(and(eq(apiKeys.accountId, accountId), isNull(apiKeys.revokedAt), exists(itsSecret)))
      .returning({ id: apiKeys.id });
    if (revoked === undefined) throw new NotFound("key_not_found");
    await appendLedger(tx, { kind: "key.revoked", accountId, subject: revoked.id, details: { prefix } });
  });
}
