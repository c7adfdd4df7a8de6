import Stripe from "stripe";
import { expect, test } from "vitest";
import { BillingUnavailable, CardDeclined, StripeUnavailable } from "../../billing-errors.ts";
import {
  askStripe,
  createStripe,
  declineCodeOf,
  findAtStripe,
  StripeRefused,
  translateStripe,
} from "./stripe.ts";

const { errors } = Stripe;
const stripe = createStripe({ STRIPE_SECRET_KEY: "sk_test_a", STRIPE_API_BASE: "http://127.0.0.1:9" });
const failing = (error: Error) => () => Promise.reject(error);

const raw = (statusCode: number, more: object = {}) => ({
  statusCode,
  message: "No such customer: 'cus_hunter2'; a similar object exists with sk_test_hunter2",
  requestId: "req_1",
  ...more,
});

test.each([
  ["card_declined", "insufficient_funds", "insufficient_funds"],
  ["card_declined", "stolen_card", "generic_decline"],
  ["card_declined", "fraudulent", "generic_decline"],
  ["card_declined", undefined, "generic_decline"],
  ["expired_card", undefined, "expired_card"],
  ["invalid_cvc", undefined, "incorrect_cvc"],
  ["setup_intent_authentication_failure", undefined, "authentication_required"],
  [undefined, undefined, "generic_decline"],
])("a refusal %s with %s is told as %s", (code, declineCode, told) => {
  expect(declineCodeOf(code, declineCode)).toBe(told);
});

test("a card's refusal is a decline with its reason alone", () => {
  const refusal = raw(402, { type: "card_error", code: "card_declined", decline_code: "lost_card" });
  const declined = translateStripe(new errors.StripeCardError(refusal));
  expect(declined).toBeInstanceOf(CardDeclined);
  expect(declined).toMatchObject({ declineCode: "generic_decline" });
  expect(String(declined)).not.toContain("hunter2");
});

test("who cannot be reached, fails, or has too much to do is away", () => {
  const away = [
    new errors.StripeConnectionError(raw(0)),
    new errors.StripeAPIError(raw(500)),
    new errors.StripeRateLimitError(raw(429)),
  ];
  for (const error of away) expect(translateStripe(error)).toBeInstanceOf(StripeUnavailable);
});

test("any other refusal is a fault of ours, and tells no id and no secret", () => {
  const refusals = [
    new errors.StripeInvalidRequestError(raw(404, { code: "resource_missing", param: "customer" })),
    new errors.StripeAuthenticationError(raw(401)),
    new errors.StripePermissionError(raw(403)),
    new errors.StripeIdempotencyError(raw(400)),
  ];
  for (const refusal of refusals) {
    const translated = translateStripe(refusal);
    expect(translated).toBeInstanceOf(StripeRefused);
    expect(JSON.stringify(translated) + String(translated)).not.toContain("hunter2");
  }
  expect(translateStripe(refusals[0])).toMatchObject({
    code: "resource_missing",
    param: "customer",
    message: "Stripe answered 404, resource_missing about customer, to its request req_1.",
  });
});

test("what Stripe never said passes unchanged", async () => {
  const bug = new TypeError("a bug");
  expect(translateStripe(bug)).toBe(bug);
  await expect(askStripe({ stripe }, failing(bug))).rejects.toBe(bug);
});

test("without a key there is nobody to ask", async () => {
  expect(createStripe({ STRIPE_API_BASE: "https://api.stripe.com" })).toBeNull();
  await expect(askStripe({ stripe: null }, () => Promise.resolve(1))).rejects.toThrow(BillingUnavailable);
});

test("what is missing is null to who looks for it, and any other refusal is not", async () => {
  const missing = new errors.StripeInvalidRequestError(raw(404, { code: "resource_missing" }));
  expect(await findAtStripe({ stripe }, failing(missing))).toBeNull();
  const other = new errors.StripeInvalidRequestError(raw(400, { code: "parameter_missing" }));
  await expect(findAtStripe({ stripe }, failing(other))).rejects.toThrow(StripeRefused);
});
