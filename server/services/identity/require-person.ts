import type { Actor } from "../../context.ts";
import { SessionRequired } from "../../errors.ts";

/** What only a signed-in person may do, whatever scopes a key has: gives their session's digest. @throws SessionRequired */
export function requirePerson({ actor }: { readonly actor: Actor }): Uint8Array {
  const { sessionDigest } = actor.credential;
  if (sessionDigest === null) throw new SessionRequired();
  return sessionDigest;
}
