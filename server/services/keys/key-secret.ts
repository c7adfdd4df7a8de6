/** How a key's text is stored and proved: a peppered HMAC, compared first, then Argon2id. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";

/** OWASP's parameters for Argon2id: 19 MiB, 2 passes, 1 lane (the library's default algorithm is Argon2id). */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export interface StoredSecret {
  readonly hmac: Uint8Array;
  readonly argon2: string;
}

/** HMAC-SHA-256 of a key's text under the server's pepper. */
export const keyHmac = (pepper: string, text: string): Buffer =>
  createHmac("sha256", Buffer.from(pepper, "base64url")).update(text).digest();

export async function storeSecret(pepper: string, text: string): Promise<StoredSecret> {
  return { hmac: keyHmac(pepper, text), argon2: await hash(text, ARGON2) };
}

/** True when the text is the one stored. Guessing fails at the HMAC, in constant time, and never reaches Argon2. */
export async function proveSecret(stored: StoredSecret, hmac: Buffer, text: string): Promise<boolean> {
  return (
    stored.hmac.length === hmac.length &&
    timingSafeEqual(stored.hmac, hmac) &&
    (await verify(stored.argon2, text))
  );
}
