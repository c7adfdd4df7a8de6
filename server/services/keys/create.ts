import { apiKeys, apiKeySecrets } from "../../../drizzle/schema/index.ts";
import { keyMode } from "../../config.ts";
import { MICROS_PER_CENT, type Actor, type Platform } from "../../context.ts";
import { lockAccount } from "../identity/lock-account.ts";
import { requireScope } from "../identity/require-scope.ts";
import { appendLedger } from "../ledger/append.ts";
import { checkGrant, NO_GRANT, readAuthority } from "./authority.ts";
import { makeKey } from "./key-format.ts";
import { checkExpiry, type CreateKeyInput } from "./key-input.ts";
import { storeSecret } from "./key-secret.ts";
import { viewKey, type NewKeyView } from "./key-view.ts";

/** Making a key needs no sandbox, so seeding can do it too. */
export type KeyContext = Pick<Platform, "db" | "config" | "clock" | "random"> & { readonly actor: Actor };

/**
 * Makes a key and gives its text this once. A key never grants more than the one that makes it has. Of two that are
 * made under one `id` the database refuses the second.
 * @throws InsufficientScope, GrantExceeded, InvalidRequest
 */
export async function createKey(
  ctx: KeyContext,
  input: CreateKeyInput,
  id: string = ctx.random.id(),
): Promise<NewKeyView> {
  requireScope(ctx, "keys");
  const { accountId } = ctx.actor;
  const { prefix, text } = makeKey(keyMode(ctx.config), (count) => ctx.random.bytes(count));
  const secret = await storeSecret(ctx.config.KEY_PEPPER, text);
  const grant = {
    scopes: [...input.scopes],
    monthlyLimitMicros:
      input.monthly_limit_cents === null ? null : input.monthly_limit_cents * MICROS_PER_CENT,
    expiresAt: input.expires_at === null ? null : new Date(input.expires_at),
  };
  const row = await ctx.db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    const authority = await readAuthority(tx, ctx);
    checkExpiry(grant.expiresAt, authority.now);
    checkGrant(authority.grant, NO_GRANT, grant);
    const [key] = await tx
      .insert(apiKeys)
      .values({ id, accountId, name: input.name, ...grant })
      .returning();
    if (key === undefined) throw new Error("an insert gave no row");
    await tx.insert(apiKeySecrets).values({ prefix, keyId: key.id, ...secret });
    await appendLedger(tx, {
      kind: "key.created",
      accountId,
      subject: key.id,
      details: {
        prefix,
        scopes: grant.scopes,
        monthly_limit_micros: grant.monthlyLimitMicros,
        expires_at: grant.expiresAt?.toISOString() ?? null,
      },
    });
    return key;
  });
  return { ...viewKey({ ...row, prefix }), api_key: text };
}
