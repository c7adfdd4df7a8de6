/**
 * The text of an API key: `sk_test_` or `sk_live_`, a prefix of 10 characters that names it, `_`, 43 characters of
 * secret, and 6 of checksum, all base62. The checksum is the CRC-32 of everything before it, so that a mistyped
 * key is known to be wrong without asking anybody, and scanners of leaked secrets can tell one from chance.
 */
import { crc32 } from "node:zlib";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PREFIX_LENGTH = 10;
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const PATTERN = /^sk_(live|test)_([0-9A-Za-z]{10})_[0-9A-Za-z]{49}$/;

export type KeyMode = "live" | "test";

export interface ParsedKey {
  readonly mode: KeyMode;
  readonly prefix: string;
}

/** Uniform characters: bytes of 248 and more, which would favour the first letters, are thrown away. */
function randomText(length: number, bytes: (count: number) => Uint8Array): string {
  let text = "";
  while (text.length < length) {
    for (const byte of bytes(length * 2)) {
      if (byte < 248 && text.length < length) text += ALPHABET.charAt(byte % 62);
    }
  }
  return text;
}

function checksum(text: string): string {
  let rest = crc32(text);
  let digits = "";
  for (let i = 0; i < CHECKSUM_LENGTH; i += 1) {
    digits = ALPHABET.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** Makes a new key's text; `bytes` must be cryptographically random. */
export function makeKey(
  mode: KeyMode,
  bytes: (count: number) => Uint8Array,
): { prefix: string; text: string } {
  const prefix = randomText(PREFIX_LENGTH, bytes);
  const body = `sk_${mode}_${prefix}_${randomText(SECRET_LENGTH, bytes)}`;
  return { prefix, text: body + checksum(body) };
}

/** Reads a presented key; null when its shape or checksum is wrong. */
export function parseKey(text: string): ParsedKey | null {
  const [, mode, prefix] = PATTERN.exec(text) ?? [];
  if ((mode !== "live" && mode !== "test") || prefix === undefined) return null;
  if (text.slice(-CHECKSUM_LENGTH) !== checksum(text.slice(0, -CHECKSUM_LENGTH))) return null;
  return { mode, prefix };
}
