import { createRoute } from "@hono/zod-openapi";
import { replaceBudgetInput } from "../services/budgets/budget-input.ts";
import { budgetView } from "../services/budgets/budget-view.ts";
import { replaceBudget } from "../services/budgets/set.ts";
import { AUTHENTICATED, BODY, json, jsonBody, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerReplaceBudget({ app, platform, guards, limitBody }: RestParts): void {
  const route = createRoute({
    method: "post",
    path: "/v1/budgets",
    tags: ["Budgets"],
    summary: "Replace your budget",
    description: "In force for the next cast.",
    security: SIGNED_IN,
    middleware: [guards.actor, limitBody] as const,
    request: jsonBody(replaceBudgetInput),
    responses: { 201: json(budgetView, "The new budget."), ...problems(...AUTHENTICATED, ...BODY) },
  });
  app.openapi(route, async (c) =>
    c.json(await replaceBudget(serviceContext(platform, c), c.req.valid("json")), 201),
  );
}
