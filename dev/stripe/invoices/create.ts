import type { Context } from "../context.ts";
import { listOf } from "../api/list.ts";
import { change, create, emit } from "../events/emit.ts";
import { newId } from "../ids.ts";
import type { Invoice, Kinds } from "../store/kinds.ts";
import { takeItem } from "./items.ts";
import { recalculate } from "./recalculate.ts";
import { planAdvance } from "./schedule.ts";

export interface InvoiceWish {
  readonly customer: Kinds["customer"];
  readonly currency: string;
  readonly autoAdvance: boolean;
  readonly collection: "charge_automatically" | "send_invoice";
  readonly dueDate: number | null;
  readonly daysUntilDue: number | null;
  readonly description: string | null;
  readonly footer: string | null;
  readonly defaultPaymentMethod: string | null;
  readonly metadata: Record<string, string>;
  readonly paymentSettings: Invoice["payment_settings"];
  readonly statementDescriptor: string | null;
  readonly takesPendingItems: boolean;
}

/** What invoices of other businesses have, and ours never. */
const NOTHING = {
  account_country: "US",
  account_name: "Spell Platform",
  account_tax_ids: null,
  amount_overpaid: 0,
  amount_shipping: 0,
  application: null,
  automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
  custom_fields: null,
  customer_account: null,
  customer_address: null,
  customer_phone: null,
  customer_shipping: null,
  customer_tax_exempt: "none",
  customer_tax_ids: [],
  default_source: null,
  default_tax_rates: [],
  discounts: [],
  from_invoice: null,
  issuer: { type: "self" },
  last_finalization_error: null,
  latest_revision: null,
  on_behalf_of: null,
  parent: null,
  receipt_number: null,
  rendering: null,
  shipping_cost: null,
  shipping_details: null,
  test_clock: null,
  total_discount_amounts: [],
  total_pretax_credit_amounts: [],
  total_taxes: [],
} satisfies Partial<Invoice>;

/** Sums that are brought up to date with the lines. */
const ZERO = {
  amount_due: 0,
  amount_paid: 0,
  amount_remaining: 0,
  attempt_count: 0,
  attempted: false,
  ending_balance: null,
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  starting_balance: 0,
  subtotal: 0,
  subtotal_excluding_tax: 0,
  total: 0,
  total_excluding_tax: 0,
} satisfies Partial<Invoice>;

function draftOf({ clock }: Context, wish: InvoiceWish): Invoice & { id: string } {
  const id = newId("in");
  const { nowS } = clock;
  return {
    ...NOTHING,
    ...ZERO,
    id,
    object: "invoice",
    auto_advance: wish.autoAdvance,
    automatically_finalizes_at: null,
    billing_reason: "manual",
    collection_method: wish.collection,
    created: nowS,
    currency: wish.currency,
    customer: wish.customer.id,
    customer_email: wish.customer.email,
    customer_name: wish.customer.name ?? null,
    default_payment_method: wish.defaultPaymentMethod,
    description: wish.description,
    due_date: wish.dueDate,
    effective_at: null,
    footer: wish.footer,
    hosted_invoice_url: null,
    invoice_pdf: null,
    lines: listOf(`/v1/invoices/${id}/lines`, []),
    livemode: false,
    metadata: wish.metadata,
    next_payment_attempt: null,
    number: null,
    payment_settings: wish.paymentSettings,
    statement_descriptor: wish.statementDescriptor,
    period_end: nowS,
    period_start: nowS,
    status: "draft",
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    webhooks_delivered_at: null,
  };
}

/** A draft for a customer. */
export function createInvoice(context: Context, wish: InvoiceWish): Invoice {
  const { store } = context;
  const draft = draftOf(context, wish);
  create(context, "invoice", draft, wish.customer.id);
  store.hide(draft.id, { daysUntilDue: wish.daysUntilDue });
  if (wish.customer.currency === null)
    change(context, "customer", wish.customer, { currency: wish.currency });
  if (wish.takesPendingItems) {
    const waiting = store
      .allOf("invoiceitem", wish.customer.id)
      .filter(({ invoice, currency }) => invoice === null && currency === wish.currency);
    // Those that waited stand on it with the newest first.
    for (const item of waiting.reverse()) takeItem(context, item, draft.id);
  }
  const { object } = recalculate(context, draft);
  const planned = planAdvance(context, object);
  emit(context, "invoice.created", planned);
  return planned;
}
