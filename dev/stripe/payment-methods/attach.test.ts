import { expect, test } from "vitest";
import { refusalOf, startListener, startTestStripe } from "../../../tests/support/stripe.ts";

test("each use of a token is a card of its own, which its customer can have as default", async () => {
  const { stripe } = await startTestStripe();
  const { id: customer } = await stripe.customers.create();
  const one = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  const other = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  expect(one.id).not.toBe(other.id);
  expect(one.card?.fingerprint).toBe(other.card?.fingerprint);
  const invoice_settings = { default_payment_method: one.id };
  expect(await stripe.customers.update(customer, { invoice_settings })).toMatchObject({ invoice_settings });
  const listed = await stripe.customers.listPaymentMethods(customer);
  expect(listed.data.map(({ id }) => id)).toEqual([other.id, one.id]);
});

test("a detached card is nobody's default any more, and nobody's again", async () => {
  const listener = await startListener();
  const { stripe } = await startTestStripe({ webhookUrl: listener.url });
  const { id: customer } = await stripe.customers.create();
  const { id } = await stripe.paymentMethods.attach("pm_card_visa", { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } });
  expect(await stripe.paymentMethods.detach(id)).toMatchObject({ id, customer: null });
  expect((await stripe.paymentMethods.list({ customer })).data).toEqual([]);
  expect(await stripe.customers.retrieve(customer)).toMatchObject({
    invoice_settings: { default_payment_method: null },
  });
  expect(await refusalOf(stripe.paymentMethods.attach(id, { customer }))).toMatchObject({ statusCode: 400 });
  const events = await listener.waitFor("payment_method.attached", "payment_method.detached");
  const detached = events.find(({ type }) => type === "payment_method.detached");
  expect(detached?.data).toMatchObject({
    object: { id, customer: null },
    previous_attributes: { customer },
  });
});

test("another customer's card cannot be had, not even as a default", async () => {
  const { stripe } = await startTestStripe();
  const [{ id: one }, { id: other }] = [await stripe.customers.create(), await stripe.customers.create()];
  const { id } = await stripe.paymentMethods.attach("pm_card_visa", { customer: one });
  expect(await refusalOf(stripe.paymentMethods.attach(id, { customer: other }))).toMatchObject({
    statusCode: 400,
  });
  const update = stripe.customers.update(other, { invoice_settings: { default_payment_method: id } });
  expect(await refusalOf(update)).toMatchObject({ code: "resource_missing" });
});

test("a card that its bank refuses is not attached", async () => {
  const { stripe } = await startTestStripe();
  const { id: customer } = await stripe.customers.create();
  expect(await refusalOf(stripe.paymentMethods.attach("pm_card_chargeDeclined", { customer }))).toMatchObject(
    { type: "StripeCardError", code: "card_declined" },
  );
  const later = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
  expect(later.customer).toBe(customer);
});
