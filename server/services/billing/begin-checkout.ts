import { eq } from "drizzle-orm";
import { z } from "zod";
import { people } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { requireScope } from "../identity/require-scope.ts";
import { withCustomer } from "./ensure-customer.ts";
import { askStripe } from "./stripe.ts";

export const checkoutView = z.object({
  url: z.url().describe("Stripe's page, on which the card is given."),
  session_id: z.string(),
});
export type CheckoutView = z.output<typeof checkoutView>;

const BILLING_PATH = "/dashboard/billing";

/**
 * Begins to set a card up on a page of Stripe's, which needs no script of ours. It leads back to the billing page, with
 * the session's id as `checkout` when there is a card. @throws InsufficientScope, BillingUnavailable, StripeUnavailable
 */
export async function beginCheckout(ctx: ServiceContext): Promise<CheckoutView> {
  requireScope(ctx, "billing");
  const { accountId } = ctx.actor;
  const [person] = await ctx.db.drizzle
    .select({ language: people.language })
    .from(people)
    .where(eq(people.accountId, accountId));
  const back = new URL(BILLING_PATH, ctx.config.APP_URL).href;
  const session = await withCustomer(ctx, accountId, (customer) =>
    askStripe(ctx, ({ checkout }) =>
      checkout.sessions.create({
        mode: "setup",
        customer,
        allowed_payment_method_types: ["card"],
        locale: person?.language ?? "auto",
        // Stripe puts the id there; written by URLSearchParams its braces would not be found.
        success_url: `${back}?checkout={CHECKOUT_SESSION_ID}`,
        cancel_url: back,
      }),
    ),
  );
  if (session.url === null) throw new Error("a new checkout session has no address");
  return { url: session.url, session_id: session.id };
}
