/** How a key's text is stored and proved: a peppered HMAC, compared first, then Argon2id. */
import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import { LRUCache } from "lru-cache";
import { createTurns, type Turns } from "./take-turns.ts";

/** OWASP's parameters for Argon2id: 19 MiB, 2 passes, 1 lane (the library's default algorithm is Argon2id). */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Each hash takes 19 MiB and a thread of the runtime's four, which files and names need too: a thousand first uses at
 * once wait for each other, not everything else for them.
 */
const turns = createTurns({ width: 2, maxWaiting: 1_000 });

/** How many hashes are being made in this process, and how many wait. */
export const hashing: Pick<Turns, "running" | "waiting"> = turns;

export interface StoredSecret {
  readonly hmac: Uint8Array;
  readonly argon2: string;
}

/** A process has one pepper; made into a key for each request, it costs six times what the HMAC does. */
const pepperKeys = new LRUCache<string, KeyObject>({ max: 8 });

function pepperKey(pepper: string): KeyObject {
  const known = pepperKeys.get(pepper);
  if (known !== undefined) return known;
  const key = createSecretKey(Buffer.from(pepper, "base64url"));
  pepperKeys.set(pepper, key);
  return key;
}

/** HMAC-SHA-256 of a key's text under the server's pepper. */
export const keyHmac = (pepper: string, text: string): Buffer =>
  createHmac("sha256", pepperKey(pepper)).update(text).digest();

export async function storeSecret(pepper: string, text: string): Promise<StoredSecret> {
  return { hmac: keyHmac(pepper, text), argon2: await turns.take(() => hash(text, ARGON2)) };
}

/** True when the text is the one stored. Guessing fails at the HMAC, in constant time, and never reaches Argon2. */
export async function proveSecret(stored: StoredSecret, hmac: Buffer, text: string): Promise<boolean> {
  return (
    stored.hmac.length === hmac.length &&
    timingSafeEqual(stored.hmac, hmac) &&
    (await turns.take(() => verify(stored.argon2, text)))
  );
}
