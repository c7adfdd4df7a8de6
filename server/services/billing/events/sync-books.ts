import type { Platform } from "../../../context.ts";
import { BillingUnavailable } from "../../../billing-errors.ts";
import type { BillingParts } from "../billing-parts.ts";
import { billingOf } from "../invoices/billing.ts";
import { syncInvoice } from "../invoices/sync.ts";
import { findAtStripe, idOf } from "../stripe.ts";

type Parts = BillingParts & Pick<Platform, "clock">;

/** An invoice changed at Stripe. A draft that was deleted there is none any more. */
export async function syncChangedInvoice(parts: Parts, stripeId: string): Promise<void> {
  const billing = billingOf(parts);
  if (billing === null) throw new BillingUnavailable();
  await findAtStripe(parts, () => syncInvoice(billing, stripeId));
}

/** A credit note was made or voided at Stripe: its invoice has changed. */
export async function syncCreditNote(parts: Parts, stripeId: string): Promise<void> {
  const note = await findAtStripe(parts, ({ creditNotes }) => creditNotes.retrieve(stripeId));
  const invoice = idOf(note?.invoice ?? null);
  if (invoice !== null) await syncChangedInvoice(parts, invoice);
}
