import { and, eq, isNull } from "drizzle-orm";
import { paymentMethods } from "../../../drizzle/schema/index.ts";
import { lockAccount } from "../identity/lock-account.ts";
import type { BillingParts } from "./billing-parts.ts";
import { dropCard } from "./drop-card.ts";
import { findCustomerAccount } from "./ensure-customer.ts";
import { findAtStripe } from "./stripe.ts";

async function drop({ db }: BillingParts, accountId: string, stripeId?: string): Promise<void> {
  await db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    await dropCard(tx, accountId, stripeId);
  });
}

/** A card that was taken from its customer at Stripe cannot be charged: it is on file no longer. */
export async function forgetDetachedCard(parts: BillingParts, stripeId: string): Promise<void> {
  const [onFile] = await parts.db.drizzle
    .select({ accountId: paymentMethods.accountId })
    .from(paymentMethods)
    .where(and(eq(paymentMethods.stripeId, stripeId), isNull(paymentMethods.removedAt)));
  if (onFile === undefined) return;
  const method = await findAtStripe(parts, ({ paymentMethods: methods }) => methods.retrieve(stripeId));
  if (method === null || method.customer === null) await drop(parts, onFile.accountId, stripeId);
}

/** With a customer its cards are gone. Another customer is made when a card is next set up. */
export async function forgetCustomer(parts: BillingParts, customerId: string): Promise<void> {
  const accountId = await findCustomerAccount(parts, customerId);
  if (accountId === null) return;
  const customer = await findAtStripe(parts, ({ customers }) => customers.retrieve(customerId));
  if (customer === null || customer.deleted === true) await drop(parts, accountId);
}
