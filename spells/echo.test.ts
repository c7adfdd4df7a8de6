import { afterAll, expect, test } from "vitest";
import { asBytes, asText } from "../tests/support/sandbox.ts";
import { openSample } from "../tests/support/sample-spell.ts";

const echo = await openSample("echo");
afterAll(() => echo.close());

test.each([
  [null],
  [false],
  [0],
  [-0.1e-7],
  [""],
  [[]],
  [{}],
  [{ hello: "world" }],
  ['日本 😀 \u0000 " \\ \ud800 \u2028'],
  [{ b: [1, { a: null }], a: "in this order", "": true }],
])("%j comes back as it went in", async (payload) => {
  expect(await echo.text(payload)).toBe(JSON.stringify(payload));
});

test("JSON comes back byte for byte, not as JavaScript would write it", async () => {
  for (const text of [
    "1.0",
    "1e2",
    '"\\u0041\\/"',
    '{"a":1,"a":2}',
    "123456789012345678901234567890",
    '{"__proto__":1}',
  ])
    expect(await echo.castBytes(asBytes(text))).toMatchObject({ ending: "completed", output: asBytes(text) });
});

test.each([65_535, 65_536, 65_537, 131_072, 1_000_000, 1_048_576])(
  "a payload of %d bytes, as large as what the program reads at once or larger, comes back whole",
  async (length) => {
    const text = JSON.stringify("0123456789".repeat(length / 10 + 1).slice(0, length - 2));
    const result = await echo.castBytes(asBytes(text));
    expect(result.ending === "completed" && asText(result.output) === text).toBe(true);
  },
);

test.each(["[", '{"a":'])(
  "a payload nested a thousand deep in %s comes back whole, one deeper does not",
  async (open) => {
    const [depth, close] = [1_000, open === "[" ? "]" : "}"];
    const deeper = `${open.repeat(depth + 1)}0${close.repeat(depth + 1)}`;
    expect((await echo.castBytes(asBytes(deeper))).ending).toBe("invalid-output");
    const text = `${open.repeat(depth)}0${close.repeat(depth)}`;
    const result = await echo.castBytes(asBytes(text));
    expect(result.ending === "completed" && asText(result.output) === text).toBe(true);
  },
);
