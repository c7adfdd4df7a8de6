import { eq } from "drizzle-orm";
import { invoices } from "../../../../drizzle/schema/index.ts";
import type { Billing } from "./billing.ts";
import { collectInvoice } from "./collect.ts";
import { recordStripeInvoice } from "./record.ts";

/** Collects an invoice now, rather than by Stripe's schedule. @throws StripeError where the card does not pay */
export async function payInvoice(billing: Billing, invoiceId: string): Promise<void> {
  const { db, stripe } = billing;
  await collectInvoice(billing, invoiceId);
  const [invoice] = await db.drizzle.select().from(invoices).where(eq(invoices.id, invoiceId));
  if (invoice?.stripeId == null || invoice.status === "paid" || invoice.status === "void") return;
  const { stripeId } = invoice;
  try {
    await recordStripeInvoice(billing, invoice, await stripe.invoices.pay(stripeId));
  } catch (error) {
    // Paid meanwhile by another's doing, or not: Stripe knows.
    const found = await stripe.invoices.retrieve(stripeId);
    await recordStripeInvoice(billing, invoice, found);
    if (found.status !== "paid") throw error;
  }
}
