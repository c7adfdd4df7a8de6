import { eq } from "drizzle-orm";
import type { Stripe } from "stripe";
import { invoices } from "../../../../drizzle/schema/index.ts";
import { withCustomer } from "../ensure-customer.ts";
import { askStripe, findAtStripe, idOf } from "../stripe.ts";
import type { Billing } from "./billing.ts";
import { giveBack } from "./give-back.ts";
import { recordCollection, type InvoiceRow } from "./record.ts";

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

/** Makes the draft; the key has Stripe give what it made before. It waits for its amount, and does nothing by itself. */
const create = ({ stripe }: Billing, invoice: InvoiceRow, customer: string): Promise<Stripe.Invoice> =>
  stripe.invoices.create(
    {
      customer,
      currency: "usd",
      auto_advance: false,
      collection_method: "charge_automatically",
      pending_invoice_items_behavior: "exclude",
      description: describe(invoice),
      metadata: { invoice: invoice.id, month: invoice.month.slice(0, 7), part: invoice.part },
    },
    // Another customer's is another request.
    { idempotencyKey: `invoice:${invoice.id}:${customer}` },
  );

/** Puts the amount on a draft, and gives the draft's total after that. */
async function addItem({ stripe }: Billing, invoice: InvoiceRow, draft: Stripe.Invoice, customer: string) {
  const item = await stripe.invoiceItems.create(
    {
      customer,
      invoice: draft.id,
      currency: "usd",
      amount: invoice.dueCents,
      description: describe(invoice),
      metadata: { invoice: invoice.id },
      expand: ["invoice"],
    },
    { idempotencyKey: `invoice-item:${draft.id}` },
  );
  const after = item.invoice;
  return after === null || typeof after === "string" ? null : after.total;
}

/** Lets Stripe collect a draft, if it is of our amount. */
function finalize({ stripe }: Billing, invoice: InvoiceRow, draft: Stripe.Invoice, total: number | null) {
  if (total !== invoice.dueCents)
    throw new Error(`${draft.id} is of ${total} cents at Stripe and of ${invoice.dueCents} here`);
  return stripe.invoices.finalizeInvoice(
    draft.id,
    { auto_advance: true },
    { idempotencyKey: `invoice-finalize:${draft.id}` },
  );
}

/** What nobody has begun: three calls. Whatever goes wrong in them is looked into by the next attempt. */
async function bringFirst(billing: Billing, invoice: InvoiceRow, customer: string): Promise<Stripe.Invoice> {
  const draft = await create(billing, invoice, customer);
  return finalize(billing, invoice, draft, await addItem(billing, invoice, draft, customer));
}

/**
 * The invoice at Stripe, made if there is none. A draft of a customer that is deleted since is nobody's: it gives way to
 * one of the customer that took its place. What was finalized stays, and can be paid on its page.
 */
async function findOrMake(billing: Billing, invoice: InvoiceRow, customer: string): Promise<Stripe.Invoice> {
  const { db, stripe } = billing;
  const { stripeId } = invoice;
  if (stripeId !== null) {
    const present = await findAtStripe(billing, () => stripe.invoices.retrieve(stripeId));
    if (present !== null && (present.status !== "draft" || idOf(present.customer) === customer))
      return present;
    if (present !== null) await findAtStripe(billing, () => stripe.invoices.del(stripeId));
  }
  const made = (await findMade(stripe, customer, invoice.id)) ?? (await create(billing, invoice, customer));
  await db.drizzle.update(invoices).set({ stripeId: made.id }).where(eq(invoices.id, invoice.id));
  return made;
}

/** What an earlier attempt may have left at any point: looks at Stripe before each step. */
async function bringAgain(billing: Billing, invoice: InvoiceRow, customer: string): Promise<Stripe.Invoice> {
  const { stripe } = billing;
  const made = await findOrMake(billing, invoice, customer);
  if (made.status !== "draft") return made;
  const { data: items } = await stripe.invoiceItems.list({ invoice: made.id, limit: 2 });
  if (items.length === 0) await addItem(billing, invoice, made, customer);
  const { total } = await stripe.invoices.retrieve(made.id);
  return finalize(billing, invoice, made, total);
}

/** Stripe remembers a key for a day at least. Before this time has passed, the keys of all attempts are known to it. */
const KEYS_KNOWN_MS = 12 * 3_600_000;

/**
 * Brings a closed invoice to Stripe and lets Stripe collect it; one of less than zero is given back. It may be called
 * again after any failure, and many times at once: an invoice is made at Stripe once. `isFirst`: the caller knows of no
 * earlier attempt; should there have been one all the same, Stripe's memory of its keys keeps it from being made twice.
 * @throws StripeUnavailable, StripeRefused
 */
export async function collectInvoice(billing: Billing, invoiceId: string, isFirst = false): Promise<void> {
  const { db, clock } = billing;
  const [invoice] = await db.drizzle.select().from(invoices).where(eq(invoices.id, invoiceId));
  if (invoice === undefined) throw new Error(`there is no invoice ${invoiceId}`);
  if (invoice.status === "carried") return;
  if (invoice.status === "paid" && (invoice.stripeId !== null || invoice.dueCents < 0)) return;
  if (invoice.dueCents < 0) return giveBack(billing, invoice);
  const ageMs = Date.now() + clock.offsetMs - invoice.closedAt.getTime();
  let isUntouched = isFirst && invoice.stripeId === null && ageMs < KEYS_KNOWN_MS;
  const found = await withCustomer(billing, invoice.accountId, (customer) => {
    const bring = isUntouched ? bringFirst : bringAgain;
    // Called a second time, for the customer that took a deleted one's place, it looks first.
    isUntouched = false;
    return askStripe(billing, () => bring(billing, invoice, customer));
  });
  await recordCollection(billing, invoice, found);
}
