import { expect, test } from "vitest";
import { castsOf } from "./invoice.ts";

test("a line leads to all days of its month", () => {
  expect(castsOf("echo", "2026-11")).toBe("/dashboard/casts?spell=echo&from=2026-11-01&to=2026-11-30");
  expect(castsOf("echo", "2026-12")).toContain("to=2026-12-31");
  expect(castsOf("echo", "2028-02")).toContain("to=2028-02-29");
});
