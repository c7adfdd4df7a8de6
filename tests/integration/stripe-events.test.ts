import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { watchDeadLetters } from "../../jobs/watch-dead-letters.ts";
import { createMetrics } from "../../server/metrics.ts";
import {
  countDeadLetters,
  listDeadLetters,
  replayEvents,
} from "../../server/services/billing/events/dead-letters.ts";
import { handleEvent } from "../../server/services/billing/events/handle.ts";
import { idOf } from "../../server/services/billing/stripe.ts";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { putOnFile, setUpCard, startTestBilling, type TestBilling } from "../support/billing.ts";
import { asWorker, runJobs } from "../support/jobs.ts";
import type { Person } from "../support/web.ts";

let billing: TestBilling;
beforeAll(async () => {
  billing = await startTestBilling({ hasWebhooks: true });
});
afterAll(() => billing.close());

const sql = () => billing.web.platform.db.sql;
const newPerson = () => billing.web.person({ hasCard: false });
const cardOf = ({ apiKey }: Person) => billing.web.call("GET", "/v1/billing/payment-method", { key: apiKey });

async function kindsOf({ apiKey }: Person): Promise<string[]> {
  const { body } = await billing.web.call("GET", "/v1/ledger/entries?limit=100", { key: apiKey });
  const kinds = body.data.map((entry) => (entry as unknown as { kind: string }).kind);
  return kinds.filter((kind) => kind.startsWith("card."));
}

/** Waits until Stripe has told us of something, and gives the event's id. */
async function hearOf(type: string, objectId: string): Promise<string> {
  const find = async () =>
    (
      await sql()<{ id: string }[]>`
      select id from stripe_events where type = ${type} and object_id = ${objectId} order by received_at desc`
    )[0]?.id;
  await expect.poll(find, { timeout: 10_000 }).toBeDefined();
  return (await find()) ?? "";
}

/** Runs what is in the queue, and then this event once more, as a second delivery would. */
async function handle(type: string, objectId: string): Promise<void> {
  const id = await hearOf(type, objectId);
  await runJobs(billing.web);
  const [event] = await sql()`select handled_at, failure from stripe_events where id = ${id}`;
  expect(event).toMatchObject({ handled_at: expect.any(Date) as Date, failure: null });
  await replayEvents(billing.web.platform.db, id);
  await runJobs(billing.web);
}

async function idOnFile({ accountId }: Person): Promise<string> {
  const rows = await sql()<{ id: string }[]>`
    select stripe_id as id from payment_methods where account_id = ${accountId} and removed_at is null`;
  return rows[0]?.id ?? "";
}

async function personWithCard(): Promise<Person> {
  const person = await newPerson();
  await putOnFile(billing, person, { setup_intent_id: await setUpCard(billing, person) });
  return person;
}

async function storeEvent(type: string, objectId: string | null): Promise<string> {
  const id = `evt_${randomUUID().replaceAll("-", "")}`;
  await sql()`
    insert into stripe_events (id, type, object_id, happened_at) values (${id}, ${type}, ${objectId}, clock_timestamp())`;
  return id;
}

test("a card whose owner closed the page is put on file when Stripe says that it is set up", async () => {
  const person = await newPerson();
  const id = await setUpCard(billing, person, "pm_card_mastercard");
  await handle("setup_intent.succeeded", id);
  expect((await cardOf(person)).body).toMatchObject({ brand: "mastercard" });
  expect(await kindsOf(person)).toEqual(["card.added"]);
});

test("so is one that was given on Stripe's page, of which two events tell", async () => {
  const person = await newPerson();
  const { body } = await billing.web.call("POST", "/v1/billing/checkout", { key: person.apiKey });
  const form = new URLSearchParams({ number: "4242424242424242", expiry: "12 / 40", cvc: "123" });
  await fetch(String(body["url"]), { method: "POST", body: form, redirect: "manual" });
  await handle("checkout.session.completed", String(body["session_id"]));
  expect((await cardOf(person)).body).toMatchObject({ last4: "4242" });
  expect(await kindsOf(person)).toEqual(["card.added"]);
});

test("a replaced card is detached, and hearing of that takes nothing off file", async () => {
  const person = await personWithCard();
  const first = await idOnFile(person);
  await putOnFile(billing, person, { setup_intent_id: await setUpCard(billing, person, "pm_card_amex") });
  await runJobs(billing.web);
  expect((await billing.stripe.paymentMethods.retrieve(first)).customer).toBeNull();
  await handle("payment_method.detached", first);
  expect((await cardOf(person)).body).toMatchObject({ brand: "amex" });
  expect(await kindsOf(person)).toEqual(["card.added", "card.added"]);
});

test("a card that is detached at Stripe is on file no longer, and the ledger says so once", async () => {
  const person = await personWithCard();
  const id = await idOnFile(person);
  await billing.stripe.paymentMethods.detach(id);
  await handle("payment_method.detached", id);
  expect((await cardOf(person)).status).toBe(404);
  expect((await kindsOf(person)).sort()).toEqual(["card.added", "card.removed"]);
});

test("with a customer that is deleted at Stripe its card is gone, and the next set-up has another customer", async () => {
  const person = await personWithCard();
  const [row] = await sql()<{ id: string }[]>`
    select id from stripe_customers where account_id = ${person.accountId}`;
  await billing.stripe.customers.del(row?.id ?? "");
  await handle("customer.deleted", row?.id ?? "");
  expect((await cardOf(person)).status).toBe(404);
  expect((await kindsOf(person)).sort()).toEqual(["card.added", "card.removed"]);
  await putOnFile(billing, person, { setup_intent_id: await setUpCard(billing, person) });
  expect((await cardOf(person)).status).toBe(200);
  await replayEvents(billing.web.platform.db, await hearOf("customer.deleted", row?.id ?? ""));
  await runJobs(billing.web);
  expect((await cardOf(person)).status).toBe(200);
});

test("a customer that was deleted unheard of takes its card with it when it is replaced", async () => {
  const person = await personWithCard();
  await sql()`update stripe_customers set id = ${`cus_gone_${person.accountId}`} where account_id = ${person.accountId}`;
  await setUpCard(billing, person, "pm_card_jcb");
  expect((await cardOf(person)).status).toBe(404);
  expect((await kindsOf(person)).sort()).toEqual(["card.added", "card.removed"]);
});

test("a renewed card shows its new date", async () => {
  const person = await personWithCard();
  const id = await idOnFile(person);
  await billing.stripe.paymentMethods.update(id, { card: { exp_month: 1, exp_year: 2041 } });
  await handle("payment_method.updated", id);
  expect((await cardOf(person)).body).toMatchObject({ exp_month: 1, exp_year: 2041 });
  expect(await kindsOf(person)).toEqual(["card.added"]);
});

test("events in the wrong order end as the right one would", async () => {
  const person = await newPerson();
  const setup = await setUpCard(billing, person);
  const method = idOf((await billing.stripe.setupIntents.retrieve(setup)).payment_method) ?? "";
  await billing.stripe.paymentMethods.detach(method);
  const [added, removed] = [
    await hearOf("setup_intent.succeeded", setup),
    await hearOf("payment_method.detached", method),
  ];
  for (const id of [removed, added]) await handleEvent(billing.web.platform, id, false);
  expect((await cardOf(person)).status).toBe(404);
  expect(await kindsOf(person)).toEqual([]);
});

test("what is no customer of ours, or gone, or nothing at all, is handled and changes nothing", async () => {
  const events: readonly (readonly [string, string | null])[] = [
    ["setup_intent.succeeded", "seti_unknown"],
    ["setup_intent.succeeded", null],
    ["checkout.session.completed", "cs_test_unknown"],
    ["payment_method.detached", "pm_unknown"],
    ["payment_method.automatically_updated", "pm_unknown"],
    ["customer.deleted", "cus_unknown"],
    ["invoice.deleted", "in_unknown"],
    ["invoice.upcoming", null],
    ["credit_note.created", "cn_unknown"],
    ["a.type.of.tomorrow", "x_1"],
    ["constructor", "x_1"],
  ];
  for (const [type, objectId] of events) {
    const id = await storeEvent(type, objectId);
    await handleEvent(billing.web.platform, id, false);
    expect(await sql()`select 1 from stripe_events where id = ${id} and handled_at is not null`).toHaveLength(
      1,
    );
  }
  await handleEvent(billing.web.platform, "evt_unknown", false);
});

/** Makes the next run of an event's job its last. */
const exhaust = (eventId: string) =>
  asWorker(
    billing.web.database,
    (worker) => worker`
      update graphile_worker._private_jobs
         set attempts = max_attempts - 1,
             run_at = now()
       where payload ->> 'event_id' = ${eventId}`,
  );

test("an event that fails is tried again, is a dead letter after its last attempt, and lives again when replayed", async () => {
  const person = await newPerson();
  const { db } = billing.web.platform;
  const before = await countDeadLetters(db);
  await sql()`update accounts set closing_since = clock_timestamp() where id = ${person.accountId}`;
  const setup = await setUpCard(billing, person);
  const id = await hearOf("setup_intent.succeeded", setup);
  const read = async () =>
    (await sql()`select handled_at, failed_at, failure from stripe_events where id = ${id}`)[0];
  await runJobs(billing.web);
  const failure = "This account's card is being removed. Ask again when that is done.";
  expect(await read()).toEqual({ handled_at: null, failed_at: null, failure });
  expect(await countDeadLetters(db)).toBe(before);
  await exhaust(id);
  await runJobs(billing.web);
  expect(await read()).toEqual({ handled_at: null, failed_at: expect.any(Date) as Date, failure });
  expect(await countDeadLetters(db)).toBe(before + 1);
  expect((await listDeadLetters(db)).map((letter) => letter.id)).toContain(id);

  await sql()`update accounts set closing_since = null where id = ${person.accountId}`;
  expect(await replayEvents(db, "all")).toContain(id);
  await runJobs(billing.web);
  expect(await read()).toMatchObject({
    handled_at: expect.any(Date) as Date,
    failed_at: null,
    failure: null,
  });
  expect(await countDeadLetters(db)).toBe(before);
  expect((await cardOf(person)).status).toBe(200);
  expect(await replayEvents(db, "evt_unknown")).toEqual([]);
});

test("an event whose job was lost is a dead letter too", async () => {
  const id = await storeEvent("setup_intent.succeeded", "seti_unknown");
  const { db } = billing.web.platform;
  const isListed = async () => (await listDeadLetters(db)).some((letter) => letter.id === id);
  expect(await isListed()).toBe(false);
  await sql()`update stripe_events set received_at = clock_timestamp() - interval '6 days' where id = ${id}`;
  expect(await isListed()).toBe(true);
  await replayEvents(db, "all");
  await runJobs(billing.web);
  expect(await isListed()).toBe(false);
});

test("the command lists dead letters and replays them, with the database alone", async () => {
  const script = fileURLToPath(new URL("../../jobs/replay-events.ts", import.meta.url));
  const run = async (...args: string[]) => {
    const env = { NODE_ENV: "production", DATABASE_URL: billing.web.database.appUrl } as const;
    return (await promisify(execFile)(process.execPath, [script, ...args], { env })).stdout;
  };
  expect(await run()).toBe("No event was given up.\n");
  const id = await storeEvent("setup_intent.succeeded", "seti_unknown");
  await sql()`update stripe_events set failed_at = clock_timestamp(), failure = 'It failed.' where id = ${id}`;
  expect(await run()).toMatch(new RegExp(`^${id}  setup_intent\\.succeeded  .*  It failed\\.\\n$`));
  expect(await run(id)).toBe(`${id} is in the queue again.\n`);
  await runJobs(billing.web);
  expect(await run("all")).toBe("No event was given up.\n");
  await expect(run("evt_unknown")).rejects.toMatchObject({
    code: 1,
    stdout: "There is no event evt_unknown.\n",
  });
});

test("a worker's metrics say how many dead letters there are at that moment", async () => {
  const metrics = createMetrics();
  watchDeadLetters({ metrics, db: billing.web.platform.db });
  const read = () => metrics.registry.getSingleMetricAsString("spell_stripe_dead_letters");
  expect(await read()).toMatch(/^spell_stripe_dead_letters 0$/m);
  const id = await storeEvent("setup_intent.succeeded", "seti_unknown");
  await sql()`update stripe_events set failed_at = clock_timestamp() where id = ${id}`;
  expect(await read()).toMatch(/^spell_stripe_dead_letters 1$/m);
  await replayEvents(billing.web.platform.db, id);
  expect(await read()).toMatch(/^spell_stripe_dead_letters 0$/m);
});

test("what goes wrong on our side is noted without saying what", async () => {
  const { platform } = billing.web;
  const id = await storeEvent("setup_intent.succeeded", "seti_hunter2");
  const broken = {
    ...platform,
    stripe: Object.assign(Object.create(platform.stripe) as object, { setupIntents: {} }),
  };
  await expect(handleEvent(broken as typeof platform, id, true)).rejects.toThrow(TypeError);
  const [event] = await sql()<{ failure: string }[]>`select failure from stripe_events where id = ${id}`;
  expect(event?.failure).toBe("An error of ours: the worker's log says which.");
  await replayEvents(platform.db, id);
});

test("after all of it the books agree", async () => {
  await runJobs(billing.web);
  expect((await verifyLedger(billing.web.platform.db)).disagreements).toEqual([]);
});
