import { z } from "zod";
import { MICROS_PER_CENT, type ServiceContext } from "../../context.ts";
import { requireScope } from "../identity/require-scope.ts";
import { leftOf, readStanding, type Standing } from "./standing.ts";

/** What was used in the present period, and what is left of the tightest limit of the account. */
export const usageView = z.object({
  user_id: z.string(),
  period: z.enum(["daily", "monthly"]),
  period_start: z.iso.datetime(),
  period_end: z.iso.datetime(),
  total_calls: z.int(),
  total_cost_cents: z.int(),
  total_cost_micros: z.int(),
  reserved_cents: z.int().describe("Held for casts that run now."),
  remaining_cents: z.int().describe("Of the limit in force that has least left."),
  soft_limit_cents: z.int().nullable(),
  hard_limit_cents: z.int(),
});

export type UsageView = z.output<typeof usageView>;

const centsUp = (micros: number) => Math.ceil(micros / MICROS_PER_CENT);

/** A UTC day's or month's first instant and the next one's. */
export function boundsOf(period: "daily" | "monthly", now: Date): [start: Date, end: Date] {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  return period === "daily"
    ? [new Date(Date.UTC(year, month, day)), new Date(Date.UTC(year, month, day + 1))]
    : [new Date(Date.UTC(year, month, 1)), new Date(Date.UTC(year, month + 1, 1))];
}

/** Usage of the budget's period in a standing that was read: the month for an account without a budget. */
export function usageIn({ actor }: ServiceContext, standing: Standing): UsageView {
  const { now, budget, tightest, day, month } = standing;
  const period = budget?.period ?? "monthly";
  const [start, end] = boundsOf(period, now);
  const figures = period === "daily" ? day : month;
  return {
    user_id: actor.accountId,
    period,
    period_start: start.toISOString(),
    period_end: end.toISOString(),
    total_calls: figures.calls,
    total_cost_cents: centsUp(figures.settledMicros),
    total_cost_micros: figures.settledMicros,
    reserved_cents: centsUp(figures.heldMicros),
    remaining_cents: Math.max(Math.floor(leftOf(tightest) / MICROS_PER_CENT), 0),
    soft_limit_cents: budget?.softLimitMicros == null ? null : budget.softLimitMicros / MICROS_PER_CENT,
    hard_limit_cents: Math.min(budget?.hardLimitMicros ?? Infinity, tightest.hardMicros) / MICROS_PER_CENT,
  };
}

/** Usage of the present period. Spent cents are rounded up. */
export async function readUsage(ctx: ServiceContext): Promise<UsageView> {
  requireScope(ctx, "read");
  return usageIn(ctx, await readStanding(ctx));
}
