import { z } from "zod";

/** What a version of a spell cost in a part. */
const lineView = z.object({
  spell_name: z.string(),
  version: z.string(),
  calls: z.int(),
  cost_micros: z.int(),
});

/** A part of a month as its account sees it: `cost - allowance - credit + carried_in = due + carried_out`. */
export const invoiceView = z.object({
  id: z.string(),
  number: z.int(),
  month: z.string().regex(/^\d{4}-\d{2}$/),
  part: z.int(),
  status: z
    .enum(["carried", "closed", "open", "past_due", "paid", "void", "uncollectible"])
    .describe("`carried`: nothing to pay. `closed`: on its way to Stripe."),
  cost_micros: z.int(),
  allowance_micros: z.int().describe("Of the cost, what the free allowance paid."),
  credit_micros: z.int(),
  carried_in_micros: z.int().describe("From the invoice before; less than zero when we owed."),
  due_cents: z.int().describe("Less than zero: given back."),
  carried_out_micros: z.int().describe("Too little to collect: on the next invoice."),
  closed_at: z.iso.datetime(),
  paid_at: z.iso.datetime().nullable(),
  hosted_url: z.string().nullable().describe("Stripe's page of it, where it can be paid."),
  pdf_url: z.string().nullable(),
  lines: z.array(lineView),
});

export type InvoiceView = z.output<typeof invoiceView>;
export type InvoiceLineView = z.output<typeof lineView>;
