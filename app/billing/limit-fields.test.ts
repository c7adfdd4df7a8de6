import { expect, test } from "vitest";
import { checkFields, fieldsOf, takeFields, type Settings } from "./limit-fields.ts";

const settings: Settings = {
  budget: null,
  is_chosen: false,
  card: null,
  min_limit_cents: 1_000,
  max_limit_cents: 50_000,
  default_limit_cents: 5_000,
  allowance_cents: 100,
};
const typed = (hard: string, soft = "", period = "monthly") => ({
  period,
  hard_limit: hard,
  soft_limit: soft,
});

test("the bounds belong to what may be chosen", () => {
  for (const [hard, cents] of [
    ["10", 1_000],
    ["500", 50_000],
  ] as const) {
    expect(checkFields(typed(hard, "", "daily"), settings)).toEqual({
      change: { period: "daily", hard_limit_cents: cents, soft_limit_cents: null },
    });
  }
  for (const hard of ["9.99", "500.01"]) {
    expect(checkFields(typed(hard), settings)).toEqual({ problems: { hard_limit: "bounds" } });
  }
});

test("a soft limit is an amount up to the limit", () => {
  expect(checkFields(typed("20", "20"), settings)).toMatchObject({ change: { soft_limit_cents: 2_000 } });
  expect(checkFields(typed("20", "20.01"), settings)).toEqual({ problems: { soft_limit: "above" } });
  expect(checkFields(typed("20", "half"), settings)).toEqual({ problems: { soft_limit: "unreadable" } });
});

test("each field has its own problem", () => {
  expect(checkFields(typed("", "1.234", "yearly"), settings)).toEqual({
    problems: { period: "period", hard_limit: "empty", soft_limit: "too-exact" },
  });
});

test("what an address does not hold is what stands", () => {
  const standing = fieldsOf(settings);
  expect(standing).toEqual(typed("50"));
  expect(takeFields(new URLSearchParams("hard_limit=70"), standing)).toEqual(typed("70"));
});
