import { createRoute } from "@hono/zod-openapi";
import { readUsage, usageView } from "../services/budgets/usage.ts";
import { AUTHENTICATED, json, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerReadUsage({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "get",
    path: "/v1/budgets/usage",
    tags: ["Budgets"],
    summary: "What is spent, held and left in this period",
    security: SIGNED_IN,
    middleware: [guards.actor] as const,
    responses: { 200: json(usageView, "The figures of this moment."), ...problems(...AUTHENTICATED) },
  });
  app.openapi(route, async (c) => c.json(await readUsage(serviceContext(platform, c)), 200));
}
