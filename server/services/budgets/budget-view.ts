import { z } from "zod";
import type { budgets } from "../../../drizzle/schema/index.ts";
import { MICROS_PER_CENT } from "../../context.ts";

/** A budget as callers see it. */
export const budgetView = z.object({
  user_id: z.string(),
  period: z.enum(["daily", "monthly"]),
  soft_limit_cents: z.int().nullable(),
  hard_limit_cents: z.int(),
  notify_thresholds: z.array(z.int()),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

export type BudgetView = z.output<typeof budgetView>;

export function viewBudget(row: typeof budgets.$inferSelect): BudgetView {
  return {
    user_id: row.accountId,
    period: row.period,
    soft_limit_cents: row.softLimitMicros === null ? null : row.softLimitMicros / MICROS_PER_CENT,
    hard_limit_cents: row.hardLimitMicros / MICROS_PER_CENT,
    notify_thresholds: row.notifyThresholds,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
