import { eq, or } from "drizzle-orm";
import { invoices } from "../../../../drizzle/schema/index.ts";
import type { Billing } from "./billing.ts";
import { recordStripeInvoice } from "./record.ts";

/** UUIDs only: metadata is what anybody with Stripe's dashboard writes. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Records an invoice as Stripe has it now, whatever told us to look. One that is none of ours changes nothing. */
export async function syncInvoice(billing: Billing, stripeId: string): Promise<void> {
  const { db, stripe } = billing;
  const found = await stripe.invoices.retrieve(stripeId);
  const id = found.metadata?.["invoice"] ?? "";
  const [invoice] = await db.drizzle
    .select()
    .from(invoices)
    .where(or(eq(invoices.stripeId, found.id), UUID.test(id) ? eq(invoices.id, id) : undefined));
  if (invoice === undefined || (invoice.stripeId !== null && invoice.stripeId !== found.id)) return;
  await recordStripeInvoice(billing, invoice, found);
}
