import { invalidRequest, missing } from "../api/error.ts";
import type { Context } from "../context.ts";
import { change, create, emit } from "../events/emit.ts";
import { newId } from "../ids.ts";
import { markPaid, paymentOf } from "../invoices/settle.ts";
import { changeBalance } from "../payments/change-balance.ts";
import { refundCharge } from "../payments/refund.ts";
import { idOf } from "../store/id-of.ts";
import type { CreditNote, Invoice, Kinds } from "../store/kinds.ts";
import { makeNote, type CreditNoteWish, type LinkedRefund } from "./make-note.ts";

const dollars = (cents: number) => `$${(cents / 100).toFixed(2)}`;

const sumOf = (amounts: readonly { readonly amount: number }[]): number =>
  amounts.reduce((sum, { amount }) => sum + amount, 0);

/** Refunds of this invoice's charge that were made before. @throws Refusal */
function knownRefunds({ store }: Context, { refunds }: CreditNoteWish): Kinds["refund"][] {
  return refunds.map(({ id }) => {
    const found = store.find("refund", id);
    if (found === null) throw missing("refund", id, "refunds[0][refund]");
    return found;
  });
}

/** The charge that has paid an invoice; null where none has. */
function chargeOf({ store }: Context, payment: Kinds["invoice_payment"] | null): Kinds["charge"] | null {
  if (payment?.status !== "paid") return null;
  const intent = store.find("payment_intent", idOf(payment.payment.payment_intent));
  return store.find("charge", idOf(intent?.latest_charge));
}

/** What was refunded without a credit note, and is not linked by this one. */
function refundedApart(context: Context, invoice: Invoice, { refunds }: CreditNoteWish): number {
  const { store } = context;
  const charge = chargeOf(context, paymentOf(context, invoice.id));
  if (charge === null) return 0;
  const noted = store.allOf("credit_note", invoice.id).flatMap((note) => note.refunds);
  const linked = new Set([...noted.map(({ refund: made }) => idOf(made)), ...refunds.map(({ id }) => id)]);
  return sumOf(store.allOf("refund", charge.id).filter(({ id }) => !linked.has(id)));
}

/** What was still owed is not any more; what was paid goes back. @throws Refusal when that is more than there was */
function split(context: Context, invoice: Invoice, total: number, wish: CreditNoteWish, linked: number) {
  const credited =
    invoice.pre_payment_credit_notes_amount +
    invoice.post_payment_credit_notes_amount +
    refundedApart(context, invoice, wish);
  if (total > invoice.total - credited)
    throw invalidRequest(
      `The credit note amount (${dollars(total)}) is greater than what can be credited of the invoice (${dollars(invoice.total - credited)}).`,
      { param: "amount" },
    );
  const before = Math.min(total, invoice.amount_remaining);
  const after = total - before;
  const returned = wish.refund + wish.credit + wish.outOfBand + linked;
  if (returned !== after)
    throw invalidRequest(
      `The sum of credit amount, refund amount and out of band amount (${dollars(returned)}) must equal the post payment credit note amount (${dollars(after)}).`,
    );
  return { before, after };
}

/** Gives money of the invoice's payment back. @throws Refusal when no card has paid it */
function refund(context: Context, invoice: Invoice, amount: number): Kinds["refund"] | null {
  if (amount === 0) return null;
  const charge = chargeOf(context, paymentOf(context, invoice.id));
  if (charge === null)
    throw invalidRequest("The invoice was not paid by a charge that could be refunded.", {
      param: "refund_amount",
    });
  return refundCharge(context, charge, { amount });
}

function changeInvoice(context: Context, invoice: Invoice, before: number, after: number): void {
  const { object, previous } = change(context, "invoice", invoice, {
    amount_due: invoice.amount_due - before,
    amount_remaining: invoice.amount_remaining - before,
    pre_payment_credit_notes_amount: invoice.pre_payment_credit_notes_amount + before,
    post_payment_credit_notes_amount: invoice.post_payment_credit_notes_amount + after,
  });
  emit(context, "invoice.updated", object, previous);
  const payment = paymentOf(context, invoice.id);
  if (before === 0) return;
  if (object.amount_remaining === 0) {
    markPaid(context, object, { isByCard: false });
    return;
  }
  // Less is due: the card is asked for less.
  const intent = context.store.find("payment_intent", idOf(payment?.payment.payment_intent));
  if (intent !== null) change(context, "payment_intent", intent, { amount: object.amount_remaining });
  if (payment !== null)
    change(context, "invoice_payment", payment, { amount_requested: object.amount_remaining });
}

/** Takes something back of a finalized invoice. @throws Refusal */
export function createCreditNote(context: Context, invoice: Invoice, wish: CreditNoteWish): CreditNote {
  const { store } = context;
  if (invoice.status !== "open" && invoice.status !== "paid")
    throw invalidRequest("You can only create a credit note for an invoice that is open or paid.", {
      param: "invoice",
    });
  const linked: readonly LinkedRefund[] = knownRefunds(context, wish).map((found, index) => ({
    refund: found,
    amount: wish.refunds[index]?.amount ?? found.amount,
  }));
  const { before, after } = split(context, invoice, sumOf(wish.lines), wish, sumOf(linked));
  const id = newId("cn");
  const made = refund(context, invoice, wish.refund);
  const balance = changeBalance(context, idOf(invoice.customer), {
    amount: -wish.credit,
    type: "credit_note",
    currency: invoice.currency,
    creditNote: id,
  });
  const note = makeNote(context, invoice, wish, {
    id,
    before,
    after,
    refunds: [...(made === null ? [] : [{ refund: made, amount: made.amount }]), ...linked],
    balanceTransaction: balance?.id ?? null,
  });
  create(context, "credit_note", note, invoice.id);
  for (const line of note.lines.data) store.put("credit_note_line_item", line, id);
  emit(context, "credit_note.created", note);
  changeInvoice(context, invoice, before, after);
  return note;
}
