import { eq } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accounts } from "../../drizzle/schema/index.ts";
import { creditAccount } from "../../server/services/billing/credit.ts";
import { collectInvoice } from "../../server/services/billing/invoices/collect.ts";
import { payInvoice } from "../../server/services/billing/invoices/pay.ts";
import { reconcile } from "../../server/services/billing/invoices/reconcile.ts";
import { syncInvoice } from "../../server/services/billing/invoices/sync.ts";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import {
  AFTER_NEXT_MS,
  createBilledWorld,
  NEXT_MONTH_MS,
  type BilledWorld,
} from "../support/billed-world.ts";
import { refusalOf } from "../support/stripe.ts";

let billed: BilledWorld;
beforeEach(async () => {
  billed = await createBilledWorld();
});
afterEach(() => billed.end());

const collect = (id: string) => collectInvoice(billed.billing, id);

async function atStripe() {
  const { data } = await billed.emulator.stripe.invoices.list({ limit: 100 });
  return data;
}

async function isPastDue(accountId: string): Promise<boolean> {
  const [account] = await billed.world.db.drizzle.select().from(accounts).where(eq(accounts.id, accountId));
  return account?.pastDueSince !== null;
}

async function entriesOf(invoiceId: string): Promise<string[]> {
  const rows = await billed.world.db.sql<{ kind: string }[]>`
    select e.kind from ledger_entries e where e.subject = ${invoiceId} order by e.seq`;
  return rows.map(({ kind }) => kind);
}

/** A closed invoice of 90 cents. */
async function closedInvoice(token?: string) {
  const account = await billed.person(token);
  await billed.cast(account, 90);
  return { account, invoice: await billed.close(account) };
}

test("an invoice is made at Stripe, collected, and known to be paid", async () => {
  const { account, invoice } = await closedInvoice();
  await collect(invoice.id);
  await payInvoice(billed.billing, invoice.id);
  const [made, ...others] = await atStripe();
  expect(others).toEqual([]);
  expect(made).toMatchObject({ status: "paid", total: 90, amount_paid: 90, currency: "usd" });
  expect(made?.metadata).toMatchObject({ invoice: invoice.id });
  expect(await billed.invoice(invoice.id)).toMatchObject({ status: "paid", stripeId: made?.id });
  expect((await billed.invoice(invoice.id)).paidAt).toBeInstanceOf(Date);
  expect(await entriesOf(invoice.id)).toEqual(["invoice.made", "invoice.paid"]);
  expect(await isPastDue(account)).toBe(false);
});

test("collected again, and many times at once, there is one invoice at Stripe", async () => {
  const { invoice } = await closedInvoice();
  await Promise.allSettled(Array.from({ length: 8 }, () => collect(invoice.id)));
  await collect(invoice.id);
  await collect(invoice.id);
  expect((await atStripe()).map(({ total }) => total)).toEqual([90]);
});

test("an invoice that was made, and not written down before the process died, is found again", async () => {
  const { invoice } = await closedInvoice();
  await collect(invoice.id);
  await billed.world.db.sql`update invoices set stripe_id = null, status = 'closed' where id = ${invoice.id}`;
  await collect(invoice.id);
  const [made, ...others] = await atStripe();
  expect(others).toEqual([]);
  expect((await billed.invoice(invoice.id)).stripeId).toBe(made?.id);
});

test("a card that does not pay puts the account on its allowance, until the invoice is paid", async () => {
  const { account, invoice } = await closedInvoice("pm_card_chargeCustomerFail");
  await collect(invoice.id);
  expect((await refusalOf(payInvoice(billed.billing, invoice.id))).code).toBe("card_declined");
  expect(await billed.invoice(invoice.id)).toMatchObject({ status: "past_due" });
  expect(await isPastDue(account)).toBe(true);

  const { stripe } = billed.emulator;
  const [made] = await atStripe();
  const [customer] = (await stripe.customers.list({ limit: 1 })).data;
  const good = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer?.id ?? "" });
  await stripe.invoices.pay(made?.id ?? "", { payment_method: good.id });
  await syncInvoice(billed.billing, made?.id ?? "");
  expect(await billed.invoice(invoice.id)).toMatchObject({ status: "paid" });
  expect(await isPastDue(account)).toBe(false);
  expect(await entriesOf(invoice.id)).toEqual(["invoice.made", "invoice.failed", "invoice.paid"]);
});

test("an invoice of somebody else's at Stripe changes nothing here", async () => {
  const { stripe } = billed.emulator;
  const { id: customer } = await stripe.customers.create({});
  const foreign = await stripe.invoices.create({ customer, metadata: { invoice: "'; drop table invoices" } });
  await syncInvoice(billed.billing, foreign.id);
  const { invoice } = await closedInvoice();
  await collect(invoice.id);
  const copy = await stripe.invoices.create({ customer, metadata: { invoice: invoice.id } });
  await stripe.invoices.voidInvoice((await stripe.invoices.finalizeInvoice(copy.id)).id).catch(() => null);
  await syncInvoice(billed.billing, copy.id);
  expect((await billed.invoice(invoice.id)).status).not.toBe("void");
});

test("what is owed to the account is given back to the card that paid, and the rest below a cent carried on", async () => {
  const { account, invoice } = await closedInvoice();
  await payInvoice(billed.billing, invoice.id);
  const credit = { account_id: account, amount_micros: 123_456, reason: "goodwill", reference: "case:1" };
  await creditAccount(billed.world, credit);
  const second = await billed.close(account, AFTER_NEXT_MS);
  expect(second).toMatchObject({ creditMicros: 123_456, dueCents: -12, carriedOutMicros: -3_456 });
  await Promise.allSettled([collect(second.id), collect(second.id)]);
  await collect(second.id);
  const { data: notes } = await billed.emulator.stripe.creditNotes.list({ limit: 10 });
  expect(notes.map(({ amount }) => amount)).toEqual([12]);
  expect(await billed.invoice(second.id)).toMatchObject({ status: "paid" });
  expect((await verifyLedger(billed.world.db)).disagreements).toEqual([]);
});

test("a credit is taken off before anything is collected", async () => {
  const account = await billed.person();
  await billed.cast(account, 90);
  const credit = { account_id: account, amount_micros: 250_000, reason: "goodwill", reference: "case:2" };
  await creditAccount(billed.world, credit);
  expect(await billed.close(account, NEXT_MONTH_MS)).toMatchObject({ dueCents: 65, creditMicros: 250_000 });
});

test("books and Stripe agree, and what Stripe has not told is taken from there", async () => {
  const { invoice } = await closedInvoice();
  await collect(invoice.id);
  const [made] = await atStripe();
  await billed.emulator.stripe.invoices.pay(made?.id ?? "");
  expect(await reconcile(billed.billing)).toEqual([]);
  expect(await billed.invoice(invoice.id)).toMatchObject({ status: "paid" });
});

test("what is in one of the two only, or of another amount, is told", async () => {
  const { stripe } = billed.emulator;
  const [{ invoice }, missing, other] = [await closedInvoice(), await closedInvoice(), await closedInvoice()];
  await Promise.all([invoice, missing.invoice, other.invoice].map(({ id }) => collect(id)));
  const { id: customer } = await stripe.customers.create({});
  await stripe.invoices.create({ customer, metadata: { invoice: invoice.id } });
  await stripe.invoices.create({ customer, metadata: { invoice: "'; drop table invoices" } });
  await billed.world.db
    .sql`update invoices set due_cents = 91, carried_out_micros = -10000 where id = ${other.invoice.id}`;
  await billed.world.db.sql`update invoices set stripe_id = null where id = ${missing.invoice.id}`;
  expect(await reconcile(billed.billing)).toEqual([
    { what: "invoices at Stripe that are not in the books", found: 2 },
    { what: "invoices of another amount at Stripe than in the books", found: 1 },
  ]);
});

test("an invoice that Stripe was never given is told after a day", async () => {
  await closedInvoice();
  const afterDays = (days: number) => new Date(Date.now() + NEXT_MONTH_MS + days * 86_400_000);
  expect(await reconcile(billed.billing, afterDays(0.5))).toEqual([]);
  expect(await reconcile(billed.billing, afterDays(2))).toEqual([
    { what: "invoices in the books that are not at Stripe", found: 1 },
  ]);
});
