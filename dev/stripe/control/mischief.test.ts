import { expect, test } from "vitest";
import {
  clientOf,
  refusalOf,
  SECRET_KEY,
  startListener,
  startTestStripe,
  stateFile,
} from "../../../tests/support/stripe.ts";
import { control } from "../../../tests/support/stripe-invoices.ts";
import { numbersFrom } from "./mischief.ts";

const ALWAYS = 1;

test("the same seed gives the same numbers, another seed others, all of them from 0 to 1", () => {
  const take = (seed: number) => Array.from({ length: 1_000 }, numbersFrom(seed));
  expect(take(7)).toEqual(take(7));
  expect(take(7)).not.toEqual(take(8));
  expect(take(7).every((number) => number >= 0 && number < 1)).toBe(true);
  const mean = take(7).reduce((sum, number) => sum + number, 0) / 1_000;
  expect(mean).toBeGreaterThan(0.45);
  expect(mean).toBeLessThan(0.55);
});

test("with the same seed the same calls go wrong", async () => {
  const outcomesOf = async (seed: number) => {
    const emulator = await startTestStripe();
    await control(emulator, "misbehave", { seed, fail_500: 0.3, rate_limit: 0.3 });
    const outcomes: (number | undefined)[] = [];
    for (let call = 0; call < 20; call += 1)
      outcomes.push(
        await emulator.stripe.balance.retrieve().then(
          () => 200,
          (error: unknown) => (error as { statusCode?: number }).statusCode,
        ),
      );
    return outcomes;
  };
  const first = await outcomesOf(3);
  expect(new Set(first)).toEqual(new Set([200, 429, 500]));
  expect(await outcomesOf(3)).toEqual(first);
  expect(await outcomesOf(4)).not.toEqual(first);
});

test("a call that fails before its work has done nothing, and its key is free", async () => {
  const emulator = await startTestStripe();
  const { stripe } = emulator;
  await control(emulator, "misbehave", { fail_500: ALWAYS });
  const make = () => stripe.customers.create({}, { idempotencyKey: "one" });
  expect(await refusalOf(make())).toMatchObject({ type: "StripeAPIError", statusCode: 500 });
  await control(emulator, "misbehave", {});
  expect((await stripe.customers.list()).data).toEqual([]);
  expect((await make()).lastResponse.headers["idempotent-replayed"]).toBeUndefined();
});

test("a call that fails after its work has done it once, whether by 500 or a cut connection", async () => {
  const emulator = await startTestStripe();
  const { stripe } = emulator;
  const outcomes = new Set<unknown>();
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    await control(emulator, "misbehave", { seed, accept_then_fail: ALWAYS });
    const idempotencyKey = `key ${seed}`;
    // Stripe's package would ask once more by itself when a connection is cut.
    const outcome = await fetch(`${emulator.url}/v1/customers`, {
      method: "POST",
      headers: { Authorization: `Bearer ${SECRET_KEY}`, "Idempotency-Key": idempotencyKey },
      body: new URLSearchParams({ name: "Ada" }),
    }).then(
      ({ status }) => status,
      () => "cut",
    );
    outcomes.add(outcome);
    await control(emulator, "misbehave", {});
    const again = await stripe.customers.create({ name: "Ada" }, { idempotencyKey });
    expect(again.lastResponse.headers["idempotent-replayed"]).toBe("true");
  }
  expect(outcomes).toEqual(new Set([500, "cut"]));
  expect((await stripe.customers.list()).data).toHaveLength(6);
});

test("a call whose answer takes long keeps others with its key out", async () => {
  const emulator = await startTestStripe();
  await control(emulator, "misbehave", { delay_ms: 500 });
  const make = () => emulator.stripe.customers.create({}, { idempotencyKey: "one" });
  const [one, other] = await Promise.allSettled([make(), make()]);
  const refused = [one, other].find(({ status }) => status === "rejected");
  expect(refused).toMatchObject({ reason: { statusCode: 409, code: "idempotency_key_in_use" } });
  expect((await emulator.stripe.customers.list()).data).toHaveLength(1);
});

test("Stripe's package gets through by itself when it may try again", async () => {
  const emulator = await startTestStripe();
  await control(emulator, "misbehave", { seed: 5, accept_then_fail: 0.4, fail_500: 0.2 });
  const patient = clientOf(emulator, SECRET_KEY, 20);
  for (let count = 0; count < 3; count += 1) await patient.customers.create();
  await control(emulator, "misbehave", {});
  expect((await patient.customers.list()).data).toHaveLength(3);
});

test("deliveries are doubled, dropped and late as it is asked for, and can be asked for again", async () => {
  const listener = await startListener();
  const emulator = await startTestStripe({ webhookUrl: listener.url });
  const { stripe } = emulator;
  const namesHeard = () =>
    listener.events().map(({ data }) => ("name" in data.object ? data.object.name : null));
  await control(emulator, "misbehave", { duplicate: ALWAYS });
  await stripe.customers.create({ name: "twice" });
  await expect.poll(namesHeard).toEqual(["twice", "twice"]);
  await control(emulator, "misbehave", { drop: ALWAYS });
  await stripe.customers.create({ name: "never" });
  await control(emulator, "misbehave", { reorder: ALWAYS });
  await stripe.customers.create({ name: "late" });
  await control(emulator, "misbehave", {});
  await stripe.customers.create({ name: "early" });
  await expect.poll(namesHeard).toEqual(["twice", "twice", "early", "late"]);
  const lost = (await stripe.events.list()).data.find(
    ({ data }) => "name" in data.object && data.object.name === "never",
  );
  await control(emulator, "redeliver", { event: lost?.id });
  await expect.poll(namesHeard).toContain("never");
  expect((await control(emulator, "redeliver", { event: "evt_none" })).status).toBe(404);
});

test("searches stay behind by as much as it is asked for, lists do not", async () => {
  const emulator = await startTestStripe();
  const { stripe } = emulator;
  await control(emulator, "misbehave", { search_lag_seconds: 60 });
  const { id } = await stripe.customers.create({ metadata: { account: "7" } });
  const find = async (account: string) =>
    (await stripe.customers.search({ query: `metadata['account']:'${account}'` })).data.map(
      (found) => found.id,
    );
  expect(await find("7")).toEqual([]);
  expect((await stripe.customers.list()).data).toHaveLength(1);
  await control(emulator, "clock", { advance_seconds: 61 });
  expect(await find("7")).toEqual([id]);
  await stripe.customers.update(id, { metadata: { account: "8" } });
  expect([await find("7"), await find("8")]).toEqual([[id], []]);
  await control(emulator, "clock", { advance_seconds: 61 });
  expect([await find("7"), await find("8")]).toEqual([[], [id]]);
});

test("clock and misbehaviour are the same after a restart", async () => {
  const file = stateFile();
  const first = await startTestStripe({ stateFile: file });
  await control(first, "clock", { advance_seconds: 86_400 });
  await control(first, "misbehave", { rate_limit: ALWAYS });
  await first.end();
  const second = await startTestStripe({ stateFile: file });
  expect(await refusalOf(second.stripe.balance.retrieve())).toMatchObject({ statusCode: 429 });
  await control(second, "misbehave", {});
  const { created } = await second.stripe.customers.create();
  expect(created - Date.now() / 1_000).toBeGreaterThan(86_000);
});
