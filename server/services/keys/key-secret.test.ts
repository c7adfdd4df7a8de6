import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { keyHmac, proveSecret, storeSecret } from "./key-secret.ts";

const pepper = () => randomBytes(32).toString("base64url");
const PEPPER = pepper();
const TEXT = "sk_test_0123456789_the-secret-of-these-tests";

test("the HMAC is HMAC-SHA-256 under the pepper's bytes, as RFC 4231 gives it", () => {
  const jefe = Buffer.from("Jefe").toString("base64url");
  expect(keyHmac(jefe, "what do ya want for nothing?").toString("hex")).toBe(
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  );
  const bytes = Buffer.alloc(20, 0x0b).toString("base64url");
  expect(keyHmac(bytes, "Hi There").toString("hex")).toBe(
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  );
});

test("what is stored proves its text and no other", async () => {
  const stored = await storeSecret(PEPPER, TEXT);
  expect(await proveSecret(stored, keyHmac(PEPPER, TEXT), TEXT)).toBe(true);
  const other = `${TEXT}x`;
  expect(await proveSecret(stored, keyHmac(PEPPER, other), other)).toBe(false);
});

test("what is stored holds neither the text nor the pepper, and is salted", async () => {
  const [first, second] = [await storeSecret(PEPPER, TEXT), await storeSecret(PEPPER, TEXT)];
  expect(first.argon2).not.toBe(second.argon2);
  for (const { hmac, argon2 } of [first, second]) {
    const all = Buffer.concat([hmac, Buffer.from(argon2)]).toString("latin1");
    for (const secret of [TEXT, PEPPER, Buffer.from(PEPPER, "base64url").toString("latin1")])
      expect(all).not.toContain(secret);
  }
});

test("the slow hash is Argon2id with 19 MiB and two passes", async () => {
  expect((await storeSecret(PEPPER, TEXT)).argon2).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test("a text proved under another pepper is refused", async () => {
  const stored = await storeSecret(PEPPER, TEXT);
  expect(await proveSecret(stored, keyHmac(pepper(), TEXT), TEXT)).toBe(false);
});

test("a guess fails at the HMAC and never reaches the slow hash", async () => {
  const stored = { hmac: keyHmac(PEPPER, TEXT), argon2: "no hash: reading it would throw" };
  expect(await proveSecret(stored, keyHmac(PEPPER, "guess"), "guess")).toBe(false);
  await expect(proveSecret(stored, keyHmac(PEPPER, TEXT), TEXT)).rejects.toThrow();
});

test("the right HMAC alone is not enough", async () => {
  const { argon2 } = await storeSecret(PEPPER, "another text");
  expect(await proveSecret({ hmac: keyHmac(PEPPER, TEXT), argon2 }, keyHmac(PEPPER, TEXT), TEXT)).toBe(false);
});

test("a stored HMAC of another length is refused without an exception", async () => {
  const { hmac, argon2 } = await storeSecret(PEPPER, TEXT);
  for (const length of [0, 31]) {
    const stored = { hmac: hmac.subarray(0, length), argon2 };
    expect(await proveSecret(stored, keyHmac(PEPPER, TEXT), TEXT)).toBe(false);
  }
});
