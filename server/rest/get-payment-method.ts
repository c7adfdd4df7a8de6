import { createRoute } from "@hono/zod-openapi";
import { getPaymentMethod } from "../services/billing/get-payment-method.ts";
import { paymentMethodView } from "../services/billing/payment-method.ts";
import { AUTHENTICATED, json, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerGetPaymentMethod({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "get",
    path: "/v1/billing/payment-method",
    tags: ["Billing"],
    summary: "Your card on file",
    security: SIGNED_IN,
    middleware: [guards.actor] as const,
    responses: {
      200: json(paymentMethodView, "What may be shown of the card."),
      ...problems(...AUTHENTICATED, "payment_method_not_found"),
    },
  });
  app.openapi(route, async (c) => c.json(await getPaymentMethod(serviceContext(platform, c)), 200));
}
