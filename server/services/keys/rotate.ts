import { and, eq, ne } from "drizzle-orm";
import { apiKeySecrets } from "../../../drizzle/schema/index.ts";
import { keyMode } from "../../config.ts";
import type { ServiceContext } from "../../context.ts";
import type { Transaction } from "../../db/connect.ts";
import { InvalidRequest, KeyAlreadyMade, NotFound } from "../../errors.ts";
import { lockAccount } from "../identity/lock-account.ts";
import { requireScope } from "../identity/require-scope.ts";
import { appendLedger } from "../ledger/append.ts";
import { checkGrant, NO_GRANT, readAuthority } from "./authority.ts";
import { makeKey } from "./key-format.ts";
import type { RotateKeyInput } from "./key-input.ts";
import { storeSecret } from "./key-secret.ts";
import { viewKey, type RotatedKeyView } from "./key-view.ts";
import { loadKey } from "./load.ts";

/**
 * Ends the present secret at `endsAt`, null: now, and all older ones now. What dies now is deleted, so that no clock is
 * asked whether it lives. Returns the prefixes of the older ones.
 */
async function supersede(
  tx: Transaction,
  key: { id: string; prefix: string },
  endsAt: Date | null,
): Promise<string[]> {
  const older = await tx
    .delete(apiKeySecrets)
    .where(and(eq(apiKeySecrets.keyId, key.id), ne(apiKeySecrets.prefix, key.prefix)))
    .returning({ prefix: apiKeySecrets.prefix });
  const present = eq(apiKeySecrets.prefix, key.prefix);
  if (endsAt === null) await tx.delete(apiKeySecrets).where(present);
  else await tx.update(apiKeySecrets).set({ expiresAt: endsAt }).where(present);
  return older.map(({ prefix }) => prefix);
}

/**
 * Gives a key a new secret and prefix; its id, limit, usage and scopes stay. The secret before works for the grace,
 * without managing keys; one older than that dies at once, so that at most two live. With `only_newest`, the prefix of a
 * secret that has been replaced is refused: a form sent twice would end at once the secret that programs still use.
 * @throws NotFound, also for an expired key; KeyAlreadyMade, InvalidRequest, InsufficientScope, GrantExceeded
 */
export async function rotateKey(
  ctx: ServiceContext,
  prefix: string,
  input: RotateKeyInput,
): Promise<RotatedKeyView> {
  requireScope(ctx, "keys");
  const { config, random } = ctx;
  const { accountId } = ctx.actor;
  const graceSeconds = input.grace_seconds ?? config.KEY_GRACE_SECONDS;
  if (graceSeconds > config.KEY_GRACE_SECONDS) {
    throw new InvalidRequest([
      { field: "grace_seconds", message: `must be at most ${config.KEY_GRACE_SECONDS}` },
    ]);
  }
  const made = makeKey(keyMode(config), (count) => random.bytes(count));
  const secret = await storeSecret(config.KEY_PEPPER, made.text);
  return ctx.db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    const { keyId, grant, now } = await readAuthority(tx, ctx);
    const key = await loadKey(tx, accountId, prefix);
    if (key.expiresAt !== null && key.expiresAt <= now) throw new NotFound("key_not_found");
    if (input.only_newest === true && key.prefix !== prefix) throw new KeyAlreadyMade();
    // Whoever asks will hold the new secret, and with it all that the key may do.
    checkGrant(grant, keyId === key.id ? key : NO_GRANT, key);
    const graceEnd = now.getTime() + graceSeconds * 1_000;
    const previousEnd = new Date(Math.min(graceEnd, key.expiresAt?.getTime() ?? Infinity));
    const endedPrefixes = await supersede(tx, key, graceSeconds === 0 ? null : previousEnd);
    await tx.insert(apiKeySecrets).values({ prefix: made.prefix, keyId: key.id, ...secret });
    await appendLedger(tx, {
      kind: "key.rotated",
      accountId,
      subject: key.id,
      details: {
        prefix: made.prefix,
        previous_prefix: key.prefix,
        previous_expires_at: previousEnd.toISOString(),
        ended_prefixes: endedPrefixes,
      },
    });
    return {
      ...viewKey({ ...key, prefix: made.prefix }),
      api_key: made.text,
      previous_prefix: key.prefix,
      previous_expires_at: previousEnd.toISOString(),
    };
  });
}
