/** Who presents this token? Proof only: what they may do is read by every request anew. */
import { eq } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { LuciaError } from "lucia";
import { apiKeys, apiKeySecrets } from "../../../drizzle/schema/index.ts";
import { keyMode } from "../../config.ts";
import type { Credential, Platform } from "../../context.ts";
import { parseKey } from "../keys/key-format.ts";
import { keyHmac, proveSecret } from "../keys/key-secret.ts";
import { createSessionKeeper, type SessionKeeper } from "./lucia.ts";
import { isToken, sessionDigest } from "./session-token.ts";

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

/** @throws whatever the database fails with */
async function findSession(keeper: SessionKeeper, presented: string): Promise<Credential | null> {
  try {
    const { user } = await keeper.validateSession(presented);
    // Lucia's users are ours, and their ids the accounts'.
    const accountId: string = user.userId;
    return { accountId, keyPrefix: null, sessionDigest: sessionDigest(presented) };
  } catch (error) {
    if (error instanceof LuciaError && error.message === "AUTH_INVALID_SESSION_ID") return null;
    throw error;
  }
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
  const keeper = createSessionKeeper(parts);

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
    if (!presented.startsWith("sk_")) {
      return isToken(presented) ? findSession(keeper, presented) : null;
    }
    const parsed = parseKey(presented);
    if (parsed?.mode !== mode) return null;
    const hmac = keyHmac(parts.config.KEY_PEPPER, presented);
    const name = hmac.toString("base64");
    const found = proven.get(name) ?? underWay.get(name) ?? prove(presented, parsed.prefix, hmac);
    if (found instanceof Promise) underWay.set(name, found);
    return found;
  };
}
