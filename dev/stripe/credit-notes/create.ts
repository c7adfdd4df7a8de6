import { listOf } from "../api/list.ts";
import { invalidRequest, missing } from "../api/error.ts";
import type { Context } from "../context.ts";
import { change, create, emit } from "../events/emit.ts";
import { newId } from "../ids.ts";
import { markPaid, paymentOf } from "../invoices/settle.ts";
import { changeBalance } from "../payments/change-balance.ts";
import { refundCharge } from "../payments/refund.ts";
import { idOf } from "../store/id-of.ts";
import type { CreditNote, CreditNoteLine, Invoice, Kinds } from "../store/kinds.ts";

export interface LineWish {
  readonly amount: number;
  readonly description: string | null;
  readonly invoiceLine: string | null;
  readonly quantity: number | null;
}

export interface CreditNoteWish {
  readonly lines: readonly LineWish[];
  /** Cents that go back to the card, to the customer's balance, and back outside of Stripe. */
  readonly refund: number;
  readonly credit: number;
  readonly outOfBand: number;
  /** Refunds that were made before, and belong to it. */
  readonly refunds: readonly { readonly id: string; readonly amount: number | null }[];
  readonly memo: string | null;
  readonly reason: CreditNote["reason"];
  readonly metadata: Record<string, string>;
}

const dollars = (cents: number) => `$${(cents / 100).toFixed(2)}`;

const makeLine = (wish: LineWish): CreditNoteLine => ({
  id: newId("cnli"),
  object: "credit_note_line_item",
  amount: wish.amount,
  description: wish.description,
  discount_amount: 0,
  discount_amounts: [],
  ...(wish.invoiceLine !== null && { invoice_line_item: wish.invoiceLine }),
  livemode: false,
  metadata: {},
  pretax_credit_amounts: [],
  quantity: wish.quantity,
  tax_rates: [],
  taxes: [],
  type: wish.invoiceLine === null ? "custom_line_item" : "invoice_line_item",
  unit_amount: null,
  unit_amount_decimal: null,
});

/** Refunds of this invoice's charge that were made before. @throws Refusal */
function knownRefunds({ store }: Context, { refunds }: CreditNoteWish): Kinds["refund"][] {
  return refunds.map(({ id }) => {
    const found = store.find("refund", id);
    if (found === null) throw missing("refund", id, "refunds[0][refund]");
    return found;
  });
}

/** What was still owed is not any more; what was paid goes back. @throws Refusal when that is more than there was */
function split(invoice: Invoice, total: number, wish: CreditNoteWish, linked: number) {
  const credited = invoice.pre_payment_credit_notes_amount + invoice.post_payment_credit_notes_amount;
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
  const payment = paymentOf(context, invoice.id);
  const intent = context.store.find("payment_intent", idOf(payment?.payment.payment_intent));
  const charge = context.store.find("charge", idOf(intent?.latest_charge));
  if (payment?.status !== "paid" || charge === null)
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
  const { store, clock, baseUrl } = context;
  if (invoice.status !== "open" && invoice.status !== "paid")
    throw invalidRequest("You can only create a credit note for an invoice that is open or paid.", {
      param: "invoice",
    });
  const total = wish.lines.reduce((sum, { amount }) => sum + amount, 0);
  const linked = knownRefunds(context, wish).map((found, index) => ({
    refund: found,
    amount: wish.refunds[index]?.amount ?? found.amount,
  }));
  const { before, after } = split(
    invoice,
    total,
    wish,
    linked.reduce((sum, { amount }) => sum + amount, 0),
  );
  const id = newId("cn");
  const made = refund(context, invoice, wish.refund);
  const customer = idOf(invoice.customer);
  const { currency } = invoice;
  const balance = changeBalance(context, customer, {
    amount: -wish.credit,
    type: "credit_note",
    currency,
    creditNote: id,
  });
  const lines = wish.lines.map(makeLine);
  const sequence = store.allOf("credit_note", invoice.id).length + 1;
  const note: CreditNote & { id: string } = {
    id,
    object: "credit_note",
    amount: total,
    amount_shipping: 0,
    created: clock.nowS,
    currency,
    customer,
    customer_account: null,
    customer_balance_transaction: balance?.id ?? null,
    discount_amount: 0,
    discount_amounts: [],
    effective_at: clock.nowS,
    invoice: invoice.id,
    lines: listOf(`/v1/credit_notes/${id}/lines`, lines),
    livemode: false,
    memo: wish.memo,
    metadata: wish.metadata,
    number: `${invoice.number ?? ""}-CN-${String(sequence).padStart(2, "0")}`,
    out_of_band_amount: wish.outOfBand === 0 ? null : wish.outOfBand,
    pdf: `${baseUrl}/credit-notes/${id}/pdf`,
    post_payment_amount: after,
    pre_payment_amount: before,
    pretax_credit_amounts: [],
    reason: wish.reason,
    refunds: [...(made === null ? [] : [{ refund: made, amount: made.amount }]), ...linked].map(
      ({ refund: { id: refunded }, amount }) => ({
        amount_refunded: amount,
        payment_record_refund: null,
        refund: refunded,
        type: "refund",
      }),
    ),
    shipping_cost: null,
    status: "issued",
    subtotal: total,
    subtotal_excluding_tax: total,
    total,
    total_excluding_tax: total,
    total_taxes: [],
    type: before === 0 ? "post_payment" : after === 0 ? "pre_payment" : "mixed",
    voided_at: null,
  };
  create(context, "credit_note", note, invoice.id);
  for (const line of lines) store.put("credit_note_line_item", line, id);
  emit(context, "credit_note.created", note);
  changeInvoice(context, invoice, before, after);
  return note;
}
