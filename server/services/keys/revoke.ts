import { eq, sql } from "drizzle-orm";
import { apiKeys } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { lockAccount } from "../identity/lock-account.ts";
import { requireScope } from "../identity/require-scope.ts";
import { appendLedger } from "../ledger/append.ts";
import { readAuthority } from "./authority.ts";
import { loadKey } from "./load.ts";

/**
 * Revokes a key with all its secrets, by any of its prefixes. Once this returns, no process accepts it: every request
 * reads this state. @throws NotFound for a prefix that is not an active key of this account
 */
export async function revokeKey(ctx: ServiceContext, prefix: string): Promise<void> {
  requireScope(ctx, "keys");
  const { accountId } = ctx.actor;
  await ctx.db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    await readAuthority(tx, ctx);
    const key = await loadKey(tx, accountId, prefix);
    await tx
      .update(apiKeys)
      .set({ revokedAt: sql`clock_timestamp()` })
      .where(eq(apiKeys.id, key.id));
    await appendLedger(tx, { kind: "key.revoked", accountId, subject: key.id, details: { prefix } });
  });
}
