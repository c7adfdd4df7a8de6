import { eq, or } from "drizzle-orm";
import { invoices } from "../../../../drizzle/schema/index.ts";
import type { Billing } from "./billing.ts";
import { invoiceIdOf, recordStripeInvoice } from "./record.ts";

/** Records an invoice as Stripe has it now, whatever told us to look. One that is none of ours changes nothing. */
export async function syncInvoice(billing: Billing, stripeId: string): Promise<void> {
  const { db, stripe } = billing;
  const found = await stripe.invoices.retrieve(stripeId);
  const id = invoiceIdOf(found);
  const [invoice] = await db.drizzle
    .select()
    .from(invoices)
    .where(or(eq(invoices.stripeId, found.id), id === null ? undefined : eq(invoices.id, id)));
  if (invoice === undefined || (invoice.stripeId !== null && invoice.stripeId !== found.id)) return;
  await recordStripeInvoice(billing, invoice, found);
}
