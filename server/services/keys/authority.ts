/** Who may give a key what: a key gives nothing that it does not have itself, a signed-in person everything. */
import { eq, sql } from "drizzle-orm";
import { apiKeys, apiKeySecrets } from "../../../drizzle/schema/index.ts";
import type { Actor, Platform, Scope } from "../../context.ts";
import type { Transaction } from "../../db/connect.ts";
import { GrantExceeded, InsufficientScope, Unauthenticated } from "../../errors.ts";

/** What a key lets its holder do. Null: without limit, for ever. */
export interface Grant {
  readonly scopes: readonly string[];
  readonly monthlyLimitMicros: number | null;
  readonly expiresAt: Date | null;
}

export interface Authority {
  /** The key that asks; null for a person, or the platform itself. */
  readonly keyId: string | null;
  readonly grant: Grant;
  /** The database's time, read under the lock. */
  readonly now: Date;
}

/** The state before a key's making, and what a stranger to a key has of it. */
export const NO_GRANT: Grant = { scopes: [], monthlyLimitMicros: 0, expiresAt: new Date(0) };

type AuthorityContext = Pick<Platform, "clock"> & { readonly actor: Actor };

/**
 * Reads what the actor may give now. The caller holds the account's lock, so that a key revoked, narrowed or rotated a
 * moment ago gives nothing on. A rotated key's old secret manages no keys: it may be why the key was rotated.
 * @throws Unauthenticated, InsufficientScope
 */
export async function readAuthority(tx: Transaction, { actor, clock }: AuthorityContext): Promise<Authority> {
  const { accountId, keyPrefix, sessionDigest } = actor.credential;
  const [state] = await tx.execute<{ now: string; key_id: string | null; scopes: Scope[] | null }>(sql`
    select n.now, c.key_id, c.scopes
      from (select clock_timestamp() + ${clock.offsetMs}::bigint * interval '1 millisecond' as now) n
      left join lateral credential_state(
             ${accountId}::uuid, ${keyPrefix}::text, ${sessionDigest}::bytea, n.now
           ) c on true`);
  if (state === undefined) throw new Error("a select without conditions gave no row");
  const now = new Date(state.now);
  const unlimited = { monthlyLimitMicros: null, expiresAt: null };
  if (keyPrefix === null && sessionDigest === null)
    return { keyId: null, grant: { scopes: actor.scopes, ...unlimited }, now };
  if (state.scopes === null) throw new Unauthenticated();
  if (keyPrefix === null) return { keyId: null, grant: { scopes: state.scopes, ...unlimited }, now };

  const [own] = await tx
    .select({
      limit: apiKeys.monthlyLimitMicros,
      expiresAt: apiKeys.expiresAt,
      supersededAt: apiKeySecrets.expiresAt,
    })
    .from(apiKeySecrets)
    .innerJoin(apiKeys, eq(apiKeys.id, apiKeySecrets.keyId))
    .where(eq(apiKeySecrets.prefix, keyPrefix));
  if (own?.supersededAt !== null || !state.scopes.includes("keys")) throw new InsufficientScope("keys");
  const grant = { scopes: state.scopes, monthlyLimitMicros: own.limit, expiresAt: own.expiresAt };
  return { keyId: state.key_id, grant, now };
}

const spendable = ({ scopes, monthlyLimitMicros }: Grant): number =>
  scopes.includes("cast") ? (monthlyLimitMicros ?? Infinity) : 0;
const endOf = ({ expiresAt }: Grant): number => expiresAt?.getTime() ?? Infinity;

/**
 * Checks that what a key gains by a change is within what the asker has. Two keys of one limit spend twice as much as
 * one: who has a limit therefore lets nobody spend more, not even up to that limit.
 * @throws InsufficientScope, GrantExceeded
 */
export function checkGrant(own: Grant, before: Grant, after: Grant): void {
  const beyond = after.scopes.find((scope) => !before.scopes.includes(scope) && !own.scopes.includes(scope));
  // Scopes come from SCOPES only, in every table and input.
  if (beyond !== undefined) throw new InsufficientScope(beyond as Scope);
  if (endOf(after) > Math.max(endOf(before), endOf(own))) throw new GrantExceeded("expires_at");
  if (spendable(after) > spendable(before) && spendable(own) < Infinity)
    throw new GrantExceeded("monthly_limit_cents");
}
