import type { Task } from "graphile-worker";
import { z } from "zod";
import type { Billing } from "../../server/services/billing/invoices/billing.ts";
import { collectInvoice } from "../../server/services/billing/invoices/collect.ts";

const payloadShape = z.object({ invoice_id: z.uuid() });

/** Brings a closed invoice to Stripe. Made again after any failure; Stripe is given each invoice once. */
export const collectInvoiceTask =
  (billing: Billing | null): Task =>
  async (payload, { job }) => {
    const { invoice_id: invoiceId } = payloadShape.parse(payload);
    if (billing === null) throw new Error("an invoice is to be collected, and STRIPE_SECRET_KEY is not set");
    await collectInvoice(billing, invoiceId, job.attempts === 1);
  };
