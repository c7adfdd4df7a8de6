import { eq } from "drizzle-orm";
import { budgets } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { NotFound } from "../../errors.ts";
import { requireScope } from "../identity/require-scope.ts";
import { viewBudget, type BudgetView } from "./budget-view.ts";

/** The budget in force. @throws NotFound for an account with neither card nor budget */
export async function getBudget(ctx: ServiceContext): Promise<BudgetView> {
  requireScope(ctx, "read");
  const [row] = await ctx.db.drizzle.select().from(budgets).where(eq(budgets.accountId, ctx.actor.accountId));
  if (row === undefined) throw new NotFound("budget_not_found");
  return viewBudget(row);
}
