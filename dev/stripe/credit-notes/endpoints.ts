import { z } from "zod";
import { defineEndpoint } from "../api/endpoint.ts";
import { invalidRequest, missing } from "../api/error.ts";
import { listPage } from "../api/list.ts";
import {
  clearableText,
  created,
  createdRange,
  integer,
  mergeMetadata,
  metadata,
  pageParameters,
  positive,
  text,
} from "../api/parameters.ts";
import type { Context } from "../context.ts";
import { change, emit } from "../events/emit.ts";
import { getInvoice } from "../invoices/get.ts";
import type { CreditNote } from "../store/kinds.ts";
import { createCreditNote } from "./create.ts";
import type { LineWish } from "./make-note.ts";

const line = z.strictObject({
  type: z.enum(["custom_line_item", "invoice_line_item"]),
  amount: positive.optional(),
  description: text.optional(),
  invoice_line_item: text.optional(),
  quantity: positive.optional(),
  unit_amount: positive.optional(),
});

const creation = z.strictObject({
  invoice: text,
  amount: positive.optional(),
  lines: z.array(line).min(1).optional(),
  credit_amount: integer.optional(),
  refund_amount: integer.optional(),
  out_of_band_amount: integer.optional(),
  refunds: z
    .array(z.strictObject({ refund: text, amount_refunded: positive.optional(), type: text.optional() }))
    .optional(),
  memo: text.optional(),
  reason: z.enum(["duplicate", "fraudulent", "order_change", "product_unsatisfactory"]).optional(),
  metadata: metadata.optional(),
  email_type: text.optional(),
});

function getNote({ store }: Context, id: string): CreditNote & { id: string } {
  const found = store.find("credit_note", id);
  if (found === null) throw missing("credit_note", id);
  return found;
}

/** @throws Refusal unless it says how much, and of a line of this invoice if of one */
function readLine({ store }: Context, invoice: string, sent: z.output<typeof line>): LineWish {
  const { quantity = null, invoice_line_item: of = null } = sent;
  const found = of === null ? null : store.find("line_item", of);
  if (of !== null && found?.invoice !== invoice)
    throw missing("invoice line item", of, "lines[invoice_line_item]");
  if ((sent.type === "invoice_line_item") !== (of !== null))
    throw invalidRequest("An invoice_line_item names the line of the invoice, and a custom one does not.", {
      param: "lines[type]",
    });
  const amount = sent.amount ?? (sent.unit_amount ?? 0) * (quantity ?? 1);
  if (amount === 0)
    throw invalidRequest("Missing required param: lines[amount].", { code: "parameter_missing" });
  return { amount, description: sent.description ?? found?.description ?? null, invoiceLine: of, quantity };
}

function make(context: Context, sent: z.output<typeof creation>): CreditNote {
  const invoice = getInvoice(context, sent.invoice, "invoice");
  if ((sent.amount === undefined) === (sent.lines === undefined))
    throw invalidRequest("You must provide exactly one of `amount` and `lines`.", { param: "amount" });
  const whole = { amount: sent.amount ?? 0, description: "Credit", invoiceLine: null, quantity: null };
  return createCreditNote(context, invoice, {
    lines: sent.lines?.map((one) => readLine(context, invoice.id, one)) ?? [whole],
    refund: sent.refund_amount ?? 0,
    credit: sent.credit_amount ?? 0,
    outOfBand: sent.out_of_band_amount ?? 0,
    refunds: (sent.refunds ?? []).map(({ refund, amount_refunded }) => ({
      id: refund,
      amount: amount_refunded ?? null,
    })),
    memo: sent.memo ?? null,
    reason: sent.reason ?? null,
    metadata: mergeMetadata(null, sent.metadata),
  });
}

export const CREDIT_NOTE_ENDPOINTS = [
  defineEndpoint({ method: "POST", path: "/v1/credit_notes", parameters: creation, run: make }),
  defineEndpoint({
    method: "GET",
    path: "/v1/credit_notes",
    parameters: z.strictObject({
      invoice: text.optional(),
      customer: text.optional(),
      created,
      ...pageParameters,
    }),
    run: (context, { invoice, customer, created: when, ...page }) =>
      listPage(context, "credit_note", "/v1/credit_notes", page, {
        owner: invoice,
        equals: { customer },
        ...createdRange(when),
      }),
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/credit_notes/:id",
    parameters: z.strictObject({}),
    run: (context, _, { id }) => getNote(context, id),
  }),
  defineEndpoint({
    method: "POST",
    path: "/v1/credit_notes/:id",
    parameters: z.strictObject({ memo: clearableText.optional(), metadata: metadata.optional() }),
    run: (context, { memo, metadata: given }, { id }) => {
      const note = getNote(context, id);
      const { object, previous } = change(context, "credit_note", note, {
        metadata: mergeMetadata(note.metadata, given),
        ...(memo !== undefined && { memo }),
      });
      emit(context, "credit_note.updated", object, previous);
      return object;
    },
  }),
  defineEndpoint({
    method: "GET",
    path: "/v1/credit_notes/:id/lines",
    parameters: z.strictObject(pageParameters),
    run: (context, page, { id }) => {
      getNote(context, id);
      const selection = { owner: id, isOldestFirst: true };
      return listPage(context, "credit_note_line_item", `/v1/credit_notes/${id}/lines`, page, selection);
    },
  }),
];
