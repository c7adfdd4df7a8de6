import { z } from "zod";
import { defineEndpoint } from "../api/endpoint.ts";
import { invalidRequest, missing } from "../api/error.ts";
import { listPage } from "../api/list.ts";
import { created, createdRange, pageParameters, text } from "../api/parameters.ts";
import type { Context } from "../context.ts";
import { getCustomer } from "../customers/get.ts";
import { emit } from "../events/emit.ts";
import type { Invoice, InvoiceItem } from "../store/kinds.ts";
import { idOf } from "../store/id-of.ts";
import { getDraft } from "./get.ts";
import { itemParameters, readItem } from "./item-parameters.ts";
import { createItem, removeItem } from "./items.ts";
import { recalculate } from "./recalculate.ts";

const itemCreation = z.strictObject({
  ...itemParameters,
  customer: text.optional(),
  currency: text.optional(),
  invoice: text.optional(),
});

function getItem({ store }: Context, id: string): InvoiceItem & { id: string } {
  const found = store.find("invoiceitem", id);
  if (found === null) throw missing("invoiceitem", id);
  return found;
}

/** @throws Refusal when item and invoice are of two customers or two currencies */
function checkFit(invoice: Invoice, customer: string, currency: string): void {
  if (idOf(invoice.customer) !== customer)
    throw invalidRequest("The invoice belongs to another customer.", { param: "invoice" });
  if (invoice.currency !== currency)
    throw invalidRequest(`The currency of the invoice is ${invoice.currency}.`, { param: "currency" });
}

function addItem(context: Context, sent: z.output<typeof itemCreation>): InvoiceItem {
  const invoice = sent.invoice === undefined ? null : getDraft(context, sent.invoice, "invoice");
  const customer = sent.customer ?? idOf(invoice?.customer);
  if (customer === "")
    throw invalidRequest("Missing required param: customer.", {
      code: "parameter_missing",
      param: "customer",
    });
  const owner = getCustomer(context, customer, "customer");
  const currency = sent.currency ?? invoice?.currency ?? owner.currency ?? "usd";
  if (invoice !== null) checkFit(invoice, customer, currency);
  const item = createItem(context, readItem(sent, customer, currency), invoice);
  if (invoice !== null) {
    const { object, previous } = recalculate(context, invoice);
    emit(context, "invoice.updated", object, previous);
  }
  return item;
}

export const ITEM_ENDPOINTS = [
  defineEndpoint({ method: "POST", path: "/v1/invoiceitems", parameters: itemCreation, run: addItem }),
  defineEndpoint({
    method: "GET",
    path: "/v1/invoiceitems",
    parameters: z.strictObject({
      customer: text.optional(),
      invoice: text.optional(),
      pending: z.enum(["true", "false"]).optional(),
      created,
      ...pageParameters,
    }),
    run: (context, { customer, invoice, pending, created: when, ...page }) =>
      listPage(context, "invoiceitem", "/v1/invoiceitems", page, {
        owner: customer,
        equals: { invoice },
        ...(pending !== undefined && { isNull: { invoice: pending === "true" } }),
        ...createdRange(when),
      }),
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/invoiceitems/:id",
    parameters: z.strictObject({}),
    run: (context, _, { id }) => getItem(context, id),
  }),
  defineEndpoint({
    method: "DELETE",
    path: "/v1/invoiceitems/:id",
    parameters: z.strictObject({}),
    run: (context, _, { id }) => {
      removeItem(context, getItem(context, id));
      return { id, object: "invoiceitem", deleted: true };
    },
  }),
];
