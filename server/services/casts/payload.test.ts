import { expect, test } from "vitest";
import { readConfig, type Config } from "../../config.ts";
import { InvalidRequest, PayloadTooLarge } from "../../errors.ts";
import { decodeResult, encodePayload } from "./payload.ts";

const SECRET = "s".repeat(43);

const withLimit = (bytes: number): Config =>
  readConfig({
    NODE_ENV: "test",
    DATABASE_URL: "postgres://localhost/none",
    KEY_PEPPER: SECRET,
    RECEIPT_KEY: SECRET,
    CAST_PAYLOAD_BYTES: String(bytes),
  });
const CONFIG = withLimit(1_048_576);

const encoded = (payload: unknown, config = CONFIG) => Buffer.from(encodePayload(config, payload)).toString();
const bytesOf = (text: string) => new TextEncoder().encode(text);

test.each([
  ["null", null],
  ["false", false],
  ["0", 0],
  ['""', ""],
  ["[]", []],
  ["{}", {}],
])("a payload as empty as %s reaches the program", (text, payload) => {
  expect(encoded(payload)).toBe(text);
});

test("a payload is compact JSON with its members in their order", () => {
  const text = '{"b":[1,2.5,null,true],"a":{"é":"日本 😀\\n\\"\\u0000"}}';
  expect(encoded(JSON.parse(text))).toBe(text);
  expect(encoded(JSON.parse(' { "b" : [ 1 , 2 ] } '))).toBe('{"b":[1,2]}');
});

test("a member that JavaScript keeps for itself is passed on like any other", () => {
  const text = '{"__proto__":{"isAdmin":true},"toJSON":1}';
  expect(encoded(JSON.parse(text))).toBe(text);
});

test("halves of surrogate pairs are escaped: what the program reads is UTF-8", () => {
  const payload = "a\ud800b\udc00c\ud83d\ude00";
  expect(encoded(payload)).toBe('"a\\ud800b\\udc00c😀"');
  expect(JSON.parse(encoded(payload))).toBe(payload);
});

test("a payload of exactly the limit is taken, one byte more is not", () => {
  const config = withLimit(10);
  expect(encoded("12345678", config)).toBe('"12345678"');
  expect(() => encodePayload(config, "123456789")).toThrow(new PayloadTooLarge(10));
});

test("the limit counts bytes, not characters", () => {
  expect(encoded("ééé", withLimit(8))).toBe('"ééé"');
  expect(() => encodePayload(withLimit(7), "ééé")).toThrow(PayloadTooLarge);
});

test("white space of the request does not count", () => {
  expect(encoded(JSON.parse(`[1${" ".repeat(1_000)}]`), withLimit(3))).toBe("[1]");
});

const nested = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth));

test("a payload nested a thousand deep is taken", () => {
  expect(encoded(nested(1_000))).toBe("[".repeat(1_000) + "]".repeat(1_000));
});

test("a payload nested beyond the stack is the caller's mistake", () => {
  expect(() => encodePayload(CONFIG, nested(500_000))).toThrow(InvalidRequest);
  expect(() => encodePayload(CONFIG, nested(500_000))).toThrow("payload: is nested too deeply");
});

test.each(["application/json", "application/geo+json"])("output of %s is its JSON value", (contentType) => {
  expect(decodeResult(contentType, bytesOf('{"a":["é",1e3,null]}'))).toEqual({ a: ["é", 1000, null] });
});

test.each(["text/plain", "text/html", "image/svg+xml"])(
  "output of %s is a string as it stands",
  (contentType) => {
    expect(decodeResult(contentType, bytesOf('{"not": parsed}\n日本'))).toBe('{"not": parsed}\n日本');
    expect(decodeResult(contentType, new Uint8Array())).toBe("");
  },
);

test.each(["image/png", "application/octet-stream", "application/jsonp"])(
  "output of %s is base64",
  (contentType) => {
    expect(decodeResult(contentType, Uint8Array.of(0, 255, 254, 10))).toEqual({ base64: "AP/+Cg==" });
    expect(decodeResult(contentType, new Uint8Array())).toEqual({ base64: "" });
  },
);

test("output in a view of a larger buffer is cut to itself", () => {
  const larger = bytesOf("xx[1]yy");
  expect(decodeResult("application/json", larger.subarray(2, 5))).toEqual([1]);
  expect(decodeResult("image/png", larger.subarray(2, 5))).toEqual({
    base64: Buffer.from("[1]").toString("base64"),
  });
});
