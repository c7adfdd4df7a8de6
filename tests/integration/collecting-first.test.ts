/** The first attempt asks Stripe no more than it must; whatever it leaves behind, an invoice is made once. */
import type { JobHelpers } from "graphile-worker";
import type Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { collectInvoiceTask } from "../../jobs/tasks/collect-invoice.ts";
import { collectInvoice } from "../../server/services/billing/invoices/collect.ts";
import type { InvoiceRow } from "../../server/services/billing/invoices/record.ts";
import { syncInvoice } from "../../server/services/billing/invoices/sync.ts";
import { createBilledWorld, NEXT_MONTH_MS, type BilledWorld } from "../support/billed-world.ts";
import { control } from "../support/stripe-invoices.ts";

let billed: BilledWorld;
beforeEach(async () => {
  billed = await createBilledWorld();
});
afterEach(() => billed.end());

const HOUR_S = 3_600;

async function closedInvoice(): Promise<InvoiceRow> {
  const account = await billed.person();
  await billed.cast(account, 90);
  return billed.close(account);
}

async function atStripe(): Promise<Stripe.Invoice[]> {
  return (await billed.emulator.stripe.invoices.list({ limit: 100 })).data;
}

/** How many calls an action makes. */
async function callsOf(action: () => Promise<void>): Promise<number> {
  const calls = async () =>
    ((await (await control(billed.emulator, "state")).json()) as { calls: number }).calls;
  const before = await calls();
  await action();
  return (await calls()) - before;
}

/** Collects as a process does that dies before one of its calls. */
async function dieBefore(name: "items" | "finalizing", id: string): Promise<void> {
  const { stripe } = billed.billing;
  const die = () => Promise.reject(new Error("this process died"));
  const dying = Object.create(stripe, {
    invoiceItems: { value: name === "items" ? { create: die } : stripe.invoiceItems },
    invoices: {
      value: Object.create(
        stripe.invoices,
        name === "finalizing" ? { finalizeInvoice: { value: die } } : {},
      ) as object,
    },
  }) as Stripe;
  await expect(collectInvoice({ ...billed.billing, stripe: dying }, id, true)).rejects.toThrow("died");
}

test("a first attempt takes three calls, and its invoice is ours at once", async () => {
  const invoice = await closedInvoice();
  expect(await callsOf(() => collectInvoice(billed.billing, invoice.id, true))).toBe(3);
  const [made, ...others] = await atStripe();
  expect(others).toEqual([]);
  expect(made).toMatchObject({ status: "open", total: 90, auto_advance: true });
  expect(await billed.invoice(invoice.id)).toMatchObject({ status: "open", stripeId: made?.id });
});

test.each(["items", "finalizing"] as const)(
  "what dies before %s is finished by the next attempt, first or not",
  async (name) => {
    for (const isFirst of [true, false]) {
      const invoice = await closedInvoice();
      await dieBefore(name, invoice.id);
      expect(await billed.invoice(invoice.id)).toMatchObject({ status: "closed", stripeId: null });
      await collectInvoice(billed.billing, invoice.id, isFirst);
      expect(await billed.invoice(invoice.id)).toMatchObject({ status: "open" });
    }
    expect((await atStripe()).map(({ status, total }) => [status, total])).toEqual([
      ["open", 90],
      ["open", 90],
    ]);
  },
);

test("a draft that was left behind is not finished by Stripe without its amount", async () => {
  const invoice = await closedInvoice();
  await dieBefore("items", invoice.id);
  await control(billed.emulator, "clock", { advance_seconds: 3 * HOUR_S });
  expect((await atStripe()).map(({ status }) => status)).toEqual(["draft"]);
  await collectInvoice(billed.billing, invoice.id);
  expect((await atStripe()).map(({ status, total }) => [status, total])).toEqual([["open", 90]]);
});

test("many first attempts at once, and others beside them, make one invoice", async () => {
  const invoice = await closedInvoice();
  const attempts = Array.from({ length: 9 }, (_, nth) =>
    collectInvoice(billed.billing, invoice.id, nth % 3 > 0),
  );
  await Promise.allSettled(attempts);
  await collectInvoice(billed.billing, invoice.id);
  expect((await atStripe()).map(({ status, total }) => [status, total])).toEqual([["open", 90]]);
});

test("a first attempt so late that Stripe may have forgotten the keys looks before it makes", async () => {
  const invoice = await closedInvoice();
  await collectInvoice(billed.billing, invoice.id);
  await billed.world.db.sql`update invoices set stripe_id = null, status = 'closed' where id = ${invoice.id}`;
  await control(billed.emulator, "clock", { advance_seconds: 48 * HOUR_S });
  const clock = { offsetMs: NEXT_MONTH_MS + 48 * HOUR_S * 1_000 };
  await collectInvoice({ ...billed.billing, clock }, invoice.id, true);
  expect(await atStripe()).toHaveLength(1);
});

test("an event that is faster than the answer to a first attempt changes nothing of whose invoice it is", async () => {
  const invoice = await closedInvoice();
  const { stripe } = billed.billing;
  const finalizeInvoice: Stripe["invoices"]["finalizeInvoice"] = async (id, ...more) => {
    const open = await stripe.invoices.finalizeInvoice(id, ...more);
    await stripe.invoices.pay(id);
    await syncInvoice(billed.billing, id);
    return open;
  };
  const slow = Object.create(stripe, {
    invoices: {
      value: Object.create(stripe.invoices, { finalizeInvoice: { value: finalizeInvoice } }) as object,
    },
  }) as Stripe;
  await collectInvoice({ ...billed.billing, stripe: slow }, invoice.id, true);
  const [made] = await atStripe();
  expect(await billed.invoice(invoice.id)).toMatchObject({ status: "paid", stripeId: made?.id });
});

test("an invoice that was paid before anybody wrote down what was made is found", async () => {
  const invoice = await closedInvoice();
  await collectInvoice(billed.billing, invoice.id, true);
  const [made] = await atStripe();
  await billed.emulator.stripe.invoices.pay(made?.id ?? "");
  // As if the process had died before it wrote down what it made.
  await billed.world.db.sql`update invoices set stripe_id = null, status = 'closed' where id = ${invoice.id}`;
  await syncInvoice(billed.billing, made?.id ?? "");
  expect(await billed.invoice(invoice.id)).toMatchObject({ status: "paid", stripeId: null });
  await collectInvoice(billed.billing, invoice.id);
  expect(await billed.invoice(invoice.id)).toMatchObject({ status: "paid", stripeId: made?.id });
  expect(await atStripe()).toHaveLength(1);
});

test("a job that was tried before looks at Stripe first, which may have forgotten its keys", async () => {
  const invoice = await closedInvoice();
  await dieBefore("items", invoice.id);
  await control(billed.emulator, "clock", { advance_seconds: 48 * HOUR_S });
  const task = collectInvoiceTask(billed.billing);
  // All that the task asks of its helpers.
  await task({ invoice_id: invoice.id }, { job: { attempts: 2 } } as JobHelpers);
  expect((await atStripe()).map(({ status, total }) => [status, total])).toEqual([["open", 90]]);
});
