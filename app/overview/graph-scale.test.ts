import { expect, test } from "vitest";
import { daysUntil, isNumbered, topOf } from "./graph-scale.ts";

test.each([
  [[], 10_000],
  [[0, 3], 10_000],
  [[10_000], 10_000],
  [[10_001], 20_000],
  [[20_001, 5], 50_000],
  [[50_001], 100_000],
  [[1_000_000], 1_000_000],
  [[123_456_789], 200_000_000],
])("an axis for %j ends at %d", (amounts, top) => {
  expect(topOf(amounts)).toBe(top);
});

test("a month has all its days", () => {
  expect(daysUntil("2028-02-29")).toHaveLength(29);
  expect(daysUntil("2026-11-30")[8]).toBe("2026-11-09");
});

test("today is numbered, and no number stands so near that both could not be read", () => {
  const numbered = (today: number) =>
    Array.from({ length: 30 }, (_, i) => i + 1).filter((d) => isNumbered(d, today));
  expect(numbered(16)).toEqual([1, 5, 10, 16, 20, 25, 30]);
  expect(numbered(1)).toEqual([1, 5, 10, 15, 20, 25, 30]);
});
