import { createRoute } from "@hono/zod-openapi";
import { beginCheckout, checkoutView } from "../services/billing/begin-checkout.ts";
import { AUTHENTICATED, BILLING, json, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerBeginCheckout({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "post",
    path: "/v1/billing/checkout",
    tags: ["Billing"],
    summary: "Begin to register a card on Stripe's page",
    description:
      "Lead the person to `url`. Stripe leads them back to the billing page of the portal, and tells us of the card.",
    security: SIGNED_IN,
    middleware: [guards.actor] as const,
    responses: { 200: json(checkoutView, "Where to go."), ...problems(...AUTHENTICATED, ...BILLING) },
  });
  app.openapi(route, async (c) =>
    c.json(await beginCheckout(serviceContext(platform, c)), 200, { "Cache-Control": "no-store" }),
  );
}
