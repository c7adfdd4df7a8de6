import { createRoute } from "@hono/zod-openapi";
import { budgetView } from "../services/budgets/budget-view.ts";
import { getBudget } from "../services/budgets/get.ts";
import { AUTHENTICATED, json, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerGetBudget({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "get",
    path: "/v1/budgets",
    tags: ["Budgets"],
    summary: "Your budget in force",
    security: SIGNED_IN,
    middleware: [guards.actor] as const,
    responses: { 200: json(budgetView, "The budget."), ...problems(...AUTHENTICATED, "budget_not_found") },
  });
  app.openapi(route, async (c) => c.json(await getBudget(serviceContext(platform, c)), 200));
}
