import { changeBudgetInput, replaceBudgetInput } from "../services/budgets/budget-input.ts";
import { getBudget } from "../services/budgets/get.ts";
import { resetBudget } from "../services/budgets/reset.ts";
import { readSettings } from "../services/budgets/settings.ts";
import { changeBudget, replaceBudget } from "../services/budgets/set.ts";
import { readUsage } from "../services/budgets/usage.ts";
import { actorProcedure, router } from "./context.ts";

export const budgetsRouter = router({
  get: actorProcedure.query(({ ctx }) => getBudget(ctx.service)),
  settings: actorProcedure.query(({ ctx }) => readSettings(ctx.service)),
  replace: actorProcedure
    .input(replaceBudgetInput)
    .mutation(({ ctx, input }) => replaceBudget(ctx.service, input)),
  change: actorProcedure
    .input(changeBudgetInput)
    .mutation(({ ctx, input }) => changeBudget(ctx.service, input)),
  reset: actorProcedure.mutation(({ ctx }) => resetBudget(ctx.service)),
  usage: actorProcedure.query(({ ctx }) => readUsage(ctx.service)),
});
