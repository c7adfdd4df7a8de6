import type { ServiceContext } from "../../context.ts";
import { BillingUnavailable } from "../../billing-errors.ts";
import { NotFound } from "../../errors.ts";
import { requireScope } from "../identity/require-scope.ts";
import { adoptCheckout, adoptSetupIntent, type Adoption } from "./adopt-card.ts";
import { getPaymentMethod } from "./get-payment-method.ts";
import type { PaymentMethodView, SetPaymentMethodInput } from "./payment-method.ts";

function adopt(ctx: ServiceContext, input: SetPaymentMethodInput): Promise<Adoption> {
  const { accountId } = ctx.actor;
  if (input.setup_intent_id !== undefined) return adoptSetupIntent(ctx, input.setup_intent_id, accountId);
  return adoptCheckout(ctx, input.checkout_session_id ?? "", accountId);
}

/**
 * Puts the card of a finished set-up on file, in the place of the one before, and gives the card that is on file then:
 * that is a newer one where this was set up before it. The same again changes nothing.
 * @throws InsufficientScope, NotFound, SetupIncomplete, CardDeclined, AccountClosing, BillingUnavailable, StripeUnavailable
 */
export async function setPaymentMethod(
  ctx: ServiceContext,
  input: SetPaymentMethodInput,
): Promise<PaymentMethodView> {
  requireScope(ctx, "billing");
  if (ctx.stripe === null) throw new BillingUnavailable();
  const adoption = await adopt(ctx, input);
  if (adoption === null || adoption.registration === "removed") throw new NotFound("setup_not_found");
  return getPaymentMethod(ctx);
}
