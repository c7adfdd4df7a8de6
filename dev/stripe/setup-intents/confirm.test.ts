import { expect, test } from "vitest";
import { clientOf, PUBLISHABLE_KEY, refusalOf, startTestStripe } from "../../../tests/support/stripe.ts";

const RETURN = { return_url: "http://localhost:3000/back" };

test("a good card is set up and attached to the customer", async () => {
  const { stripe } = await startTestStripe();
  const { id: customer } = await stripe.customers.create();
  const created = await stripe.setupIntents.create({ customer, usage: "off_session", metadata: { a: "1" } });
  expect(created).toMatchObject({ status: "requires_payment_method", usage: "off_session", customer });
  const done = await stripe.setupIntents.confirm(created.id, { payment_method: "pm_card_visa", ...RETURN });
  expect(done).toMatchObject({ status: "succeeded", last_setup_error: null, next_action: null });
  const cards = await stripe.paymentMethods.list({ customer, type: "card" });
  expect(cards.data).toMatchObject([
    { id: done.payment_method, customer, card: { brand: "visa", last4: "4242" } },
  ]);
});

test("a confirmation without a place to come back to is refused where payment methods may lead away", async () => {
  const { stripe } = await startTestStripe();
  const wide = await stripe.setupIntents.create({ automatic_payment_methods: { enabled: true } });
  expect(
    await refusalOf(stripe.setupIntents.confirm(wide.id, { payment_method: "pm_card_visa" })),
  ).toMatchObject({
    type: "StripeInvalidRequestError",
  });
  const cards = await stripe.setupIntents.create({ allowed_payment_method_types: ["card"] });
  const done = await stripe.setupIntents.confirm(cards.id, { payment_method: "pm_card_visa" });
  expect(done.status).toBe("succeeded");
});

test.each([
  ["pm_card_chargeDeclined", { code: "card_declined", decline_code: "generic_decline" }],
  ["pm_card_chargeDeclinedInsufficientFunds", { code: "card_declined", decline_code: "insufficient_funds" }],
  ["pm_card_chargeDeclinedExpiredCard", { code: "expired_card" }],
  ["pm_card_chargeDeclinedIncorrectCvc", { code: "incorrect_cvc" }],
])("%s is refused by its bank, and another card can be tried", async (payment_method, facts) => {
  const { stripe } = await startTestStripe();
  const { id: customer } = await stripe.customers.create();
  const { id } = await stripe.setupIntents.create({ customer });
  const refusal = await refusalOf(stripe.setupIntents.confirm(id, { payment_method, ...RETURN }));
  expect(refusal).toMatchObject({ type: "StripeCardError", statusCode: 402, ...facts });
  expect(refusal.setup_intent).toMatchObject({ id, status: "requires_payment_method" });
  const intent = await stripe.setupIntents.retrieve(id);
  expect(intent).toMatchObject({
    status: "requires_payment_method",
    payment_method: null,
    last_setup_error: { type: "card_error", ...facts },
  });
  const done = await stripe.setupIntents.confirm(id, { payment_method: "pm_card_visa", ...RETURN });
  expect(done).toMatchObject({ status: "succeeded", last_setup_error: null });
});

test("a card that needs 3-D Secure waits for its owner, at an address of the emulator", async () => {
  const { stripe, url } = await startTestStripe();
  const { id } = await stripe.setupIntents.create({});
  const waiting = await stripe.setupIntents.confirm(id, {
    payment_method: "pm_card_authenticationRequired",
    ...RETURN,
  });
  expect(waiting.status).toBe("requires_action");
  expect(waiting.next_action).toMatchObject({ type: "redirect_to_url", redirect_to_url: RETURN });
  expect(waiting.next_action?.redirect_to_url?.url).toContain(`${url}/authenticate/`);
  const canceled = await stripe.setupIntents.cancel(id, { cancellation_reason: "abandoned" });
  expect(canceled).toMatchObject({ status: "canceled", cancellation_reason: "abandoned", next_action: null });
});

test("what has succeeded is neither confirmed nor canceled again", async () => {
  const { stripe } = await startTestStripe();
  const { id } = await stripe.setupIntents.create({
    payment_method: "pm_card_visa",
    confirm: true,
    ...RETURN,
  });
  for (const call of [
    stripe.setupIntents.confirm(id, { payment_method: "pm_card_visa", ...RETURN }),
    stripe.setupIntents.cancel(id),
  ])
    expect(await refusalOf(call)).toMatchObject({ statusCode: 400, code: "setup_intent_unexpected_state" });
});

test("a page sees and confirms only what it knows the secret of, and neither customer nor metadata", async () => {
  const emulator = await startTestStripe();
  const { stripe } = emulator;
  const { id: customer } = await stripe.customers.create();
  const { id, client_secret } = await stripe.setupIntents.create({ customer, metadata: { account: "7" } });
  const page = clientOf(emulator, PUBLISHABLE_KEY);
  const seen = await page.setupIntents.retrieve(id, { client_secret: client_secret ?? "" });
  expect(seen).toMatchObject({ id, status: "requires_payment_method" });
  expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(["customer"]));
  expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(["metadata"]));
  for (const secret of [undefined, "wrong"])
    expect(
      await refusalOf(page.setupIntents.retrieve(id, secret === undefined ? {} : { client_secret: secret })),
    ).toMatchObject({ statusCode: 400, param: "client_secret" });
});

test("card numbers are taken from pages, and from nobody else", async () => {
  const emulator = await startTestStripe();
  const card = { number: "4242424242424242", exp_month: 12, exp_year: 2040, cvc: "123" };
  const page = clientOf(emulator, PUBLISHABLE_KEY);
  expect(await page.paymentMethods.create({ type: "card", card })).toMatchObject({ card: { last4: "4242" } });
  expect(await refusalOf(emulator.stripe.paymentMethods.create({ type: "card", card }))).toMatchObject({
    statusCode: 402,
  });
});

test.each([
  [{ number: "4242424242424241" }, "incorrect_number", "number"],
  [{ number: "4111111111111111" }, "card_declined", undefined],
  [{ exp_month: 13 }, "invalid_expiry_month", "exp_month"],
  [{ exp_year: 2020 }, "invalid_expiry_year", "exp_year"],
  [{ cvc: "12" }, "invalid_cvc", "cvc"],
])("a card with %j is refused as %s", async (changes, code, param) => {
  const page = clientOf(await startTestStripe(), PUBLISHABLE_KEY);
  const card = { number: "4242424242424242", exp_month: 12, exp_year: 2040, cvc: "123", ...changes };
  const refusal = await refusalOf(page.paymentMethods.create({ type: "card", card }));
  expect(refusal).toMatchObject({ type: "StripeCardError", statusCode: 402, code });
  expect(refusal.param).toBe(param);
});
