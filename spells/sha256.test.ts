import { createHash } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { asBytes, asText } from "../tests/support/sandbox.ts";
import { openSample } from "../tests/support/sample-spell.ts";

const sha256 = await openSample("sha256");
afterAll(() => sha256.close());

const digestOf = (text: string) =>
  JSON.stringify({ sha256: createHash("sha256").update(text, "utf8").digest("hex") });

test("the empty text and abc have the digests of FIPS 180-4", async () => {
  expect(await sha256.text({ text: "" })).toBe(
    '{"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}',
  );
  expect(await sha256.text({ text: "abc" })).toBe(
    '{"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}',
  );
});

test.each([0, 1, 54, 55, 56, 57, 63, 64, 65, 118, 119, 120, 127, 128, 129, 1_000, 65_536, 1_000_000])(
  "a text of %d bytes has the digest that node:crypto gives it",
  async (length) => {
    const text = "The quick brown fox. ".repeat(length / 21 + 1).slice(0, length);
    expect(await sha256.text({ text })).toBe(digestOf(text));
  },
);

test("every length of two blocks has the right digest", async () => {
  const texts = Array.from({ length: 129 }, (_, length) => "x".repeat(length));
  expect(await Promise.all(texts.map((text) => sha256.text({ text })))).toEqual(texts.map(digestOf));
});

test.each([
  "é",
  "日本語のテキスト",
  "😀👩‍👩‍👧🇯🇵",
  "e\u0301",
  '"quotes" and \\backslashes\\ and /slashes/',
  "\b\f\n\r\t\u0000\u001f\u007f\u2028\ufeff",
  "\uffff\u{10ffff}",
])("%j is hashed as its UTF-8", async (text) => {
  expect(await sha256.text({ text })).toBe(digestOf(text));
});

test.each(["\ud800", "a\udc00b", "\ud83d\ud83d\ude00", "\ude00\ud83d", "\ud800\\udc00"])(
  "%j, with half a surrogate pair, is hashed with the replacement character for it",
  async (text) => {
    expect(await sha256.text({ text })).toBe(digestOf(text));
  },
);

test.each([
  ["escapes for any character", '{"text":"\\u0061\\ud83d\\ude00\\/\\u00E9"}', "a😀/é"],
  ["spaces between its parts", ' {\t"text"\r\n: "abc" } ', "abc"],
  ["the member twice, of which the last counts", '{"text":"x","text":"abc"}', "abc"],
  ["the member's name in escapes", '{"\\u0074ext":"abc"}', "abc"],
])("a payload with %s is read as JSON", async (_what, json, text) => {
  const result = await sha256.castBytes(asBytes(json));
  expect(result.ending === "completed" && asText(result.output)).toBe(digestOf(text));
});

test.each([
  ["no text", {}],
  ["a number", { text: 1 }],
  ["a surplus member", { text: "", algorithm: "md5" }],
  ["no object", "abc"],
])("%s is refused before the program starts", async (_what, payload) => {
  expect(await sha256.cast(payload)).toMatchObject({ ending: "invalid-input", log: new Uint8Array() });
});
