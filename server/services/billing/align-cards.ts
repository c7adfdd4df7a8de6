import { eq } from "drizzle-orm";
import type Stripe from "stripe";
import { paymentMethods } from "../../../drizzle/schema/index.ts";
import type { BillingParts } from "./billing-parts.ts";
import { findCustomer } from "./ensure-customer.ts";
import { askStripe, findAtStripe, idOf } from "./stripe.ts";

type Row = typeof paymentMethods.$inferSelect;

/** Cards that can be on file no more: they were, and were removed, or are older than the one that is. */
function isOver({ id, created }: Stripe.PaymentMethod, rows: readonly Row[]): boolean {
  const known = rows.find(({ stripeId }) => stripeId === id);
  if (known !== undefined) return known.removedAt !== null;
  const onFile = rows.find(({ removedAt }) => removedAt === null);
  return onFile !== undefined && created < Math.floor(onFile.createdAt.getTime() / 1_000);
}

async function detach(parts: BillingParts, id: string): Promise<void> {
  // Gone already is what was wanted.
  await findAtStripe(parts, ({ paymentMethods: methods }) => methods.detach(id));
}

/**
 * Brings Stripe's side of an account's cards into step with ours: the one on file is its customer's default, those that
 * were on file are its no more. A card that was set up and is not on file yet stays. Repeatable.
 */
export async function alignCards(parts: BillingParts, accountId: string): Promise<void> {
  const customerId = await findCustomer(parts, accountId);
  if (customerId === null) return;
  const customer = await findAtStripe(parts, ({ customers }) => customers.retrieve(customerId));
  if (customer === null || customer.deleted === true) return;
  const attached = await askStripe(parts, ({ customers }) =>
    customers.listPaymentMethods(customerId, { limit: 100 }).autoPagingToArray({ limit: 1_000 }),
  );
  // Read after Stripe's list: a card on that list which is on file by now is not taken for one that never was.
  const rows = await parts.db.drizzle
    .select()
    .from(paymentMethods)
    .where(eq(paymentMethods.accountId, accountId));
  for (const method of attached.filter((each) => isOver(each, rows))) await detach(parts, method.id);
  const onFile = rows.find(({ removedAt }) => removedAt === null)?.stripeId ?? null;
  const isAttached = attached.some(({ id }) => id === onFile);
  if (onFile === null || !isAttached) return;
  if (idOf(customer.invoice_settings.default_payment_method) === onFile) return;
  await askStripe(parts, ({ customers }) =>
    customers.update(customerId, { invoice_settings: { default_payment_method: onFile } }),
  );
}
