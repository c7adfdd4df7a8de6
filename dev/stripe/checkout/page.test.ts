import type Stripe from "stripe";
import { expect, test } from "vitest";
import { refusalOf, startListener, startTestStripe } from "../../../tests/support/stripe.ts";

const WISH = {
  mode: "setup",
  currency: "usd",
  success_url: "http://localhost:3000/dashboard/billing?session={CHECKOUT_SESSION_ID}",
  cancel_url: "http://localhost:3000/dashboard/billing",
} as const satisfies Stripe.Checkout.SessionCreateParams;

const GOOD = { number: "4242 4242 4242 4242", expiry: "12 / 40", cvc: "123" };

const post = (url: string, form: Readonly<Record<string, string>>) =>
  fetch(url, { method: "POST", redirect: "manual", body: new URLSearchParams(form) });

const locationOf = (response: Response) => response.headers.get("Location") ?? "";

async function open(
  changes: Partial<Stripe.Checkout.SessionCreateParams> = {},
  webhookUrl: string | null = null,
) {
  const { stripe } = await startTestStripe({ webhookUrl });
  const { id: customer } = await stripe.customers.create();
  const session = await stripe.checkout.sessions.create({ ...WISH, customer, ...changes });
  return { stripe, customer, session, url: session.url ?? "" };
}

test("a person saves a card without JavaScript and comes back, and the webhook hears of it", async () => {
  const listener = await startListener();
  const { stripe, customer, session, url } = await open({ metadata: { account: "7" } }, listener.url);
  expect(session).toMatchObject({ mode: "setup", status: "open", payment_status: "no_payment_required" });
  expect(await (await fetch(url)).text()).toContain("<form");
  const saved = await post(url, GOOD);
  expect([saved.status, locationOf(saved)]).toEqual([
    303,
    `http://localhost:3000/dashboard/billing?session=${session.id}`,
  ]);
  const done = await stripe.checkout.sessions.retrieve(session.id, {
    expand: ["setup_intent", "setup_intent.payment_method"],
  });
  expect(done).toMatchObject({
    status: "complete",
    url: null,
    setup_intent: { status: "succeeded", payment_method: { customer, card: { last4: "4242" } } },
  });
  const events = await listener.waitFor(
    "setup_intent.created",
    "payment_method.attached",
    "setup_intent.succeeded",
    "checkout.session.completed",
  );
  const completed = events.find(({ type }) => type === "checkout.session.completed");
  expect(completed?.data.object).toMatchObject({ id: session.id, metadata: { account: "7" } });
  // Whoever opens the page again is sent on, and saves nothing twice.
  expect((await post(url, GOOD)).status).toBe(303);
  expect((await stripe.customers.listPaymentMethods(customer)).data).toHaveLength(1);
});

test("a card that does not do is explained beside its field, in the session's language", async () => {
  const { url } = await open({ locale: "ja" });
  const declined = await post(url, { ...GOOD, number: "4000000000000002" });
  const page = await declined.text();
  expect(declined.status).toBe(422);
  expect(page).toContain('lang="ja"');
  expect(page).toContain("カードが拒否されました。");
  expect(page).toMatch(/id="number"[^>]*aria-invalid="true"/);
  const old = await post(url, { ...GOOD, expiry: "12/20" });
  expect(await old.text()).toMatch(/id="expiry"[^>]*aria-invalid="true"/);
  expect((await post(url, GOOD)).status).toBe(303);
});

test.each([
  ["complete", "complete"],
  ["fail", "open"],
])(
  "a card with 3-D Secure leads to the bank's page; when people %s there, the session is %s",
  async (outcome, status) => {
    const { stripe, session, url } = await open();
    const challenge = locationOf(await post(url, { ...GOOD, number: "4000002500003155" }));
    expect(await (await fetch(challenge)).text()).toContain('name="outcome"');
    const back = await post(challenge, { outcome });
    expect(back.status).toBe(303);
    const landed = await fetch(locationOf(back), { redirect: "manual" });
    if (outcome === "complete") expect(locationOf(landed)).toContain(`session=${session.id}`);
    else expect(await landed.text()).toContain("We are unable to authenticate your payment method");
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe(status);
    expect((await post(challenge, { outcome: "complete" })).status).toBe(404);
  },
);

test("an expired session saves nothing any more", async () => {
  const listener = await startListener();
  const { stripe, session, url } = await open({}, listener.url);
  expect(await stripe.checkout.sessions.expire(session.id)).toMatchObject({ status: "expired", url: null });
  expect(await (await post(url, GOOD)).text()).toContain("This session is over");
  expect(await refusalOf(stripe.checkout.sessions.expire(session.id))).toMatchObject({ statusCode: 400 });
  await listener.waitFor("checkout.session.expired");
});

test("what is typed into an address or a card is shown as text", async () => {
  const { url } = await open();
  const page = await (await post(url, { ...GOOD, number: "<script>alert(1)</script>" })).text();
  expect(page).not.toContain("<script>alert");
  expect((await fetch(`${url}x`)).status).toBe(404);
});

test("in setup mode a session needs a currency or the kinds of payment methods", async () => {
  const { stripe } = await startTestStripe();
  const { currency: _, ...without } = WISH;
  expect(await refusalOf(stripe.checkout.sessions.create(without))).toMatchObject({
    code: "parameter_missing",
    param: "currency",
  });
  const session = await stripe.checkout.sessions.create({
    ...without,
    allowed_payment_method_types: ["card"],
  });
  expect(session.allowed_payment_method_types).toEqual(["card"]);
});
