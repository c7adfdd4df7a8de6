import { expect, test } from "vitest";
import { formatsOf } from "./formats.ts";

test("the amounts of a column have as many digits as the longest one needs, and at least two", () => {
  const column = [46_000, 40_000, 100, 0];
  expect(column.map(formatsOf("en").microsIn(column))).toEqual(["$0.0460", "$0.0400", "$0.0001", "$0.0000"]);
  expect(formatsOf("ja").microsIn([1_000_000])(1_000_000)).toBe("$1.00");
  expect(formatsOf("en").microsIn([])(0)).toBe("$0.00");
});

test("days are written alike with and without a time", () => {
  const moment = "2026-11-01T09:05:00Z";
  const { day, dayAndTime } = formatsOf("ja");
  expect(dayAndTime(moment)).toBe(`${day(moment)} 09:05 UTC`);
  expect(formatsOf("en").day(moment)).toBe("Nov 1, 2026");
});
