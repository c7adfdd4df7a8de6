import { invalidRequest } from "../api/error.ts";
import type { Context } from "../context.ts";
import { create, emit } from "../events/emit.ts";
import { newId } from "../ids.ts";
import { idOf } from "../store/id-of.ts";
import type { Invoice, InvoiceItem, LineItem } from "../store/kinds.ts";
import { recalculate } from "./recalculate.ts";

export interface ItemWish {
  readonly customer: string;
  readonly currency: string;
  readonly amount: number;
  readonly unitAmount: string;
  readonly quantity: number;
  readonly description: string | null;
  readonly metadata: Record<string, string>;
  readonly period: { readonly start: number; readonly end: number } | null;
}

const DECIMAL = /^(-?)(\d{1,15})(?:\.(\d{1,12}))?$/;

/** Quantity times a decimal of cents, rounded to cents once. @throws Refusal when it is no decimal */
export function multiply(unitAmount: string, quantity: number): number {
  const [, sign = "", whole, fraction = ""] = DECIMAL.exec(unitAmount) ?? [];
  if (whole === undefined)
    throw invalidRequest(`Invalid decimal: ${unitAmount}`, { param: "unit_amount_decimal" });
  const scale = 10n ** BigInt(fraction.length);
  const product = BigInt(whole + fraction) * BigInt(quantity);
  const cents = Number((2n * product + scale) / (2n * scale));
  return sign === "-" ? -cents : cents;
}

/** Something that a customer is to be invoiced for, with the next invoice or one that is named. */
export function createItem(context: Context, wish: ItemWish, invoice: Invoice | null): InvoiceItem {
  const { nowS } = context.clock;
  const item: InvoiceItem = {
    id: newId("ii"),
    object: "invoiceitem",
    amount: wish.amount,
    currency: wish.currency,
    customer: wish.customer,
    customer_account: null,
    date: nowS,
    description: wish.description,
    discountable: true,
    discounts: [],
    invoice: invoice?.id ?? null,
    livemode: false,
    metadata: wish.metadata,
    parent: null,
    period: wish.period ?? { start: nowS, end: nowS },
    pricing: { type: "price_details", unit_amount_decimal: wish.unitAmount },
    proration: false,
    quantity: wish.quantity,
    quantity_decimal: String(wish.quantity),
    tax_rates: [],
    test_clock: null,
  };
  create(context, "invoiceitem", item, wish.customer);
  emit(context, "invoiceitem.created", item);
  if (invoice !== null) writeLine(context, item, invoice.id);
  return item;
}

function writeLine({ store }: Context, item: InvoiceItem, invoice: string): void {
  const line: LineItem = {
    id: newId("il"),
    object: "line_item",
    amount: item.amount,
    currency: item.currency,
    description: item.description,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice,
    livemode: false,
    metadata: item.metadata ?? {},
    parent: {
      type: "invoice_item_details",
      subscription_item_details: null,
      invoice_item_details: {
        invoice_item: item.id,
        proration: false,
        proration_details: { credited_items: null },
        subscription: null,
      },
    },
    period: item.period,
    pretax_credit_amounts: [],
    pricing: item.pricing,
    quantity: item.quantity,
    quantity_decimal: item.quantity_decimal,
    subscription: null,
    subtotal: item.amount,
    taxes: [],
  };
  store.put("line_item", line, invoice);
}

/** Puts an item that waited for an invoice onto one. */
export function takeItem(context: Context, item: InvoiceItem, invoice: string): void {
  context.store.put("invoiceitem", { ...item, invoice });
  writeLine(context, item, invoice);
}

const itemOf = (line: LineItem): string => line.parent?.invoice_item_details?.invoice_item ?? "";

/** Takes an item away, and its line with it. @throws Refusal once it was invoiced for good */
export function removeItem(context: Context, item: InvoiceItem): void {
  const { store } = context;
  const invoice = store.find("invoice", idOf(item.invoice));
  if (invoice !== null && invoice.status !== "draft")
    throw invalidRequest("This invoice item can't be deleted: its invoice is no longer editable.", {
      code: "invoice_not_editable",
    });
  store.remove(item.id);
  emit(context, "invoiceitem.deleted", item);
  if (invoice === null) return;
  for (const line of store.allOf("line_item", invoice.id))
    if (itemOf(line) === item.id) store.remove(line.id);
  const { object, previous } = recalculate(context, invoice);
  emit(context, "invoice.updated", object, previous);
}

/** An invoice that will never be: its lines are gone with it. */
export function removeLines({ store }: Context, invoice: Invoice): void {
  for (const line of store.allOf("line_item", invoice.id)) {
    store.remove(itemOf(line));
    store.remove(line.id);
  }
}
