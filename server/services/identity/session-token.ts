import { createHash } from "node:crypto";
import type { Random } from "../../context.ts";

/** 43 characters of base64url: 32 random bytes. Anything else is no token and is not looked up. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export const isToken = (text: string): boolean => TOKEN.test(text);

/** A new token, of a session or of a sign-up under way. */
export const makeToken = (random: Random): string => Buffer.from(random.bytes(32)).toString("base64url");

/** SHA-256 of a token: the only form in which one is stored. */
export const sessionDigest = (token: string): Buffer => createHash("sha256").update(token).digest();
