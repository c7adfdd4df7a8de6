import { createRoute } from "@hono/zod-openapi";
import { beginSetup, setupView } from "../services/billing/begin-setup.ts";
import { AUTHENTICATED, BILLING, json, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerBeginSetup({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "post",
    path: "/v1/billing/setup-intent",
    tags: ["Billing"],
    summary: "Begin to register a card with Stripe's script",
    description: "Confirm it with Stripe's script, then send its id to `POST /v1/billing/payment-method`.",
    security: SIGNED_IN,
    middleware: [guards.actor] as const,
    responses: {
      200: json(setupView, "The secret of a setup intent."),
      ...problems(...AUTHENTICATED, ...BILLING),
    },
  });
  app.openapi(route, async (c) =>
    c.json(await beginSetup(serviceContext(platform, c)), 200, { "Cache-Control": "no-store" }),
  );
}
