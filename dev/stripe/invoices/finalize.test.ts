import Stripe from "stripe";
import { expect, test } from "vitest";
import { refusalOf, startListener, startTestStripe } from "../../../tests/support/stripe.ts";
import { customerWith, draftOf, openInvoice } from "../../../tests/support/stripe-invoices.ts";

test("a draft adds its lines up, and can be changed until it is finalized", async () => {
  const { stripe } = await startTestStripe();
  const { id: customer } = await stripe.customers.create({ email: "caster@example.com" });
  const draft = await stripe.invoices.create({ customer, metadata: { period: "2026-11" } });
  expect(draft).toMatchObject({
    status: "draft",
    number: null,
    total: 0,
    auto_advance: false,
    currency: "usd",
  });
  const item = await stripe.invoiceItems.create({
    customer,
    invoice: draft.id,
    amount: 700,
    description: "echo",
  });
  await stripe.invoiceItems.create({
    customer,
    invoice: draft.id,
    quantity: 3,
    unit_amount_decimal: Stripe.Decimal.from("0.5"),
  });
  const added = await stripe.invoices.addLines(draft.id, {
    lines: [{ amount: 300, description: "resize", metadata: { spell: "resize" } }],
  });
  expect(added).toMatchObject({ subtotal: 1_002, total: 1_002, amount_due: 1_002, amount_remaining: 1_002 });
  expect(added.lines.data.map(({ amount }) => amount)).toEqual([700, 2, 300]);
  await stripe.invoiceItems.del(item.id);
  const lines = await stripe.invoices.listLineItems(draft.id);
  expect(lines.data.map(({ description, amount }) => [description, amount])).toEqual([
    [null, 2],
    ["resize", 300],
  ]);
  const open = await stripe.invoices.finalizeInvoice(draft.id);
  expect(open).toMatchObject({ status: "open", amount_due: 302, metadata: { period: "2026-11" } });
  expect(open.number).toMatch(/^[0-9A-Z]{8}-0001$/);
  for (const late of [
    stripe.invoiceItems.create({ customer, invoice: draft.id, amount: 1 }),
    stripe.invoices.addLines(draft.id, { lines: [{ amount: 1 }] }),
    stripe.invoices.update(draft.id, { description: "later" }),
    stripe.invoices.finalizeInvoice(draft.id),
    stripe.invoices.del(draft.id),
  ])
    expect(await refusalOf(late)).toMatchObject({ statusCode: 400, code: "invoice_not_editable" });
  expect((await stripe.invoices.update(draft.id, { metadata: { seen: "1" } })).metadata).toEqual({
    period: "2026-11",
    seen: "1",
  });
});

test("pending items go onto the invoice that asks for them, the newest first, and onto no other", async () => {
  const { stripe } = await startTestStripe();
  const { id: customer } = await stripe.customers.create();
  for (const amount of [100, 200]) await stripe.invoiceItems.create({ customer, amount, currency: "usd" });
  expect((await stripe.invoices.create({ customer })).total).toBe(0);
  const taking = await stripe.invoices.create({ customer, pending_invoice_items_behavior: "include" });
  expect(taking.lines.data.map(({ amount }) => amount)).toEqual([200, 100]);
  expect((await stripe.invoiceItems.list({ customer, pending: true })).data).toEqual([]);
  expect((await stripe.invoiceItems.list({ invoice: taking.id })).data).toHaveLength(2);
});

test("a draft that is deleted is gone with its items", async () => {
  const { stripe } = await startTestStripe();
  const { id: customer } = await stripe.customers.create();
  const id = await draftOf(stripe, customer, 500);
  expect(await stripe.invoices.del(id)).toMatchObject({ id, deleted: true });
  expect(await refusalOf(stripe.invoices.retrieve(id))).toMatchObject({ statusCode: 404 });
  expect((await stripe.invoiceItems.list({ customer })).data).toEqual([]);
});

test("what is below the smallest charge is paid at once and owed with the next invoice", async () => {
  const listener = await startListener();
  const { stripe } = await startTestStripe({ webhookUrl: listener.url });
  const customer = await customerWith(stripe, "pm_card_visa");
  const small = await openInvoice(stripe, customer, 49);
  expect(small).toMatchObject({
    status: "paid",
    total: 49,
    amount_due: 0,
    amount_paid: 0,
    ending_balance: 49,
  });
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: 49 });
  const { data } = await stripe.customers.listBalanceTransactions(customer);
  expect(data).toMatchObject([
    { amount: 49, type: "invoice_too_small", ending_balance: 49, invoice: small.id },
  ]);
  const next = await openInvoice(stripe, customer, 100);
  expect(next).toMatchObject({
    status: "open",
    total: 100,
    starting_balance: 49,
    ending_balance: 0,
    amount_due: 149,
  });
  expect((await openInvoice(stripe, customer, 50)).status).toBe("open");
  await listener.waitFor("invoice.finalized", "invoice.paid", "invoice.payment_succeeded");
});

test("an invoice without lines asks for nothing and is paid", async () => {
  const { stripe } = await startTestStripe();
  const { id: customer } = await stripe.customers.create();
  const { id } = await stripe.invoices.create({ customer });
  expect(await stripe.invoices.finalizeInvoice(id)).toMatchObject({
    status: "paid",
    amount_due: 0,
    ending_balance: 0,
  });
});

test("a void invoice gives back what it took of the balance", async () => {
  const { stripe } = await startTestStripe();
  const { id: customer } = await stripe.customers.create();
  await openInvoice(stripe, customer, 30);
  const open = await openInvoice(stripe, customer, 1_000);
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: 0 });
  const voided = await stripe.invoices.voidInvoice(open.id, {
    expand: ["payments.data.payment.payment_intent"],
  });
  expect(voided).toMatchObject({
    status: "void",
    payments: { data: [{ status: "canceled", payment: { payment_intent: { status: "canceled" } } }] },
  });
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: 30 });
  expect(await refusalOf(stripe.invoices.pay(open.id))).toMatchObject({ statusCode: 400 });
});

test("invoices are found by metadata and state, and listed by customer", async () => {
  const { stripe } = await startTestStripe();
  const { id: customer } = await stripe.customers.create();
  const one = await openInvoice(stripe, customer, 500, { metadata: { period: "2026-10", account: "7" } });
  await draftOf(stripe, customer, 500, { metadata: { period: "2026-11", account: "7" } });
  const idsOf = async (query: string) => (await stripe.invoices.search({ query })).data.map(({ id }) => id);
  expect(await idsOf("metadata['account']:'7' AND metadata['period']:'2026-10'")).toEqual([one.id]);
  expect(await idsOf(`customer:'${customer}' AND status:'open' AND total>=500`)).toEqual([one.id]);
  expect(await idsOf("metadata['account']:'7'")).toHaveLength(2);
  expect((await stripe.invoices.list({ customer, status: "open" })).data.map(({ id }) => id)).toEqual([
    one.id,
  ]);
});
