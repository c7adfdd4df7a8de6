import { expect, test } from "vitest";
import { control } from "../../../tests/support/stripe-invoices.ts";
import { refusalOf, startTestStripe } from "../../../tests/support/stripe.ts";

test("the same key and parameters get the first answer again", async () => {
  const { stripe } = await startTestStripe();
  const first = await stripe.customers.create({ name: "Ada" }, { idempotencyKey: "one" });
  const again = await stripe.customers.create({ name: "Ada" }, { idempotencyKey: "one" });
  expect(again).toEqual(first);
  expect(again.lastResponse.headers["idempotent-replayed"]).toBe("true");
  expect(first.lastResponse.headers["idempotent-replayed"]).toBeUndefined();
  expect(again.lastResponse.headers["original-request"]).toBe(first.lastResponse.requestId);
  expect((await stripe.customers.list()).data).toHaveLength(1);
});

test("other parameters or another endpoint with the same key are refused", async () => {
  const { stripe } = await startTestStripe();
  await stripe.customers.create({ name: "Ada" }, { idempotencyKey: "one" });
  for (const call of [
    stripe.customers.create({ name: "Ben" }, { idempotencyKey: "one" }),
    stripe.setupIntents.create({}, { idempotencyKey: "one" }),
  ])
    expect(await refusalOf(call)).toMatchObject({ type: "StripeIdempotencyError", statusCode: 400 });
});

test("a key is free again after a day of the emulator's", async () => {
  const emulator = await startTestStripe();
  const make = () => emulator.stripe.customers.create({}, { idempotencyKey: "one" });
  const { id } = await make();
  await control(emulator, "clock", { advance_seconds: 86_300 });
  expect((await make()).id).toBe(id);
  await control(emulator, "clock", { advance_seconds: 200 });
  expect((await make()).id).not.toBe(id);
});

test("a refusal by the work is remembered, one of the parameters is not", async () => {
  const { stripe } = await startTestStripe();
  const ask = (customer: string, idempotencyKey: string) =>
    refusalOf(stripe.setupIntents.create({ customer }, { idempotencyKey }));
  const first = await ask("cus_none", "one");
  const again = await ask("cus_none", "one");
  expect(again).toMatchObject({ code: "resource_missing", statusCode: 400 });
  expect(again.headers?.["idempotent-replayed"]).toBe("true");
  expect(again.headers?.["original-request"]).toBe(first.requestId);
  expect(await ask("", "two")).toMatchObject({ code: "parameter_invalid_empty" });
  const fine = await stripe.setupIntents.create({}, { idempotencyKey: "two" });
  expect(fine.id).toMatch(/^seti_/);
});
