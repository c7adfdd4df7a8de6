import { expect, test } from "vitest";
import { startTestStripe } from "../../../tests/support/stripe.ts";
import { control } from "../../../tests/support/stripe-invoices.ts";

test("the state says how much there is, and how the emulator misbehaves", async () => {
  const emulator = await startTestStripe();
  await emulator.stripe.customers.create();
  const state = await control(emulator, "state");
  expect(await state.json()).toMatchObject({
    counts: { customer: 1, event: 1, invoice: 0 },
    pending_deliveries: 0,
    misbehaviour: { drop: 0, seed: 1 },
  });
});

test("time goes forward to a moment or by a span, and never back", async () => {
  const emulator = await startTestStripe();
  const now = Math.floor(Date.now() / 1_000) + 1_000_000;
  expect(await (await control(emulator, "clock", { now })).json()).toMatchObject({ now });
  expect((await control(emulator, "clock", { now: now - 10 })).status).toBe(400);
  const later = (await (await control(emulator, "clock", { advance_seconds: 60 })).json()) as { now: number };
  expect(later.now).toBeGreaterThanOrEqual(now + 60);
  const { created } = await emulator.stripe.customers.create();
  expect(created).toBeGreaterThanOrEqual(later.now);
});

test.each([
  ["clock", {}],
  ["clock", { advance_seconds: -1 }],
  ["misbehave", { drop: 2 }],
  ["misbehave", { colour: "red" }],
  ["redeliver", {}],
])("%s with %j makes no sense", async (path, body) => {
  const emulator = await startTestStripe();
  expect((await control(emulator, path, body)).status).toBe(400);
});

test("nobody moves anything without the secret key", async () => {
  const emulator = await startTestStripe();
  const { url, publishableKey } = emulator;
  expect((await control({ url, secretKey: "sk_test_another" }, "state")).status).toBe(401);
  expect((await control({ url, secretKey: publishableKey }, "clock", { advance_seconds: 1 })).status).toBe(
    403,
  );
});
