import type { budgets } from "../../../drizzle/schema/index.ts";
import type { Config } from "../../config.ts";
import { MICROS_PER_CENT } from "../../context.ts";

export const DEFAULT_THRESHOLDS = [70, 90];

/** The limits of an account with a card that chose none. */
export function defaultBudget(config: Pick<Config, "BUDGET_DEFAULT_CENTS">, accountId: string) {
  return {
    accountId,
    period: "monthly",
    softLimitMicros: null,
    hardLimitMicros: config.BUDGET_DEFAULT_CENTS * MICROS_PER_CENT,
    notifyThresholds: [...DEFAULT_THRESHOLDS],
  } satisfies typeof budgets.$inferInsert;
}
