import { createRoute } from "@hono/zod-openapi";
import { changeBudgetInput } from "../services/budgets/budget-input.ts";
import { budgetView } from "../services/budgets/budget-view.ts";
import { changeBudget } from "../services/budgets/set.ts";
import { AUTHENTICATED, BODY, json, jsonBody, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerChangeBudget({ app, platform, guards, limitBody }: RestParts): void {
  const route = createRoute({
    method: "put",
    path: "/v1/budgets",
    tags: ["Budgets"],
    summary: "Change fields of your budget",
    description: "Fields not named stay. A hard limit below the stored soft one lowers that to it.",
    security: SIGNED_IN,
    middleware: [guards.actor, limitBody] as const,
    request: jsonBody(changeBudgetInput),
    responses: {
      200: json(budgetView, "The changed budget."),
      ...problems(...AUTHENTICATED, ...BODY, "budget_not_found"),
    },
  });
  app.openapi(route, async (c) =>
    c.json(await changeBudget(serviceContext(platform, c), c.req.valid("json")), 200),
  );
}
