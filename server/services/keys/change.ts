import { eq } from "drizzle-orm";
import { apiKeys } from "../../../drizzle/schema/index.ts";
import { MICROS_PER_CENT, type ServiceContext } from "../../context.ts";
import { lockAccount } from "../identity/lock-account.ts";
import { requireScope } from "../identity/require-scope.ts";
import { appendLedger } from "../ledger/append.ts";
import { checkGrant, readAuthority } from "./authority.ts";
import { checkExpiry, type ChangeKeyInput } from "./key-input.ts";
import { viewKey, type KeyView } from "./key-view.ts";
import { loadKey, type StoredKey } from "./load.ts";

type Changeable = Pick<StoredKey, "name" | "scopes" | "monthlyLimitMicros" | "expiresAt">;

/** The key's fields after the change; those not named stay, null clears. */
function changedFields(key: Changeable, input: ChangeKeyInput): Changeable {
  const { expires_at: expiry, monthly_limit_cents: cents } = input;
  return {
    name: input.name ?? key.name,
    scopes: input.scopes ?? key.scopes,
    monthlyLimitMicros:
      cents === undefined ? key.monthlyLimitMicros : cents === null ? null : cents * MICROS_PER_CENT,
    expiresAt: expiry === undefined ? key.expiresAt : expiry === null ? null : new Date(expiry),
  };
}

/**
 * Changes the fields given, for the next request. An expired key may be given a later expiry, by who may give it.
 * @throws NotFound, InvalidRequest, InsufficientScope, GrantExceeded
 */
export async function changeKey(
  ctx: ServiceContext,
  prefix: string,
  input: ChangeKeyInput,
): Promise<KeyView> {
  requireScope(ctx, "keys");
  const { accountId } = ctx.actor;
  return ctx.db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    const authority = await readAuthority(tx, ctx);
    const key = await loadKey(tx, accountId, prefix);
    const after = changedFields(key, input);
    if (typeof input.expires_at === "string") checkExpiry(after.expiresAt, authority.now);
    checkGrant(authority.grant, key, after);
    await tx.update(apiKeys).set(after).where(eq(apiKeys.id, key.id));
    await appendLedger(tx, {
      kind: "key.changed",
      accountId,
      subject: key.id,
      details: {
        prefix: key.prefix,
        changed: Object.keys(input),
        scopes: after.scopes,
        monthly_limit_micros: after.monthlyLimitMicros,
        expires_at: after.expiresAt?.toISOString() ?? null,
      },
    });
    return viewKey({ ...key, ...after });
  });
}
