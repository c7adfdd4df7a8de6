import { expect, test } from "vitest";
import { idOf } from "../store/id-of.ts";
import { refusalOf, startListener, startTestStripe } from "../../../tests/support/stripe.ts";
import { customerWith, openInvoice } from "../../../tests/support/stripe-invoices.ts";

async function paidInvoice(webhookUrl: string | null = null) {
  const { stripe } = await startTestStripe({ webhookUrl });
  const customer = await customerWith(stripe, "pm_card_visa");
  const { id } = await openInvoice(stripe, customer, 1_000);
  await stripe.invoices.pay(id);
  return { stripe, customer, invoice: id };
}

test("of a paid invoice it gives back to the card, the balance and elsewhere", async () => {
  const listener = await startListener();
  const { stripe, customer, invoice } = await paidInvoice(listener.url);
  const note = await stripe.creditNotes.create({
    invoice,
    amount: 600,
    refund_amount: 300,
    credit_amount: 200,
    out_of_band_amount: 100,
    memo: "a cast that went wrong",
    metadata: { cast: "1" },
  });
  expect(note).toMatchObject({
    status: "issued",
    type: "post_payment",
    amount: 600,
    post_payment_amount: 600,
    pre_payment_amount: 0,
    out_of_band_amount: 100,
    metadata: { cast: "1" },
    refunds: [{ amount_refunded: 300, type: "refund" }],
  });
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: -200 });
  expect(await stripe.invoices.retrieve(invoice)).toMatchObject({
    status: "paid",
    post_payment_credit_notes_amount: 600,
  });
  const [charge] = (await stripe.charges.list({ customer })).data;
  expect(charge).toMatchObject({ amount_refunded: 300, refunded: false });
  expect((await stripe.refunds.list({ charge: charge?.id ?? "" })).data).toMatchObject([{ amount: 300 }]);
  expect((await stripe.creditNotes.list({ invoice })).data.map(({ id }) => id)).toEqual([note.id]);
  expect(await stripe.creditNotes.retrieve(note.id)).toMatchObject({ memo: "a cast that went wrong" });
  await listener.waitFor("credit_note.created", "refund.created", "charge.refunded", "customer.updated");
});

test("of an open invoice it takes from what is due, and all of it means paid", async () => {
  const { stripe } = await startTestStripe();
  const customer = await customerWith(stripe, "pm_card_visa");
  const { id: invoice } = await openInvoice(stripe, customer, 1_000);
  const note = await stripe.creditNotes.create({ invoice, amount: 400 });
  expect(note).toMatchObject({ type: "pre_payment", pre_payment_amount: 400, post_payment_amount: 0 });
  expect(await stripe.invoices.retrieve(invoice)).toMatchObject({
    status: "open",
    amount_due: 600,
    amount_remaining: 600,
    pre_payment_credit_notes_amount: 400,
  });
  const paid = await stripe.invoices.pay(invoice);
  expect(paid).toMatchObject({ status: "paid", amount_paid: 600 });
  const { id: other } = await openInvoice(stripe, customer, 1_000);
  await stripe.creditNotes.create({ invoice: other, amount: 1_000 });
  expect(await stripe.invoices.retrieve(other)).toMatchObject({
    status: "paid",
    amount_paid: 0,
    amount_due: 0,
  });
});

test("lines of the invoice can be credited, and no line of another", async () => {
  const { stripe, customer, invoice } = await paidInvoice();
  const [line] = (await stripe.invoices.listLineItems(invoice)).data;
  const credit = (invoice_line_item: string) =>
    stripe.creditNotes.create({
      invoice,
      lines: [{ type: "invoice_line_item", invoice_line_item, amount: 250 }],
      credit_amount: 250,
    });
  const note = await credit(line?.id ?? "");
  expect(note.lines.data).toMatchObject([{ type: "invoice_line_item", amount: 250, description: "Casts" }]);
  const { id: other } = await openInvoice(stripe, customer, 1_000);
  const [foreign] = (await stripe.invoices.listLineItems(other)).data;
  expect(await refusalOf(credit(foreign?.id ?? ""))).toMatchObject({ code: "resource_missing" });
});

test("more than there was, and sums that do not meet, are refused and leave nothing", async () => {
  const { stripe, customer, invoice } = await paidInvoice();
  for (const wish of [
    { amount: 1_001, refund_amount: 1_001 },
    { amount: 500 },
    { amount: 500, refund_amount: 300, credit_amount: 300 },
  ])
    expect(await refusalOf(stripe.creditNotes.create({ invoice, ...wish }))).toMatchObject({
      statusCode: 400,
    });
  expect((await stripe.creditNotes.list({ customer })).data).toEqual([]);
  expect((await stripe.refunds.list()).data).toEqual([]);
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: 0 });
});

test("what was refunded apart can be noted, and is not given back twice", async () => {
  const { stripe, customer, invoice } = await paidInvoice();
  const [charge] = (await stripe.charges.list({ customer })).data;
  const { id: refund } = await stripe.refunds.create({ charge: charge?.id ?? "", amount: 400 });
  const tooMuch = stripe.creditNotes.create({ invoice, amount: 700, credit_amount: 700 });
  expect(await refusalOf(tooMuch)).toMatchObject({ statusCode: 400, param: "amount" });
  const note = await stripe.creditNotes.create({ invoice, amount: 400, refunds: [{ refund }] });
  expect(note.refunds).toMatchObject([{ refund, amount_refunded: 400 }]);
  await stripe.creditNotes.create({ invoice, amount: 600, refund_amount: 600 });
  expect(await stripe.charges.retrieve(charge?.id ?? "")).toMatchObject({ refunded: true });
});

test("credit of a customer is used by the next invoice", async () => {
  const { stripe, customer, invoice } = await paidInvoice();
  await stripe.creditNotes.create({ invoice, amount: 600, credit_amount: 600 });
  const next = await openInvoice(stripe, customer, 1_000);
  expect(next).toMatchObject({ total: 1_000, starting_balance: -600, ending_balance: 0, amount_due: 400 });
  const covered = await openInvoice(stripe, customer, 0);
  expect(covered.status).toBe("paid");
});

test("a charge is refunded by itself, and never more than it brought", async () => {
  const { stripe, customer } = await paidInvoice();
  const [charge] = (await stripe.charges.list({ customer })).data;
  const refund = await stripe.refunds.create({ payment_intent: idOf(charge?.payment_intent), amount: 400 });
  expect(refund).toMatchObject({ amount: 400, status: "succeeded", charge: charge?.id });
  expect(await refusalOf(stripe.refunds.create({ charge: charge?.id ?? "", amount: 601 }))).toMatchObject({
    statusCode: 400,
  });
  await stripe.refunds.create({ charge: charge?.id ?? "" });
  expect(await refusalOf(stripe.refunds.create({ charge: charge?.id ?? "" }))).toMatchObject({
    code: "charge_already_refunded",
  });
});
