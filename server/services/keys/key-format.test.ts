import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { makeKey, parseKey } from "./key-format.ts";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** CRC-32 bit by bit, as ISO 3309 states it, in base62: the tests' own reckoning of a checksum. */
function checksumOf(text: string): string {
  let register = 0xffff_ffff;
  for (const byte of Buffer.from(text)) {
    register ^= byte;
    for (let bit = 0; bit < 8; bit += 1) register = (register >>> 1) ^ (register & 1 ? 0xedb8_8320 : 0);
  }
  let rest = BigInt((register ^ 0xffff_ffff) >>> 0);
  let digits = "";
  for (; digits.length < 6; rest /= 62n) digits = BASE62.charAt(Number(rest % 62n)) + digits;
  return digits;
}

/** A source of given bytes, which begins anew when they are used up. */
function repeating(values: readonly number[]) {
  let next = 0;
  return (count: number) =>
    Uint8Array.from({ length: count }, () => {
      next += 1;
      return values[(next - 1) % values.length] ?? 0;
    });
}

const { text: KEY } = makeKey("test", repeating([7, 61, 30, 44, 99, 3]));

test.each(["live", "test"] as const)("a new %s key has the stated shape and is read back", (mode) => {
  const { prefix, text } = makeKey(mode, randomBytes);
  expect(text).toMatch(new RegExp(`^sk_${mode}_${prefix}_[0-9A-Za-z]{49}$`));
  expect(prefix).toMatch(/^[0-9A-Za-z]{10}$/);
  expect(parseKey(text)).toEqual({ mode, prefix });
});

test("keys differ", () => {
  const texts = Array.from({ length: 1_000 }, () => makeKey("test", randomBytes));
  expect(new Set(texts.map(({ text }) => text)).size).toBe(1_000);
  expect(new Set(texts.map(({ prefix }) => prefix)).size).toBe(1_000);
});

test("a key ends with the CRC-32 of all that stands before it", () => {
  for (const { text } of Array.from({ length: 100 }, () => makeKey("live", randomBytes)))
    expect(text.slice(-6)).toBe(checksumOf(text.slice(0, -6)));
});

test("a checksum with leading zeros keeps its six characters", () => {
  const body = (n: number) => `sk_test_${String(n).padStart(10, "0")}_${"0".repeat(43)}`;
  const small = Array.from({ length: 2_000 }, (_, n) => body(n)).find((text) =>
    checksumOf(text).startsWith("00"),
  );
  expect(parseKey(`${small}${checksumOf(small ?? "")}`)).not.toBeNull();
});

test("each character stands for the same number of bytes, and the bytes left over are thrown away", () => {
  const all = Array.from({ length: 248 }, (_, byte) => byte);
  const drawn = Array.from({ length: 4 * 62 }, (_, i) =>
    makeKey("test", repeating(all.slice(i))).prefix.charAt(0),
  );
  expect([...new Set(drawn)].map((letter) => drawn.filter((other) => other === letter).length)).toEqual(
    new Array(62).fill(4),
  );
  expect(makeKey("test", repeating([248, 61, 255, 0, 250])).prefix).toBe("z0z0z0z0z0");
});

test("when the source gives nothing usable it is asked again", () => {
  let calls = 0;
  const { prefix } = makeKey("test", (count) => {
    calls += 1;
    return new Uint8Array(count).fill(calls === 1 ? 255 : 10);
  });
  expect(prefix).toBe("AAAAAAAAAA");
});

test("a key with any one character mistyped is refused by its checksum", () => {
  for (let at = 0; at < KEY.length; at += 1) {
    for (const letter of BASE62) {
      if (letter === KEY.charAt(at)) continue;
      expect(parseKey(KEY.slice(0, at) + letter + KEY.slice(at + 1)), `${letter} at ${at}`).toBeNull();
    }
  }
});

test("a key with two neighbouring characters swapped is refused", () => {
  for (let at = 0; at + 1 < KEY.length; at += 1) {
    const swapped = KEY.slice(0, at) + KEY.charAt(at + 1) + KEY.charAt(at) + KEY.slice(at + 2);
    if (swapped !== KEY) expect(parseKey(swapped)).toBeNull();
  }
});

test("a live key's text is not a test key's", () => {
  expect(parseKey(KEY.replace("sk_test_", "sk_live_"))).toBeNull();
});

/** A text whose checksum is right, so that only its shape can be wrong. */
const sealed = (body: string) => body + checksumOf(body);

test.each([
  ["nothing", ""],
  ["another mode", sealed(`sk_prod_${"a".repeat(10)}_${"b".repeat(43)}`)],
  ["a mode in capitals", sealed(`sk_TEST_${"a".repeat(10)}_${"b".repeat(43)}`)],
  ["a short prefix", sealed(`sk_test_${"a".repeat(9)}_${"b".repeat(43)}`)],
  ["a long prefix", sealed(`sk_test_${"a".repeat(11)}_${"b".repeat(43)}`)],
  ["a short secret", sealed(`sk_test_${"a".repeat(10)}_${"b".repeat(42)}`)],
  ["a long secret", sealed(`sk_test_${"a".repeat(10)}_${"b".repeat(44)}`)],
  ["a character outside base62", sealed(`sk_test_${"a".repeat(10)}_${"b".repeat(42)}-`)],
  ["letters that only look like ours", sealed(`sk_test_${"а".repeat(10)}_${"b".repeat(43)}`)],
  ["a space before", ` ${KEY}`],
  ["a line end after", `${KEY}\n`],
  ["a key twice", KEY + KEY],
])("%s is no key", (_what, text) => {
  expect(parseKey(text)).toBeNull();
});

test("a text of the right shape and checksum is a key, whoever made it", () => {
  expect(parseKey(sealed(`sk_live_${"Az0".repeat(3)}9_${"b".repeat(43)}`))).toEqual({
    mode: "live",
    prefix: "Az0Az0Az09",
  });
});
