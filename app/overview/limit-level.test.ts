import { expect, test } from "vitest";
import { limitLevel, percentSpent } from "./limit-level.ts";

const limit = (spent: number, hard: number) => ({ spent_micros: spent, hard_micros: hard });

test.each([
  [0, "below"],
  [699_999, "below"],
  [700_000, "most"],
  [899_999, "most"],
  [900_000, "nearly"],
  [999_999, "nearly"],
  [1_000_000, "full"],
  [1_200_000, "full"],
])("%d of a million micros is %s", (spent, level) => {
  expect(limitLevel(limit(spent, 1_000_000))).toBe(level);
});

test("a percent is whole only when it is reached", () => {
  expect(percentSpent(limit(9_999_999, 10_000_000))).toBe(99);
  expect(percentSpent(limit(0, 1))).toBe(0);
});

test("of a limit of nothing all is spent", () => {
  expect(limitLevel(limit(0, 0))).toBe("full");
});
