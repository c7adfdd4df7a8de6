import { eq } from "drizzle-orm";
import type { Stripe } from "stripe";
import { invoices, stripeCustomers } from "../../../../drizzle/schema/index.ts";
import { giveBack } from "./give-back.ts";
import type { Billing } from "./billing.ts";
import { recordStripeInvoice, type InvoiceRow } from "./record.ts";

async function customerOf({ db, isLive }: Billing, accountId: string): Promise<string> {
  const rows = await db.drizzle
    .select({ id: stripeCustomers.id, isLive: stripeCustomers.isLive })
    .from(stripeCustomers)
    .where(eq(stripeCustomers.accountId, accountId));
  const customer = rows.find((row) => row.isLive === isLive);
  if (customer === undefined) throw new Error(`account ${accountId} owes, and is no customer at Stripe`);
  return customer.id;
}

/**
 * The invoice that an earlier attempt made at Stripe and did not live to write down. Found among the customer's, by our
 * id in its metadata: that list is up to date at once, where Stripe's search lags by a minute.
 */
async function findMade(stripe: Stripe, customer: string, id: string): Promise<Stripe.Invoice | undefined> {
  for await (const made of stripe.invoices.list({ customer, limit: 100 })) {
    if (made.metadata?.["invoice"] === id && made.status !== "void") return made;
  }
  return undefined;
}

const dollars = (micros: number) => (micros / 1_000_000).toFixed(6);

/** What a person reads on it. Stripe counts cents: the micros are written out. */
function describe({ month, settledMicros, allowanceMicros, creditMicros, ...carried }: InvoiceRow): string {
  const parts = [
    `Casts in ${month.slice(0, 7)}: ${dollars(settledMicros)}`,
    allowanceMicros === 0 ? null : `free allowance: -${dollars(allowanceMicros)}`,
    creditMicros === 0 ? null : `credits: -${dollars(creditMicros)}`,
    carried.carriedInMicros === 0 ? null : `from before: ${dollars(carried.carriedInMicros)}`,
    carried.carriedOutMicros === 0 ? null : `carried on: ${dollars(carried.carriedOutMicros)}`,
  ];
  return `${parts.filter((part) => part !== null).join("; ")} (USD)`;
}

async function make({ stripe }: Billing, invoice: InvoiceRow, customer: string): Promise<Stripe.Invoice> {
  const found = await findMade(stripe, customer, invoice.id);
  if (found !== undefined) return found;
  return stripe.invoices.create(
    {
      customer,
      currency: "usd",
      auto_advance: true,
      collection_method: "charge_automatically",
      pending_invoice_items_behavior: "exclude",
      description: describe(invoice),
      metadata: { invoice: invoice.id, month: invoice.month.slice(0, 7), part: invoice.part },
    },
    { idempotencyKey: `invoice:${invoice.id}` },
  );
}

/** Puts the amount on a draft that has none yet, and lets Stripe collect it. */
async function finish({ stripe }: Billing, invoice: InvoiceRow, draft: Stripe.Invoice, customer: string) {
  const { data: items } = await stripe.invoiceItems.list({ invoice: draft.id, limit: 2 });
  if (items.length === 0) {
    await stripe.invoiceItems.create(
      {
        customer,
        invoice: draft.id,
        currency: "usd",
        amount: invoice.dueCents,
        description: describe(invoice),
        metadata: { invoice: invoice.id },
      },
      { idempotencyKey: `invoice-item:${invoice.id}` },
    );
  }
  const whole = await stripe.invoices.retrieve(draft.id);
  if (whole.total !== invoice.dueCents)
    throw new Error(`${draft.id} is of ${whole.total} cents at Stripe and of ${invoice.dueCents} here`);
  return stripe.invoices.finalizeInvoice(
    draft.id,
    { auto_advance: true },
    { idempotencyKey: `invoice-finalize:${invoice.id}` },
  );
}

/**
 * Brings a closed invoice to Stripe and lets Stripe collect it; one of less than zero is given back. It may be called
 * again after any failure, and many times at once: an invoice is made at Stripe once.
 * @throws StripeError
 */
export async function collectInvoice(billing: Billing, invoiceId: string): Promise<void> {
  const { db, stripe } = billing;
  const [invoice] = await db.drizzle.select().from(invoices).where(eq(invoices.id, invoiceId));
  if (invoice === undefined) throw new Error(`there is no invoice ${invoiceId}`);
  if (invoice.status === "carried" || invoice.status === "paid") return;
  if (invoice.dueCents < 0) return giveBack(billing, invoice);
  const customer = await customerOf(billing, invoice.accountId);
  const made =
    invoice.stripeId === null
      ? await make(billing, invoice, customer)
      : await stripe.invoices.retrieve(invoice.stripeId);
  if (invoice.stripeId === null)
    await db.drizzle.update(invoices).set({ stripeId: made.id }).where(eq(invoices.id, invoice.id));
  const found = made.status === "draft" ? await finish(billing, invoice, made, customer) : made;
  await recordStripeInvoice(billing, invoice, found);
}
