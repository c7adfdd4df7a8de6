/** What the emulator keeps, by the name that each object gives itself. The shapes are those of Stripe's own package. */
import type Stripe from "stripe";

/** Stripe's package gives decimals as objects of its own; on the wire they are text. */
type WithDecimalText<T, Name extends keyof T> = Omit<T, Name> & { [Key in Name]: string | null };
interface Pricing {
  readonly type: "price_details";
  readonly unit_amount_decimal: string | null;
}

export type LineItem = WithDecimalText<Omit<Stripe.InvoiceLineItem, "pricing">, "quantity_decimal"> & {
  pricing: Pricing | null;
};
export type InvoiceItem = WithDecimalText<Omit<Stripe.InvoiceItem, "pricing">, "quantity_decimal"> & {
  pricing: Pricing | null;
};
export type Invoice = Omit<Stripe.Invoice, "lines"> & { lines: Stripe.ApiList<LineItem> };
export type CreditNoteLine = WithDecimalText<Stripe.CreditNoteLineItem, "unit_amount_decimal">;
export type CreditNote = Omit<Stripe.CreditNote, "lines"> & { lines: Stripe.ApiList<CreditNoteLine> };

export interface Kinds {
  customer: Stripe.Customer;
  /** What stays of a customer. */
  deleted_customer: Stripe.DeletedCustomer;
  payment_method: Stripe.PaymentMethod;
  setup_intent: Stripe.SetupIntent;
  "checkout.session": Stripe.Checkout.Session;
  invoiceitem: InvoiceItem;
  line_item: LineItem;
  invoice: Invoice;
  invoice_payment: Stripe.InvoicePayment;
  payment_intent: Stripe.PaymentIntent;
  charge: Stripe.Charge;
  refund: Stripe.Refund;
  credit_note: CreditNote;
  credit_note_line_item: CreditNoteLine;
  customer_balance_transaction: Stripe.CustomerBalanceTransaction;
  event: Omit<Stripe.EventBase, "data"> & {
    data: { object: object; previous_attributes?: Readonly<Record<string, unknown>> };
  };
}

export type Kind = keyof Kinds;
export type StripeObject = Kinds[Kind];
