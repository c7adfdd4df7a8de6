import { expect, test } from "vitest";
import { showResult } from "./shown-result.server.ts";

test("text is shown as it is, and JSON indented", () => {
  expect(showResult("text/plain", "a\nb")).toEqual({ kind: "text", text: "a\nb", isCut: false });
  expect(showResult("application/json", { a: [1] })).toMatchObject({
    kind: "json",
    text: '{\n  "a": [\n    1\n  ]\n}',
  });
  expect(showResult("application/json", "text/plain")).toMatchObject({ kind: "json", text: '"text/plain"' });
});

test("a drawing is an image of its own, and text beside it", () => {
  const svg = "<svg><script>alert(1)</script></svg>";
  const shown = showResult("image/svg+xml", svg);
  expect(shown).toMatchObject({ kind: "svg", text: svg });
  const href = "href" in shown ? String(shown.href) : "";
  expect(Buffer.from(href.replace("data:image/svg+xml;base64,", ""), "base64").toString()).toBe(svg);
  expect(showResult("image/svg+xml", "x".repeat(400_000))).toMatchObject({ href: null, isCut: true });
});

test("bytes are shown by their number, and JSON with a member base64 is JSON", () => {
  const result = { base64: Buffer.from([1, 2, 3]).toString("base64") };
  expect(showResult("application/octet-stream", result)).toEqual({ kind: "bytes", bytes: 3 });
  expect(showResult("application/json", result)).toMatchObject({ kind: "json" });
});

test("what is too long or too deep to read takes no more room than it has", () => {
  expect(showResult("text/plain", "x".repeat(60_000))).toMatchObject({ isCut: true });
  const nested = (depth: number) => JSON.parse("[".repeat(depth) + "]".repeat(depth)) as unknown;
  expect(showResult("application/json", nested(1_000))).toMatchObject({
    text: "[".repeat(1_000) + "]".repeat(1_000),
  });
  expect(showResult("application/json", nested(400_000))).toMatchObject({ kind: "json", isCut: true });
  expect(showResult("application/json", ["[[".repeat(100), '"\\"['])).toMatchObject({
    text: expect.stringContaining("\n") as string,
  });
});
