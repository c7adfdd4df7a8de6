import Stripe from "stripe";
import { expect, test } from "vitest";
import { startListener, startTestStripe, stateFile } from "../../../tests/support/stripe.ts";

test("an event comes signed, with the object as it was at that moment", async () => {
  const listener = await startListener();
  const { stripe } = await startTestStripe({ webhookUrl: listener.url });
  const { id } = await stripe.customers.create({ name: "Ada" }, { idempotencyKey: "one" });
  await stripe.customers.update(id, { name: "Ben" });
  const events = await listener.waitFor("customer.created", "customer.updated");
  const created = events.find(({ type }) => type === "customer.created");
  expect(created).toMatchObject({
    api_version: "2026-10-28.endive",
    livemode: false,
    pending_webhooks: 1,
    request: { idempotency_key: "one" },
    data: { object: { id, name: "Ada" } },
  });
  const updated = events.find(({ type }) => type === "customer.updated");
  expect(updated?.data).toMatchObject({ object: { name: "Ben" }, previous_attributes: { name: "Ada" } });
  const [first] = listener.heard;
  expect(() =>
    Stripe.webhooks.constructEvent(first?.body ?? "", first?.signature ?? "", "whsec_other"),
  ).toThrow();
});

test("an event is sent until somebody takes it, and can be asked for later", async () => {
  const listener = await startListener((nth) => (nth < 4 ? 500 : 200));
  const { stripe } = await startTestStripe({ webhookUrl: listener.url });
  await stripe.customers.create();
  await expect.poll(() => listener.heard.length, { timeout: 10_000 }).toBe(4);
  const ids = new Set(listener.events().map(({ id }) => id));
  expect(ids.size).toBe(1);
  const [id = ""] = ids;
  await expect.poll(async () => (await stripe.events.retrieve(id)).pending_webhooks).toBe(0);
  expect((await stripe.events.list({ type: "customer.created" })).data.map((event) => event.id)).toEqual([
    id,
  ]);
  expect((await stripe.events.list({ types: ["customer.created", "customer.updated"] })).data).toHaveLength(
    1,
  );
  expect((await stripe.events.list({ type: "customer.deleted" })).data).toEqual([]);
});

test("what could not be delivered is delivered after a restart", async () => {
  const file = stateFile();
  const nobody = await startTestStripe({ stateFile: file, webhookUrl: "http://127.0.0.1:9/none" });
  await nobody.stripe.customers.create({ name: "Ada" });
  await nobody.end();
  const listener = await startListener();
  await startTestStripe({ stateFile: file, webhookUrl: listener.url });
  const [event] = await listener.waitFor("customer.created");
  expect(event?.data.object).toMatchObject({ name: "Ada" });
});

test("an endpoint hears of the types and families that it asked for", async () => {
  const listener = await startListener();
  const webhookTypes = ["customer.deleted", "payment_method.*"];
  const { stripe } = await startTestStripe({ webhookUrl: listener.url, webhookTypes });
  const { id } = await stripe.customers.create();
  await stripe.paymentMethods.attach("pm_card_visa", { customer: id });
  await stripe.customers.del(id);
  await listener.waitFor("payment_method.attached", "customer.deleted");
  expect(listener.events().map(({ type }) => type)).not.toContain("customer.created");
});
