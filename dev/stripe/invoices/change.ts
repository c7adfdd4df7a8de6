import { z } from "zod";
import { invalidRequest, missing } from "../api/error.ts";
import { clearableText, flag, integer, mergeMetadata, metadata, text } from "../api/parameters.ts";
import type { Context } from "../context.ts";
import { change, emit } from "../events/emit.ts";
import { takePaymentMethod } from "../payment-methods/create.ts";
import type { Invoice } from "../store/kinds.ts";
import { idOf } from "../store/id-of.ts";
import { planAdvance } from "./schedule.ts";

/** What can be said of an invoice when it is made and later. */
export const invoiceParameters = {
  auto_advance: flag.optional(),
  collection_method: z.enum(["charge_automatically", "send_invoice"]).optional(),
  days_until_due: integer.optional(),
  default_payment_method: clearableText.optional(),
  description: clearableText.optional(),
  due_date: integer.optional(),
  footer: clearableText.optional(),
  metadata: metadata.optional(),
  payment_settings: z
    .strictObject({ payment_method_types: z.array(z.literal("card")).optional() })
    .optional(),
  statement_descriptor: text.optional(),
};

export const invoiceChanges = z.strictObject({
  ...invoiceParameters,
  automatically_finalizes_at: integer.optional(),
  number: text.optional(),
});
type Changes = z.output<typeof invoiceChanges>;

/** Once it is finalized, only how it is collected can be changed, and what only we read. */
const ALWAYS = new Set(["auto_advance", "default_payment_method", "metadata"]);

/** How an invoice may be paid: by cards, said or unsaid. */
export const paymentSettings = (
  sent: { readonly payment_method_types?: "card"[] | undefined } | undefined,
): Invoice["payment_settings"] => ({
  default_mandate: null,
  payment_method_options: null,
  payment_method_types: sent?.payment_method_types ?? null,
});

/** A card of the customer's own. @throws Refusal */
export function checkDefaultMethod(context: Context, id: string | null | undefined, customer: string): void {
  if (id == null) return;
  if (takePaymentMethod(context, id, "default_payment_method").customer !== customer)
    throw missing("PaymentMethod", id, "default_payment_method");
}

/** @throws Refusal when that cannot be changed any more */
export function changeInvoice(context: Context, invoice: Invoice, sent: Changes): Invoice {
  const late = Object.keys(sent).find((name) => !ALWAYS.has(name));
  if (invoice.status !== "draft" && late !== undefined)
    throw invalidRequest(`Finalized invoices can't be updated in this way: ${late}.`, {
      code: "invoice_not_editable",
      param: late,
    });
  checkDefaultMethod(context, sent.default_payment_method, idOf(invoice.customer));
  const { metadata: given, days_until_due: days, automatically_finalizes_at: finalizesAt, ...rest } = sent;
  const { payment_settings: settings, ...plain } = rest;
  const set = Object.entries(plain).filter(([, value]) => value !== undefined);
  const { object, previous } = change(context, "invoice", invoice, {
    ...Object.fromEntries(set),
    ...(settings && { payment_settings: paymentSettings(settings) }),
    metadata: mergeMetadata(invoice.metadata, given),
  });
  if (days !== undefined) context.store.hide(invoice.id, { daysUntilDue: days });
  const mustPlan = sent.auto_advance !== undefined && sent.auto_advance !== invoice.auto_advance;
  const planned = mustPlan ? planAdvance(context, object) : object;
  const after = finalizesAt === undefined ? planned : finalizeAt(context, planned, finalizesAt);
  emit(context, "invoice.updated", after, previous);
  return after;
}

function finalizeAt(context: Context, invoice: Invoice, dueS: number): Invoice {
  context.tasks.set({ name: "finalize-invoice", object: invoice.id, dueS });
  return context.store.put("invoice", { ...invoice, automatically_finalizes_at: dueS });
}
