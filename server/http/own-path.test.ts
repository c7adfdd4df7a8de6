import { expect, test } from "vitest";
import { ownPath } from "./own-path.ts";

test.each(["/", "/dashboard", "/dashboard/casts?status=FAILED&cursor=a%20b", "/a/%2F%2Fb"])(
  "%s is a page of our own",
  (path) => {
    expect(ownPath(path)).toBe(path);
  },
);

test.each([
  "",
  "dashboard",
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "/\n//evil.example",
  "/.//evil.example",
  "/x/..//evil.example",
  "https://evil.example/",
  "javascript:alert(1)",
  `/${"a".repeat(2_000)}`,
])("%j leads nowhere", (path) => {
  expect(ownPath(path)).toBeNull();
});

test("what is no text leads nowhere", () => {
  expect([ownPath(null), ownPath(undefined)]).toEqual([null, null]);
});
