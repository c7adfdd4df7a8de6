import { z } from "zod";
import type { ServiceContext } from "../../context.ts";
import { requireScope } from "../identity/require-scope.ts";
import { withCustomer } from "./ensure-customer.ts";
import { askStripe } from "./stripe.ts";

export const setupView = z.object({
  client_secret: z.string().describe("For Stripe's own script, which alone sees the card's number."),
});
export type SetupView = z.output<typeof setupView>;

/**
 * Begins to set a card up, for charges without its owner present. The card is on file once the set-up is adopted.
 * @throws InsufficientScope, BillingUnavailable, StripeUnavailable
 */
export async function beginSetup(ctx: ServiceContext): Promise<SetupView> {
  requireScope(ctx, "billing");
  const { client_secret } = await withCustomer(ctx, ctx.actor.accountId, (customer) =>
    askStripe(ctx, ({ setupIntents }) =>
      setupIntents.create({ customer, usage: "off_session", allowed_payment_method_types: ["card"] }),
    ),
  );
  if (client_secret === null) throw new Error("a new setup intent has no client secret");
  return { client_secret };
}
