import type { Actor, Credential, Platform, Scope } from "../../context.ts";
import { readCredential } from "../../db/requests.ts";
import { Unauthenticated } from "../../errors.ts";

/**
 * Turns a credential into an actor by reading its state now, and counts nothing: for pages, which are free of the rate.
 * @throws Unauthenticated when it was revoked or expired
 */
export async function readActor({ db, clock }: Platform, credential: Credential): Promise<Actor> {
  const scopes = await readCredential(db.sql, credential, clock.offsetMs);
  if (scopes === null) throw new Unauthenticated();
  // The table's scopes were validated against SCOPES when they were written.
  return { credential, accountId: credential.accountId, scopes: scopes as readonly Scope[] };
}
