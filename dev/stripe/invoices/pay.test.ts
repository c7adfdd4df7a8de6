import { expect, test } from "vitest";
import { idOf } from "../store/id-of.ts";
import { refusalOf, startListener, startTestStripe } from "../../../tests/support/stripe.ts";
import {
  advanceDays,
  control,
  customerWith,
  draftOf,
  openInvoice,
} from "../../../tests/support/stripe-invoices.ts";

const HOUR_S = 3_600;

test("a good card pays, and its payment can be followed to the charge", async () => {
  const listener = await startListener();
  const { stripe } = await startTestStripe({ webhookUrl: listener.url });
  const customer = await customerWith(stripe, "pm_card_visa");
  const { id } = await openInvoice(stripe, customer, 1_234);
  const paid = await stripe.invoices.pay(id, {
    expand: ["payments.data.payment.payment_intent"],
  });
  expect(paid).toMatchObject({
    status: "paid",
    amount_paid: 1_234,
    amount_remaining: 0,
    attempted: true,
    attempt_count: 1,
    payments: {
      data: [
        {
          status: "paid",
          amount_paid: 1_234,
          payment: { type: "payment_intent", payment_intent: { status: "succeeded" } },
        },
      ],
    },
  });
  const [payment] = (await stripe.invoicePayments.list({ invoice: id })).data;
  const intent = await stripe.paymentIntents.retrieve(idOf(payment?.payment.payment_intent), {
    expand: ["latest_charge"],
  });
  expect(intent.latest_charge).toMatchObject({ amount: 1_234, paid: true, customer });
  const events = await listener.waitFor(
    "invoice.created",
    "invoice.finalized",
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "invoice_payment.paid",
    "invoice.updated",
    "invoice.paid",
    "invoice.payment_succeeded",
  );
  // Each event shows the invoice as it was then.
  const finalized = events.find(({ type }) => type === "invoice.finalized");
  expect(finalized?.data.object).toMatchObject({ id, status: "open", amount_remaining: 1_234 });
  expect(await refusalOf(stripe.invoices.pay(id))).toMatchObject({
    statusCode: 400,
    message: "Invoice is already paid",
  });
});

test("a card that declines is a 402, remembered by its key, and the invoice stays open", async () => {
  const listener = await startListener();
  const { stripe } = await startTestStripe({ webhookUrl: listener.url });
  const customer = await customerWith(stripe, "pm_card_chargeCustomerFail");
  const { id } = await openInvoice(stripe, customer, 1_000);
  const pay = () => refusalOf(stripe.invoices.pay(id, {}, { idempotencyKey: "pay" }));
  const first = await pay();
  expect(first).toMatchObject({
    type: "StripeCardError",
    statusCode: 402,
    code: "card_declined",
    decline_code: "generic_decline",
    message: "Your card was declined.",
  });
  expect((await pay()).headers?.["idempotent-replayed"]).toBe("true");
  const after = await stripe.invoices.retrieve(id);
  expect(after).toMatchObject({
    status: "open",
    attempted: true,
    attempt_count: 1,
    next_payment_attempt: null,
  });
  const failed = (await listener.waitFor("charge.failed", "invoice.payment_failed")).filter(
    ({ type }) => type === "invoice.payment_failed",
  );
  expect(failed).toHaveLength(1);
  const paid = await stripe.invoices.pay(id, { payment_method: "pm_card_visa" });
  expect(paid).toMatchObject({ status: "paid", attempt_count: 1 });
});

test("without a card nothing is attempted", async () => {
  const { stripe } = await startTestStripe();
  const { id: customer } = await stripe.customers.create();
  const { id } = await openInvoice(stripe, customer, 1_000);
  expect(await refusalOf(stripe.invoices.pay(id))).toMatchObject({
    type: "StripeInvalidRequestError",
    statusCode: 400,
  });
  expect(await stripe.invoices.retrieve(id)).toMatchObject({ attempted: false, attempt_count: 0 });
  expect(await stripe.invoices.pay(id, { paid_out_of_band: true })).toMatchObject({
    status: "paid",
    amount_paid_off_stripe: 1_000,
  });
});

test.each([
  ["complete", "paid", "invoice.paid"],
  ["fail", "open", "payment_intent.payment_failed"],
])("a card with 3-D Secure waits; when people %s, the invoice is %s", async (outcome, status, type) => {
  const listener = await startListener();
  const { stripe } = await startTestStripe({ webhookUrl: listener.url });
  const customer = await customerWith(stripe, "pm_card_authenticationRequired");
  const { id } = await openInvoice(stripe, customer, 1_000);
  expect(await refusalOf(stripe.invoices.pay(id))).toMatchObject({
    type: "StripeCardError",
    statusCode: 402,
    code: "invoice_payment_intent_requires_action",
  });
  await listener.waitFor("invoice.payment_action_required", "payment_intent.requires_action");
  const { hosted_invoice_url } = await stripe.invoices.retrieve(id);
  const page = await (await fetch(hosted_invoice_url ?? "")).text();
  const [, bank = ""] = /href="([^"]*\/authenticate\/[^"]*)"/.exec(page) ?? [];
  await fetch(bank.replaceAll("&amp;", "&"), {
    method: "POST",
    body: new URLSearchParams({ outcome }),
    redirect: "manual",
  });
  expect((await stripe.invoices.retrieve(id)).status).toBe(status);
  await listener.waitFor(type);
});

test("a card that was set up with 3-D Secure once pays without asking again", async () => {
  const { stripe } = await startTestStripe();
  const { id: customer } = await stripe.customers.create();
  const intent = await stripe.setupIntents.create({
    customer,
    payment_method: "pm_card_authenticationRequiredOnSetup",
    confirm: true,
    return_url: "http://localhost:3000/back",
  });
  await fetch(intent.next_action?.redirect_to_url?.url ?? "", {
    method: "POST",
    body: new URLSearchParams({ outcome: "complete" }),
    redirect: "manual",
  });
  const [card] = (await stripe.customers.listPaymentMethods(customer)).data;
  const { id } = await openInvoice(stripe, customer, 1_000, { default_payment_method: card?.id ?? "" });
  expect((await stripe.invoices.pay(id)).status).toBe("paid");
});

test("an automatic draft finalizes itself after an hour and is paid", async () => {
  const emulator = await startTestStripe();
  const { stripe } = emulator;
  const customer = await customerWith(stripe, "pm_card_visa");
  const id = await draftOf(stripe, customer, 1_000, { auto_advance: true });
  const draft = await stripe.invoices.retrieve(id);
  expect(draft.automatically_finalizes_at).toBe(draft.created + HOUR_S);
  await control(emulator, "clock", { advance_seconds: HOUR_S - 60 });
  expect((await stripe.invoices.retrieve(id)).status).toBe("draft");
  await control(emulator, "clock", { advance_seconds: 61 });
  const paid = await stripe.invoices.retrieve(id);
  expect(paid).toMatchObject({ status: "paid", automatically_finalizes_at: null });
  expect(paid.status_transitions.paid_at).toBe(draft.created + HOUR_S);
});

test("what is finalized to be collected is collected a moment later, by itself", async () => {
  const { stripe } = await startTestStripe();
  const customer = await customerWith(stripe, "pm_card_visa");
  const id = await draftOf(stripe, customer, 1_000);
  const open = await stripe.invoices.finalizeInvoice(id, { auto_advance: true });
  expect(open).toMatchObject({ status: "open", auto_advance: true, attempted: false });
  expect(open.next_payment_attempt).not.toBeNull();
  await expect.poll(async () => (await stripe.invoices.retrieve(id)).status, { timeout: 5_000 }).toBe("paid");
  const paid = await stripe.invoices.retrieve(id);
  expect(paid).toMatchObject({ attempt_count: 1, auto_advance: false, next_payment_attempt: null });
});

test.each(["open", "uncollectible"] as const)(
  "a failed payment is tried again after 3, 5 and 7 days, and then the invoice is %s",
  async (afterLastAttempt) => {
    const listener = await startListener();
    const emulator = await startTestStripe({ webhookUrl: listener.url, afterLastAttempt });
    const { stripe } = emulator;
    const customer = await customerWith(stripe, "pm_card_chargeCustomerFail");
    const id = await draftOf(stripe, customer, 1_000, { auto_advance: true });
    await control(emulator, "clock", { advance_seconds: HOUR_S + 1 });
    const attempts: [number, number | null][] = [];
    const DAY_S = 86_400;
    for (const days of [3, 5, 7, 9]) {
      const { attempt_count, next_payment_attempt, status_transitions } = await stripe.invoices.retrieve(id);
      const since = (next_payment_attempt ?? 0) - (status_transitions.finalized_at ?? 0);
      attempts.push([attempt_count, next_payment_attempt === null ? null : since / DAY_S]);
      await advanceDays(emulator, days);
    }
    expect(attempts).toEqual([
      [1, 3],
      [2, 8],
      [3, 15],
      [4, null],
    ]);
    expect((await stripe.invoices.retrieve(id)).status).toBe(afterLastAttempt);
    await expect
      .poll(() => listener.events().filter(({ type }) => type === "invoice.payment_failed").length)
      .toBe(4);
  },
);

test("all retries happen in one leap of the clock, each at its own time", async () => {
  const emulator = await startTestStripe();
  const { stripe } = emulator;
  const customer = await customerWith(stripe, "pm_card_chargeCustomerFail");
  const id = await draftOf(stripe, customer, 1_000, { auto_advance: true });
  const { created } = await stripe.invoices.retrieve(id);
  await advanceDays(emulator, 60);
  const failures = (await stripe.events.list({ type: "invoice.payment_failed" })).data;
  const days = failures.map((event) => (event.created - created - HOUR_S) / 86_400);
  expect(days.reverse()).toEqual([0, 3, 8, 15]);
});

test("a sent invoice that nobody pays is overdue after its day", async () => {
  const listener = await startListener();
  const emulator = await startTestStripe({ webhookUrl: listener.url });
  const { stripe } = emulator;
  const { id: customer } = await stripe.customers.create();
  const open = await openInvoice(stripe, customer, 1_000, {
    collection_method: "send_invoice",
    days_until_due: 7,
  });
  expect(open.due_date).toBe((open.status_transitions.finalized_at ?? 0) + 7 * 86_400);
  await advanceDays(emulator, 8);
  await listener.waitFor("invoice.overdue");
  expect(await stripe.customers.retrieve(customer)).toMatchObject({ delinquent: true });
});
