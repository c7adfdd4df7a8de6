import { createRoute } from "@hono/zod-openapi";
import { resetBudget } from "../services/budgets/reset.ts";
import { AUTHENTICATED, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerResetBudget({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "delete",
    path: "/v1/budgets",
    tags: ["Budgets"],
    summary: "Go back to the default budget",
    description:
      "With a card the default limit takes the place of yours, without one the allowance bounds alone.",
    security: SIGNED_IN,
    middleware: [guards.actor] as const,
    responses: { 204: { description: "Done." }, ...problems(...AUTHENTICATED, "budget_not_found") },
  });
  app.openapi(route, async (c) => {
    await resetBudget(serviceContext(platform, c));
    return c.body(null, 204);
  });
}
