import { listOf } from "../api/list.ts";
import type { Context } from "../context.ts";
import { newId } from "../ids.ts";
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

export interface LinkedRefund {
  readonly refund: Kinds["refund"];
  readonly amount: number;
}

/** What was done for it. */
export interface Facts {
  readonly id: string;
  /** Cents that were owed and are not any more, and cents that were paid and go back. */
  readonly before: number;
  readonly after: number;
  readonly refunds: readonly LinkedRefund[];
  readonly balanceTransaction: string | null;
}

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

function typeOf({ before, after }: Facts): CreditNote["type"] {
  if (before === 0) return "post_payment";
  return after === 0 ? "pre_payment" : "mixed";
}

/** The credit note itself. */
export function makeNote(
  { store, clock, baseUrl }: Context,
  invoice: Invoice,
  wish: CreditNoteWish,
  facts: Facts,
): CreditNote & { id: string } {
  const { id } = facts;
  const lines = wish.lines.map(makeLine);
  const total = facts.before + facts.after;
  const sequence = store.allOf("credit_note", invoice.id).length + 1;
  return {
    id,
    object: "credit_note",
    amount: total,
    amount_shipping: 0,
    created: clock.nowS,
    currency: invoice.currency,
    customer: idOf(invoice.customer),
    customer_account: null,
    customer_balance_transaction: facts.balanceTransaction,
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
    post_payment_amount: facts.after,
    pre_payment_amount: facts.before,
    pretax_credit_amounts: [],
    reason: wish.reason,
    refunds: facts.refunds.map(({ refund, amount }) => ({
      amount_refunded: amount,
      payment_record_refund: null,
      refund: refund.id,
      type: "refund",
    })),
    shipping_cost: null,
    status: "issued",
    subtotal: total,
    subtotal_excluding_tax: total,
    total,
    total_excluding_tax: total,
    total_taxes: [],
    type: typeOf(facts),
    voided_at: null,
  };
}
