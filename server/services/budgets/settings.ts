import { eq } from "drizzle-orm";
import { z } from "zod";
import { budgets } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { cardView, readCard, type CardView } from "../billing/read-card.ts";
import { requireScope } from "../identity/require-scope.ts";
import { budgetView, viewBudget } from "./budget-view.ts";
import { defaultBudget } from "./default-budget.ts";

/** What a person may set, and what stands. */
export const settingsView = z.object({
  budget: budgetView.nullable().describe("Null for an account with neither card nor budget."),
  is_chosen: z.boolean().describe("A reset would change what is in force."),
  card: cardView.nullable(),
  min_limit_cents: z.int(),
  max_limit_cents: z.int(),
  default_limit_cents: z.int().describe("A month's limit of an account with a card that chose none."),
  allowance_cents: z.int().describe("What may be spent in a month without a card."),
});

export type SettingsView = z.output<typeof settingsView>;
type BudgetRow = typeof budgets.$inferSelect;

/** With a card the default is in force again after a reset; without one a reset takes away any budget. */
function isChosen({ config }: ServiceContext, budget: BudgetRow, card: CardView | null): boolean {
  if (card === null) return true;
  const standard = defaultBudget(config, budget.accountId);
  return (
    budget.period !== standard.period ||
    budget.hardLimitMicros !== standard.hardLimitMicros ||
    budget.softLimitMicros !== standard.softLimitMicros ||
    budget.notifyThresholds.join() !== standard.notifyThresholds.join()
  );
}

/** The settings of an account whose rows are read. */
export function viewSettings(
  ctx: ServiceContext,
  budget: BudgetRow | null,
  card: CardView | null,
): SettingsView {
  const { config } = ctx;
  return {
    budget: budget === null ? null : viewBudget(budget),
    is_chosen: budget !== null && isChosen(ctx, budget, card),
    card,
    min_limit_cents: config.BUDGET_MIN_CENTS,
    max_limit_cents: config.BUDGET_MAX_CENTS,
    default_limit_cents: config.BUDGET_DEFAULT_CENTS,
    allowance_cents: config.FREE_ALLOWANCE_CENTS,
  };
}

/** What bounds the account's spending, and within which amounts the account may choose. */
export async function readSettings(ctx: ServiceContext): Promise<SettingsView> {
  requireScope(ctx, "read");
  const { db, actor } = ctx;
  const [[budget], card] = await Promise.all([
    db.drizzle.select().from(budgets).where(eq(budgets.accountId, actor.accountId)),
    readCard(ctx),
  ]);
  return viewSettings(ctx, budget ?? null, card);
}
