import { z } from "zod";
import { defineEndpoint, type Endpoint } from "../api/endpoint.ts";
import { invalidRequest } from "../api/error.ts";
import { listPage } from "../api/list.ts";
import {
  created,
  createdRange,
  flag,
  mergeMetadata,
  metadata,
  pageParameters,
  text,
} from "../api/parameters.ts";
import type { Context } from "../context.ts";
import { getCustomer } from "../customers/get.ts";
import { emit } from "../events/emit.ts";
import { searchEndpoint } from "../search/endpoint.ts";
import { idOf } from "../store/id-of.ts";
import type { Invoice } from "../store/kinds.ts";
import {
  changeInvoice,
  checkDefaultMethod,
  invoiceChanges,
  invoiceParameters,
  paymentSettings,
} from "./change.ts";
import { createInvoice } from "./create.ts";
import { finalizeInvoice } from "./finalize.ts";
import { getDraft, getInvoice } from "./get.ts";
import { markUncollectible, voidInvoice } from "./give-up.ts";
import { itemParameters, readItem } from "./item-parameters.ts";
import { createItem, removeLines } from "./items.ts";
import { payInvoice } from "./pay.ts";
import { recalculate } from "./recalculate.ts";
import { dropTasks } from "./schedule.ts";

const creation = z.strictObject({
  ...invoiceParameters,
  customer: text,
  currency: text.optional(),
  pending_invoice_items_behavior: z.enum(["include", "exclude"]).optional(),
});

const addition = z.strictObject({
  lines: z.array(z.strictObject(itemParameters)).min(1).max(250),
  invoice_metadata: metadata.optional(),
});

function make(context: Context, sent: z.output<typeof creation>): Invoice {
  const customer = getCustomer(context, sent.customer, "customer");
  const collection = sent.collection_method ?? "charge_automatically";
  const isSent = collection === "send_invoice";
  if (isSent !== (sent.due_date !== undefined || sent.days_until_due !== undefined))
    throw invalidRequest(
      isSent
        ? "If invoices have collection_method set to send_invoice, you must specify due_date or days_until_due."
        : "You can only set due_date or days_until_due if the collection_method is send_invoice.",
      { param: "days_until_due" },
    );
  checkDefaultMethod(context, sent.default_payment_method, customer.id);
  return createInvoice(context, {
    customer,
    currency: sent.currency ?? customer.currency ?? "usd",
    autoAdvance: sent.auto_advance ?? false,
    collection,
    dueDate: sent.due_date ?? null,
    daysUntilDue: sent.days_until_due ?? null,
    description: sent.description ?? null,
    footer: sent.footer ?? null,
    defaultPaymentMethod: sent.default_payment_method ?? null,
    metadata: mergeMetadata(null, sent.metadata),
    paymentSettings: paymentSettings(sent.payment_settings),
    statementDescriptor: sent.statement_descriptor ?? null,
    takesPendingItems: sent.pending_invoice_items_behavior === "include",
  });
}

function addLines(context: Context, sent: z.output<typeof addition>, id: string): Invoice {
  const invoice = getDraft(context, id);
  const customer = idOf(invoice.customer);
  for (const line of sent.lines) createItem(context, readItem(line, customer, invoice.currency), invoice);
  const noted = { ...invoice, metadata: mergeMetadata(invoice.metadata, sent.invoice_metadata) };
  const { object, previous } = recalculate(context, noted);
  emit(context, "invoice.updated", object, previous);
  return object;
}

function removeDraft(context: Context, id: string) {
  const invoice = getDraft(context, id);
  removeLines(context, invoice);
  dropTasks(context, id);
  context.store.remove(id);
  context.index.note("invoice", id);
  emit(context, "invoice.deleted", invoice);
  return { id, object: "invoice", deleted: true };
}

/** Something that is done to an invoice, and says nothing more. */
const doing = (path: string, run: (context: Context, invoice: Invoice) => Invoice): Endpoint =>
  defineEndpoint({
    method: "POST",
    path: `/v1/invoices/:id/${path}`,
    parameters: z.strictObject({}),
    run: (context, _, { id }) => run(context, getInvoice(context, id)),
  });

export const INVOICE_ENDPOINTS = [
  searchEndpoint("invoice", "/v1/invoices/search"),
  defineEndpoint({ method: "POST", path: "/v1/invoices", parameters: creation, run: make }),
  defineEndpoint({
    method: "GET",
    path: "/v1/invoices",
    parameters: z.strictObject({
      customer: text.optional(),
      status: z.enum(["draft", "open", "paid", "uncollectible", "void"]).optional(),
      collection_method: text.optional(),
      created,
      ...pageParameters,
    }),
    run: (context, { customer, status, collection_method, created: when, ...page }) =>
      listPage(context, "invoice", "/v1/invoices", page, {
        owner: customer,
        equals: { status, collection_method },
        ...createdRange(when),
      }),
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/invoices/:id",
    parameters: z.strictObject({}),
    run: (context, _, { id }) => getInvoice(context, id),
  }),
  defineEndpoint({
    method: "POST",
    path: "/v1/invoices/:id",
    parameters: invoiceChanges,
    run: (context, sent, { id }) => changeInvoice(context, getInvoice(context, id), sent),
  }),
  defineEndpoint({
    method: "DELETE",
    path: "/v1/invoices/:id",
    parameters: z.strictObject({}),
    run: (context, _, { id }) => removeDraft(context, id),
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/invoices/:id/lines",
    parameters: z.strictObject(pageParameters),
    run: (context, page, { id }) => {
      getInvoice(context, id);
      const selection = { owner: id, isOldestFirst: true };
      return listPage(context, "line_item", `/v1/invoices/${id}/lines`, page, selection);
    },
  }),
  defineEndpoint({
    method: "POST",
    path: "/v1/invoices/:id/add_lines",
    parameters: addition,
    run: (context, sent, { id }) => addLines(context, sent, id),
  }),
  defineEndpoint({
    method: "POST",
    path: "/v1/invoices/:id/finalize",
    parameters: z.strictObject({ auto_advance: flag.optional() }),
    run: (context, { auto_advance }, { id }) => {
      const invoice = getInvoice(context, id);
      return finalizeInvoice(context, invoice, auto_advance ?? invoice.auto_advance === true);
    },
  }),
  defineEndpoint({
    method: "POST",
    path: "/v1/invoices/:id/pay",
    parameters: z.strictObject({
      payment_method: text.optional(),
      off_session: flag.optional(),
      paid_out_of_band: flag.optional(),
      forgive: flag.optional(),
    }),
    run: (context, { payment_method, paid_out_of_band }, { id }) =>
      payInvoice(context, getInvoice(context, id), {
        method: payment_method ?? null,
        isOutOfBand: paid_out_of_band ?? false,
      }),
  }),
  doing("void", voidInvoice),
  doing("mark_uncollectible", markUncollectible),
  doing("send", (context, before) => {
    const invoice =
      before.status === "draft" ? finalizeInvoice(context, before, before.auto_advance === true) : before;
    emit(context, "invoice.sent", invoice);
    return invoice;
  }),
];
