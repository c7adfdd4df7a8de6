/** Who presents this token? Proof only: what they may do is read by every request anew. */
import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { apiKeys, apiKeySecrets, sessions } from "../../../drizzle/schema/index.ts";
import { keyMode } from "../../config.ts";
import type { Credential, Platform } from "../../context.ts";
import { parseKey } from "../keys/key-format.ts";
import { keyHmac, proveSecret } from "../keys/key-secret.ts";

const REMEMBERED_KEYS = 100_000;

/** Session tokens are 43 characters of base64url; anything else is not looked up. */
const SESSION_TOKEN = /^[A-Za-z0-9_-]{43}$/;

export type Authenticate = (presented: string) => Promise<Credential | null>;

/** SHA-256 of a session's token: the only form in which it is stored. */
export const sessionDigest = (token: string): Buffer => createHash("sha256").update(token).digest();

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

async function findSession({ db }: Parts, presented: string): Promise<Credential | null> {
  const digest = sessionDigest(presented);
  const [session] = await db.drizzle
    .select({ accountId: sessions.accountId })
    .from(sessions)
    .where(eq(sessions.tokenDigest, digest));
  return session === undefined
    ? null
    : { accountId: session.accountId, keyPrefix: null, sessionDigest: digest };
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
      return SESSION_TOKEN.test(presented) ? findSession(parts, presented) : null;
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
