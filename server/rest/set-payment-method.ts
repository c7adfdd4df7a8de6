import { createRoute } from "@hono/zod-openapi";
import { paymentMethodView, setPaymentMethodInput } from "../services/billing/payment-method.ts";
import { setPaymentMethod } from "../services/billing/set-payment-method.ts";
import {
  AUTHENTICATED,
  BILLING,
  BODY,
  json,
  jsonBody,
  problems,
  SIGNED_IN,
  type RestParts,
} from "./contract.ts";
import { serviceContext } from "./service-context.ts";

export function registerSetPaymentMethod({ app, platform, guards, limitBody }: RestParts): void {
  const route = createRoute({
    method: "post",
    path: "/v1/billing/payment-method",
    tags: ["Billing"],
    summary: "Put a card on file",
    description:
      "The card of a finished set-up takes the place of the one before. It happens by itself too, when Stripe tells us of it; the same again changes nothing.",
    security: SIGNED_IN,
    middleware: [guards.actor, limitBody] as const,
    request: jsonBody(setPaymentMethodInput),
    responses: {
      200: json(paymentMethodView, "The card on file."),
      ...problems(
        ...AUTHENTICATED,
        ...BODY,
        ...BILLING,
        "setup_not_found",
        "setup_incomplete",
        "card_declined",
        "account_closing",
      ),
    },
  });
  app.openapi(route, async (c) =>
    c.json(await setPaymentMethod(serviceContext(platform, c), c.req.valid("json")), 200),
  );
}
