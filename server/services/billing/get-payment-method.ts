import { and, eq, isNull } from "drizzle-orm";
import { paymentMethods } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { NotFound } from "../../errors.ts";
import { requireScope } from "../identity/require-scope.ts";
import type { PaymentMethodView } from "./payment-method.ts";

/** The actor's card on file. @throws InsufficientScope, NotFound without one */
export async function getPaymentMethod(ctx: ServiceContext): Promise<PaymentMethodView> {
  requireScope(ctx, "billing");
  const [card] = await ctx.db.drizzle
    .select({
      brand: paymentMethods.brand,
      last4: paymentMethods.last4,
      exp_month: paymentMethods.expMonth,
      exp_year: paymentMethods.expYear,
    })
    .from(paymentMethods)
    .where(and(eq(paymentMethods.accountId, ctx.actor.accountId), isNull(paymentMethods.removedAt)));
  if (card === undefined) throw new NotFound("payment_method_not_found");
  return card;
}
