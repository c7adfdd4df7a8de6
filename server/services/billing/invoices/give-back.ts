import type { Stripe } from "stripe";
import type { Billing } from "./billing.ts";
import { listCollected, recordStatus, type InvoiceRow } from "./record.ts";

const isOf = ({ metadata }: Stripe.CreditNote, invoice: InvoiceRow) => metadata?.["invoice"] === invoice.id;

/**
 * Gives back what the house owes, by credit notes on what was collected, the newest first, each refunded to the card
 * that paid it. Called again it makes what is missing.
 * @throws StripeError
 */
export async function giveBack(billing: Billing, invoice: InvoiceRow): Promise<void> {
  const { stripe } = billing;
  let owedCents = -invoice.dueCents;
  for (const { stripeId } of await listCollected(billing, invoice.accountId)) {
    if (owedCents === 0) break;
    const [{ total }, { data: notes }] = await Promise.all([
      stripe.invoices.retrieve(stripeId),
      stripe.creditNotes.list({ invoice: stripeId, limit: 100 }),
    ]);
    const cents = (some: readonly Stripe.CreditNote[]) => some.reduce((sum, { amount }) => sum + amount, 0);
    owedCents -= cents(notes.filter((note) => isOf(note, invoice)));
    const amount = Math.min(owedCents, total - cents(notes));
    if (amount <= 0) continue;
    await stripe.creditNotes.create(
      {
        invoice: stripeId,
        amount,
        refund_amount: amount,
        memo: `Credits of ${invoice.month.slice(0, 7)}`,
        metadata: { invoice: invoice.id },
      },
      { idempotencyKey: `credit-note:${invoice.id}:${stripeId}` },
    );
    owedCents -= amount;
  }
  if (owedCents > 0)
    throw new Error(`${owedCents} cents of invoice ${invoice.id} find nothing to be taken off`);
  await recordStatus(billing, invoice, { status: "paid", paidAt: new Date() });
}
