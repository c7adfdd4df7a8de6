import { createRoute, z } from "@hono/zod-openapi";
import { removeCard } from "../services/billing/remove-card.ts";
import { AUTHENTICATED, BILLING, json, problems, SIGNED_IN, type RestParts } from "./contract.ts";
import { serviceContext } from "./service-context.ts";

const settlingView = z.object({ status: z.literal("settling") });

export function registerRemovePaymentMethod({ app, platform, guards }: RestParts): void {
  const route = createRoute({
    method: "delete",
    path: "/v1/billing/payment-method",
    tags: ["Billing"],
    summary: "Remove your card",
    description:
      "All that is owed is invoiced and collected first; from the call on, nothing that costs may begin. A card that does not pay stays on file.",
    security: SIGNED_IN,
    middleware: [guards.actor] as const,
    responses: {
      202: json(settlingView, "Casts still run: the card goes when they have ended and are paid."),
      204: { description: "Removed." },
      ...problems(
        ...AUTHENTICATED,
        ...BILLING,
        "payment_method_not_found",
        "card_declined",
        "account_closing",
      ),
    },
  });
  app.openapi(route, async (c) => {
    const removal = await removeCard(serviceContext(platform, c));
    return removal === "removed" ? c.body(null, 204) : c.json({ status: "settling" as const }, 202);
  });
}
