import { and, eq, isNull } from "drizzle-orm";
import { paymentMethods } from "../../../drizzle/schema/index.ts";
import { lockAccount } from "../identity/lock-account.ts";
import type { BillingParts } from "./billing-parts.ts";
import { findAtStripe } from "./stripe.ts";

/** Banks renew cards, and tell Stripe: what may be shown of the card on file follows. */
export async function refreshCard(parts: BillingParts, stripeId: string): Promise<void> {
  const isOnFile = and(eq(paymentMethods.stripeId, stripeId), isNull(paymentMethods.removedAt));
  const [onFile] = await parts.db.drizzle
    .select({ accountId: paymentMethods.accountId })
    .from(paymentMethods)
    .where(isOnFile);
  if (onFile === undefined) return;
  const method = await findAtStripe(parts, ({ paymentMethods: methods }) => methods.retrieve(stripeId));
  if (method?.card === undefined) return;
  const { brand, last4, exp_month: expMonth, exp_year: expYear } = method.card;
  await parts.db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, onFile.accountId);
    await tx.update(paymentMethods).set({ brand, last4, expMonth, expYear }).where(isOnFile);
  });
}
