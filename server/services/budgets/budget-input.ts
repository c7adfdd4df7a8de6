/** What callers may say of a budget. The bounds of the hard limit are configuration, checked by the verb. */
import { z } from "zod";
import { DEFAULT_THRESHOLDS } from "./default-budget.ts";

const period = z.enum(["daily", "monthly"]);
const cents = z.int().min(0).max(100_000_000);
const thresholds = z
  .array(z.int().min(1).max(100))
  .max(10)
  .transform((percents) => [...new Set(percents)].sort((a, b) => a - b));

/** A whole budget, in the place of whatever was there. */
export const replaceBudgetInput = z.strictObject({
  period: period.default("monthly"),
  soft_limit_cents: cents.nullable().default(null).describe("Passing it notifies; not above the hard limit."),
  hard_limit_cents: cents.describe("What does not fit below it is refused. The operator sets its bounds."),
  notify_thresholds: thresholds
    .default([...DEFAULT_THRESHOLDS])
    .describe("Percents of the hard limit, each notified once in a period."),
});

/** Some fields of the budget in force; the others stay. */
export const changeBudgetInput = z
  .strictObject({
    period: period.optional(),
    soft_limit_cents: cents.nullable().optional(),
    hard_limit_cents: cents.optional(),
    notify_thresholds: thresholds.optional(),
  })
  .refine((input) => Object.keys(input).length > 0, { message: "name at least one field to change" });

export type ReplaceBudgetInput = z.output<typeof replaceBudgetInput>;
export type ChangeBudgetInput = z.output<typeof changeBudgetInput>;
