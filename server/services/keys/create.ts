import { apiKeys, apiKeySecrets } from "../../../drizzle/schema/index.ts";
import { keyMode } from "../../config.ts";
import { MICROS_PER_CENT, type Actor, type Platform } from "../../context.ts";
import { InsufficientScope, InvalidRequest } from "../../errors.ts";
import { lockAccount } from "../identity/lock-account.ts";
import { requireScope } from "../identity/require-scope.ts";
import { appendLedger } from "../ledger/append.ts";
import { makeKey } from "./key-format.ts";
import type { CreateKeyInput } from "./key-input.ts";
import { storeSecret } from "./key-secret.ts";
import { viewKey, type NewKeyView } from "./key-view.ts";

/** Making a key needs no sandbox, so seeding can do it too. */
export type KeyContext = Pick<Platform, "db" | "config" | "random"> & { readonly actor: Actor };

/**
 * Makes a key and gives its text this once. A key never grants more than the one that makes it has.
 * @throws InsufficientScope, InvalidRequest
 */
export async function createKey(ctx: KeyContext, input: CreateKeyInput): Promise<NewKeyView> {
  requireScope(ctx, "keys");
  const beyond = input.scopes.find((scope) => !ctx.actor.scopes.includes(scope));
  if (beyond !== undefined) throw new InsufficientScope(beyond);
  const expiresAt = input.expires_at === null ? null : new Date(input.expires_at);
  if (expiresAt !== null && expiresAt.getTime() <= Date.now()) {
    throw new InvalidRequest([{ field: "expires_at", message: "must be in the future" }]);
  }

  const { accountId } = ctx.actor;
  const { prefix, text } = makeKey(keyMode(ctx.config), (count) => ctx.random.bytes(count));
  const secret = await storeSecret(ctx.config.KEY_PEPPER, text);
  const monthlyLimitMicros =
    input.monthly_limit_cents === null ? null : input.monthly_limit_cents * MICROS_PER_CENT;
  const row = await ctx.db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    const [key] = await tx
      .insert(apiKeys)
      .values({ accountId, name: input.name, scopes: [...input.scopes], monthlyLimitMicros, expiresAt })
      .returning();
    if (key === undefined) throw new Error("an insert gave no row");
    await tx.insert(apiKeySecrets).values({ prefix, keyId: key.id, ...secret });
    await appendLedger(tx, {
      kind: "key.created",
      accountId,
      subject: key.id,
      details: {
        prefix,
        scopes: input.scopes,
        monthly_limit_micros: monthlyLimitMicros,
        expires_at: input.expires_at,
      },
    });
    return key;
  });
  return { ...viewKey({ ...row, prefix }), api_key: text };
}
