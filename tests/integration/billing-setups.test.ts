import { afterAll, beforeAll, expect, test } from "vitest";
import { adoptSetupIntent } from "../../server/services/billing/adopt-card.ts";
import { beginSetup, putOnFile, setUpCard, startTestBilling, type TestBilling } from "../support/billing.ts";
import { startTestWeb, type Person } from "../support/web.ts";

let billing: TestBilling;
beforeAll(async () => {
  billing = await startTestBilling();
});
afterAll(() => billing.close());

const newPerson = () => billing.web.person({ hasCard: false });
const cardOf = ({ apiKey }: Person) => billing.web.call("GET", "/v1/billing/payment-method", { key: apiKey });
const set = (person: Person, body: object) => putOnFile(billing, person, body);

test.each([
  ["pm_card_chargeDeclined", "generic_decline"],
  ["pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds"],
  ["pm_card_chargeDeclinedExpiredCard", "expired_card"],
  ["pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc"],
  ["pm_card_chargeDeclinedProcessingError", "processing_error"],
])("%s is declined as %s, and nothing is put on file", async (method, declineCode) => {
  const person = await newPerson();
  const setup_intent_id = await beginSetup(billing, person);
  await expect(
    billing.stripe.setupIntents.confirm(setup_intent_id, { payment_method: method }),
  ).rejects.toThrow();
  const answer = await set(person, { setup_intent_id });
  expect(answer.status).toBe(402);
  expect(answer.body).toMatchObject({ error: "card_declined", decline_code: declineCode });
  expect((await cardOf(person)).status).toBe(404);
});

/** Presses a button of the bank's page. */
async function answerBank(setupIntentId: string, outcome: "complete" | "fail"): Promise<void> {
  const { next_action: next } = await billing.stripe.setupIntents.retrieve(setupIntentId);
  const body = new URLSearchParams({ outcome });
  await fetch(next?.redirect_to_url?.url ?? "", { method: "POST", body, redirect: "manual" });
}

async function beginAuthentication(person: Person): Promise<string> {
  const id = await beginSetup(billing, person);
  await billing.stripe.setupIntents.confirm(id, {
    payment_method: "pm_card_authenticationRequired",
    return_url: "http://localhost:3000/dashboard/billing",
  });
  return id;
}

test("a card that needs its bank's word is put on file after it, and not before", async () => {
  const person = await newPerson();
  const setup_intent_id = await beginAuthentication(person);
  const early = await set(person, { setup_intent_id });
  expect(early.status).toBe(409);
  expect(early.body).toMatchObject({ error: "setup_incomplete", setup_status: "requires_action" });
  await answerBank(setup_intent_id, "complete");
  expect((await set(person, { setup_intent_id })).body).toMatchObject({ last4: "3184" });
});

test("a bank that does not know its customer declines the card", async () => {
  const person = await newPerson();
  const setup_intent_id = await beginAuthentication(person);
  await answerBank(setup_intent_id, "fail");
  const answer = await set(person, { setup_intent_id });
  expect([answer.status, answer.body["decline_code"]]).toEqual([402, "authentication_required"]);
});

test("a set-up that was begun and left is not finished", async () => {
  const person = await newPerson();
  const setup_intent_id = await beginSetup(billing, person);
  expect((await set(person, { setup_intent_id })).body).toMatchObject({
    error: "setup_incomplete",
    setup_status: "requires_payment_method",
  });
});

test("another's set-up is not there, nor one of no account of ours, nor one that Stripe does not know", async () => {
  const [mine, theirs] = [await newPerson(), await newPerson()];
  await beginSetup(billing, mine);
  const nobodys = await billing.stripe.setupIntents.create({
    payment_method: "pm_card_visa",
    confirm: true,
    allowed_payment_method_types: ["card"],
  });
  const strangers = [await setUpCard(billing, theirs), nobodys.id, "seti_unknown"];
  for (const setup_intent_id of strangers) {
    const answer = await set(mine, { setup_intent_id });
    expect([answer.status, answer.body.error]).toEqual([404, "setup_not_found"]);
    expect(answer.text).not.toMatch(/cus_|pm_|req_/);
  }
  expect((await cardOf(mine)).status).toBe(404);
  expect(await adoptSetupIntent(billing.web.platform, nobodys.id)).toBeNull();
  expect(await adoptSetupIntent(billing.web.platform, "seti_unknown")).toBeNull();
});

test("a card given on Stripe's page is put on file by the session's id, for its own account alone", async () => {
  const [person, other] = [await newPerson(), await newPerson()];
  const { body } = await billing.web.call("POST", "/v1/billing/checkout", { key: person.apiKey });
  const session = await billing.stripe.checkout.sessions.retrieve(String(body["session_id"]));
  expect(session).toMatchObject({ url: body["url"], mode: "setup", locale: "en" });
  expect(session.success_url).toBe("http://localhost:3000/dashboard/billing?checkout={CHECKOUT_SESSION_ID}");
  expect(session.cancel_url).toBe("http://localhost:3000/dashboard/billing");
  const claim = { checkout_session_id: session.id };
  expect((await set(person, claim)).body.error).toBe("setup_incomplete");
  const form = new URLSearchParams({ number: "4242424242424242", expiry: "12 / 40", cvc: "123" });
  const page = await fetch(String(body["url"]), { method: "POST", body: form, redirect: "manual" });
  expect([page.status, page.headers.get("Location")]).toEqual([
    303,
    `http://localhost:3000/dashboard/billing?checkout=${session.id}`,
  ]);
  expect((await set(other, claim)).status).toBe(404);
  expect((await set(person, claim)).body).toMatchObject({ last4: "4242", exp_year: 2040 });
  expect((await set(person, { checkout_session_id: "cs_test_unknown" })).status).toBe(404);
});

test("Stripe's page speaks the person's language", async () => {
  const person = await newPerson();
  const headers = { Authorization: `Bearer ${person.sessionToken}` };
  await billing.web.call("PATCH", "/v1/users/me", { headers, body: { language: "ja" } });
  const { body } = await billing.web.call("POST", "/v1/billing/checkout", { key: person.apiKey });
  const session = await billing.stripe.checkout.sessions.retrieve(String(body["session_id"]));
  expect(session.locale).toBe("ja");
});

test.each([
  [{}],
  [{ setup_intent_id: "seti_1", checkout_session_id: "cs_1" }],
  [{ setup_intent_id: "cs_test_1" }],
  [{ setup_intent_id: "seti_../customers" }],
  [{ checkout_session_id: "seti_1" }],
  [{ setup_intent_id: 1 }],
  [{ setup_intent_id: "seti_1", more: true }],
])("the set-up %j is refused before Stripe is asked", async (body) => {
  const answer = await set(await newPerson(), body);
  expect([answer.status, answer.body.error]).toEqual([400, "invalid_request"]);
});

test("all of it needs the scope billing", async () => {
  const { apiKey: key } = await billing.web.person({ hasCard: false, scopes: ["cast", "read", "budgets"] });
  const answers = await Promise.all([
    billing.web.call("POST", "/v1/billing/setup-intent", { key }),
    billing.web.call("POST", "/v1/billing/checkout", { key }),
    billing.web.call("GET", "/v1/billing/payment-method", { key }),
    billing.web.call("POST", "/v1/billing/payment-method", { key, body: { setup_intent_id: "seti_1" } }),
  ]);
  for (const answer of answers)
    expect([answer.status, answer.body.error, answer.body["scope"]]).toEqual([
      403,
      "insufficient_scope",
      "billing",
    ]);
});

test("without a key of Stripe's it is said that no card can be registered", async () => {
  const web = await startTestWeb({ database: billing.web.database });
  try {
    const { apiKey: key } = await web.person({ hasCard: false });
    const answers = await Promise.all([
      web.call("POST", "/v1/billing/setup-intent", { key }),
      web.call("POST", "/v1/billing/checkout", { key }),
      web.call("POST", "/v1/billing/payment-method", { key, body: { setup_intent_id: "seti_1" } }),
    ]);
    for (const answer of answers)
      expect([answer.status, answer.body.error]).toEqual([501, "billing_unavailable"]);
    expect((await web.call("GET", "/v1/billing/payment-method", { key })).status).toBe(404);
  } finally {
    await web.close();
  }
});

test("where Stripe cannot be reached it is said so, with a time to try again", async () => {
  const nowhere = { STRIPE_SECRET_KEY: "sk_test_hunter2", STRIPE_API_BASE: "http://127.0.0.1:9" };
  const web = await startTestWeb({ database: billing.web.database, env: nowhere });
  try {
    const { apiKey: key } = await web.person({ hasCard: false });
    const answer = await web.call("POST", "/v1/billing/setup-intent", { key });
    expect([answer.status, answer.body.error]).toEqual([503, "stripe_unavailable"]);
    expect(answer.headers.get("Retry-After")).toBe("1");
    expect(answer.text).not.toMatch(/hunter2|127\.0\.0\.1/);
  } finally {
    await web.close();
  }
});

test("what Stripe refuses us stays private, and so does our key", async () => {
  const env = { STRIPE_SECRET_KEY: "sk_test_hunter2hunter2", STRIPE_API_BASE: billing.emulator.url };
  const web = await startTestWeb({ database: billing.web.database, env });
  try {
    const { apiKey: key } = await web.person({ hasCard: false });
    const answer = await web.call("POST", "/v1/billing/setup-intent", { key });
    expect([answer.status, answer.body["detail"]]).toEqual([500, "Internal server error"]);
    expect(answer.text).not.toMatch(/sk_test|API key/i);
  } finally {
    await web.close();
  }
});

test("tRPC says the same", async () => {
  const { apiKey } = await newPerson();
  const call = (name: string, input?: object) =>
    billing.web.call("POST", `/trpc/billing.${name}`, { key: apiKey, body: input ?? {} });
  const begun = await call("beginSetup");
  const { result } = begun.body as unknown as { result: { data: { client_secret: string } } };
  expect(result.data.client_secret).toMatch(/^seti_\w+_secret_/);
  const unknown = await call("setPaymentMethod", { setup_intent_id: "seti_unknown" });
  expect(unknown.status).toBe(404);
  expect(unknown.text).toContain("setup_not_found");
});
