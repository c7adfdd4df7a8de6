/** Who presents this token? Proof only: what they may do is read by every request anew. */
import { eq } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { apiKeys, apiKeySecrets } from "../../../drizzle/schema/index.ts";
import { keyMode } from "../../config.ts";
import type { Credential, Platform } from "../../context.ts";
import { parseKey } from "../keys/key-format.ts";
import { keyHmac, proveSecret } from "../keys/key-secret.ts";
import { createSessionFinder } from "./find-session.ts";

const REMEMBERED_KEYS = 100_000;

export type Authenticate = (presented: string) => Promise<Credential | null>;

type Parts = Pick<Platform, "db" | "config">;

async function proveKey({ db }: Pick<Platform, "db">, presented: string, prefix: string, hmac: Buffer) {
  const [stored] = await db.drizzle
    .select({ hmac: apiKeySecrets.hmac, argon2: apiKeySecrets.argon2, accountId: apiKeys.accountId })
    .from(apiKeySecrets)
    .innerJoin(apiKeys, eq(apiKeys.id, apiKeySecrets.keyId))
    .where(eq(apiKeySecrets.prefix, prefix));
  if (stored === undefined || !(await proveSecret(stored, hmac, presented))) return null;
  return { accountId: stored.accountId, keyPrefix: prefix, sessionDigest: null };
}

/**
 * Makes the authenticator of a process. It remembers keys whose Argon2 verdict was good, by keyed hash and in bounded
 * number, because that verdict cannot change; it remembers no state, so a revoked key is refused by what comes next.
 * First uses of one key at once are proved together.
 */
export function createAuthenticator(parts: Parts, { remembered = REMEMBERED_KEYS } = {}): Authenticate {
  const proven = new LRUCache<string, Credential>({ max: remembered });
  const underWay = new Map<string, Promise<Credential | null>>();
  const mode = keyMode(parts.config);
  const findSession = createSessionFinder(parts);

  const prove = async (presented: string, prefix: string, hmac: Buffer): Promise<Credential | null> => {
    const name = hmac.toString("base64");
    try {
      const credential = await proveKey(parts, presented, prefix, hmac);
      if (credential !== null) proven.set(name, credential);
      return credential;
    } finally {
      underWay.delete(name);
    }
  };

  return async (presented) => {
    if (!presented.startsWith("sk_")) return (await findSession(presented))?.actor.credential ?? null;
    const parsed = parseKey(presented);
    if (parsed?.mode !== mode) return null;
    const hmac = keyHmac(parts.config.KEY_PEPPER, presented);
    const name = hmac.toString("base64");
    const found = proven.get(name) ?? underWay.get(name) ?? prove(presented, parsed.prefix, hmac);
    if (found instanceof Promise) underWay.set(name, found);
    return found;
  };
}
