import { afterAll, beforeAll, expect, test } from "vitest";
import { alignCards } from "../../server/services/billing/align-cards.ts";
import { adoptSetupIntent } from "../../server/services/billing/adopt-card.ts";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { beginSetup, putOnFile, setUpCard, startTestBilling, type TestBilling } from "../support/billing.ts";
import { readJobs } from "../support/jobs.ts";
import type { Person } from "../support/web.ts";

let billing: TestBilling;
beforeAll(async () => {
  billing = await startTestBilling();
});
afterAll(() => billing.close());

const newPerson = () => billing.web.person({ hasCard: false });
const cardOf = ({ apiKey }: Person) => billing.web.call("GET", "/v1/billing/payment-method", { key: apiKey });
const set = (person: Person, body: object) => putOnFile(billing, person, body);

async function entriesOf({ apiKey }: Person, kind: string): Promise<unknown[]> {
  const { body } = await billing.web.call("GET", "/v1/ledger/entries?limit=100", { key: apiKey });
  return body.data.filter((entry) => (entry as unknown as { kind: string }).kind === kind);
}

async function customerOf({ accountId }: Person) {
  const { sql } = billing.web.platform.db;
  const rows = await sql<{ id: string }[]>`select id from stripe_customers where account_id = ${accountId}`;
  expect(rows).toHaveLength(1);
  const customer = await billing.stripe.customers.retrieve(rows[0]?.id ?? "");
  if (customer.deleted === true) throw new Error("the customer was deleted");
  return customer;
}

async function attachedTo(customer: string): Promise<string[]> {
  const { data } = await billing.stripe.customers.listPaymentMethods(customer);
  return data.map(({ id }) => id);
}

test.each([
  ["pm_card_visa", "visa", "4242"],
  ["pm_card_mastercard", "mastercard", "4444"],
  ["pm_card_amex", "amex", "0005"],
  ["pm_card_jcb", "jcb", "0505"],
  ["pm_card_jp", "visa", "0003"],
])("%s is set up, put on file, and brings the default limit", async (method, brand, last4) => {
  const person = await newPerson();
  expect([(await cardOf(person)).status, (await cardOf(person)).body.error]).toEqual([
    404,
    "payment_method_not_found",
  ]);
  const setup_intent_id = await setUpCard(billing, person, method);
  const answer = await set(person, { setup_intent_id });
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    brand,
    last4,
    exp_month: expect.any(Number) as number,
    exp_year: expect.any(Number) as number,
  });
  expect((await cardOf(person)).body).toEqual(answer.body);
  const budget = await billing.web.call("GET", "/v1/budgets", { key: person.apiKey });
  expect(budget.body).toMatchObject({ period: "monthly", hard_limit_cents: 5_000 });
  expect(await entriesOf(person, "card.added")).toMatchObject([{ details: { brand } }]);
  const customer = await customerOf(person);
  expect(await attachedTo(customer.id)).toEqual([customer.invoice_settings.default_payment_method]);
});

test("a customer is named by its account's pseudonym, and carries the person's name and address", async () => {
  const person = await newPerson();
  await beginSetup(billing, person);
  const [row] = await billing.web.platform.db.sql<{ pseudonym: string; login: string; email: string }[]>`
    select a.pseudonym, p.login, p.email
      from accounts a
      join people p on p.account_id = a.id
     where a.id = ${person.accountId}`;
  expect(await customerOf(person)).toMatchObject({
    metadata: { account: row?.pseudonym },
    name: row?.login,
    email: row?.email,
  });
});

test("many set-ups begun at once are one customer's", async () => {
  const person = await newPerson();
  const ids = await Promise.all(Array.from({ length: 6 }, () => beginSetup(billing, person)));
  expect(new Set(ids).size).toBe(6);
  const { id, metadata } = await customerOf(person);
  const intents = await Promise.all(ids.map((each) => billing.stripe.setupIntents.retrieve(each)));
  expect(new Set(intents.map(({ customer }) => customer))).toEqual(new Set([id]));
  const { data } = await billing.stripe.customers.list({ limit: 100 });
  expect(data.filter((each) => each.metadata["account"] === metadata["account"])).toHaveLength(1);
});

test("a customer that was deleted at Stripe is replaced by one other, by the next set-up", async () => {
  const person = await newPerson();
  await beginSetup(billing, person);
  const before = await customerOf(person);
  await billing.stripe.customers.del(before.id);
  const ids = await Promise.all(Array.from({ length: 3 }, () => beginSetup(billing, person)));
  expect(ids.every((id) => id.startsWith("seti_"))).toBe(true);
  const after = await customerOf(person);
  expect(after.id).not.toBe(before.id);
  expect(after.metadata).toEqual(before.metadata);
});

test("the same set-up again, also many times at once, changes nothing", async () => {
  const person = await newPerson();
  const setup_intent_id = await setUpCard(billing, person);
  const answers = await Promise.all(Array.from({ length: 6 }, () => set(person, { setup_intent_id })));
  expect(answers.map(({ status }) => status)).toEqual(Array<number>(6).fill(200));
  expect(await entriesOf(person, "card.added")).toHaveLength(1);
  expect((await set(person, { setup_intent_id })).status).toBe(200);
  expect(await entriesOf(person, "card.added")).toHaveLength(1);
});

test("what Stripe says by itself is adopted like what the person says", async () => {
  const person = await newPerson();
  const id = await setUpCard(billing, person);
  const adopt = () => adoptSetupIntent(billing.web.platform, id);
  expect(await adopt()).toEqual({ accountId: person.accountId, registration: "registered" });
  expect(await adopt()).toEqual({ accountId: person.accountId, registration: "present" });
  expect((await set(person, { setup_intent_id: id })).body).toMatchObject({ last4: "4242" });
  expect(await entriesOf(person, "card.added")).toHaveLength(1);
});

test("a card that takes another's place is the default, and the other is the customer's no more", async () => {
  const person = await newPerson();
  const first = await setUpCard(billing, person);
  await set(person, { setup_intent_id: first });
  const second = await setUpCard(billing, person, "pm_card_mastercard");
  expect((await set(person, { setup_intent_id: second })).body).toMatchObject({ brand: "mastercard" });
  expect(await entriesOf(person, "card.added")).toHaveLength(2);
  const { id, invoice_settings } = await customerOf(person);
  expect(await attachedTo(id)).toHaveLength(2);
  await alignCards(billing.web.platform, person.accountId);
  await alignCards(billing.web.platform, person.accountId);
  expect(await attachedTo(id)).toEqual([invoice_settings.default_payment_method]);
  // The first card's set-up is no way back: it is nobody's card any more.
  const back = await set(person, { setup_intent_id: first });
  expect([back.status, back.body.error]).toEqual([404, "setup_not_found"]);
  expect(await adoptSetupIntent(billing.web.platform, first)).toBeNull();
  expect((await cardOf(person)).body).toMatchObject({ brand: "mastercard" });
});

test("a job takes the replaced card away, enqueued with the replacement", async () => {
  const person = await newPerson();
  for (const method of ["pm_card_visa", "pm_card_jcb"])
    await set(person, { setup_intent_id: await setUpCard(billing, person, method) });
  const jobs = await readJobs(billing.web.database, "align-cards");
  expect(jobs.filter(({ payload }) => payload["account_id"] === person.accountId)).toHaveLength(1);
});

test("the card that was given last stays, in whatever order it is heard of", async () => {
  const person = await newPerson();
  const older = await setUpCard(billing, person, "pm_card_visa");
  const newer = await setUpCard(billing, person, "pm_card_mastercard");
  await adoptSetupIntent(billing.web.platform, newer);
  // By Stripe's clock the two are of one second: the first is made older than that.
  await billing.web.platform.db.sql`
    update payment_methods set created_at = created_at + interval '5 seconds' where account_id = ${person.accountId}`;
  expect(await adoptSetupIntent(billing.web.platform, older)).toMatchObject({ registration: "older" });
  expect((await set(person, { setup_intent_id: older })).body).toMatchObject({ brand: "mastercard" });
  await alignCards(billing.web.platform, person.accountId);
  const { id, invoice_settings } = await customerOf(person);
  expect(await attachedTo(id)).toEqual([invoice_settings.default_payment_method]);
  expect(await entriesOf(person, "card.added")).toHaveLength(1);
});

test("two cards at once end with one on file, and Stripe's default is that one", async () => {
  const person = await newPerson();
  const ids = [
    await setUpCard(billing, person),
    await setUpCard(billing, person, "pm_card_amex"),
    await setUpCard(billing, person, "pm_card_jcb"),
  ];
  await Promise.all(ids.map((setup_intent_id) => set(person, { setup_intent_id })));
  await alignCards(billing.web.platform, person.accountId);
  const { id, invoice_settings } = await customerOf(person);
  const [row] = await billing.web.platform.db.sql<{ id: string }[]>`
    select stripe_id as id from payment_methods where account_id = ${person.accountId} and removed_at is null`;
  expect(invoice_settings.default_payment_method).toBe(row?.id);
  expect(await attachedTo(id)).toEqual([row?.id]);
});

test("a card that is set up and not on file yet is left to the customer", async () => {
  const person = await newPerson();
  await set(person, { setup_intent_id: await setUpCard(billing, person) });
  await setUpCard(billing, person, "pm_card_mastercard");
  await alignCards(billing.web.platform, person.accountId);
  expect(await attachedTo((await customerOf(person)).id)).toHaveLength(2);
});

test("while an account's card is being removed no other takes its place", async () => {
  const person = await newPerson();
  const { sql } = billing.web.platform.db;
  const setup_intent_id = await setUpCard(billing, person);
  await sql`update accounts set closing_since = clock_timestamp() where id = ${person.accountId}`;
  const answer = await set(person, { setup_intent_id });
  expect([answer.status, answer.body.error]).toEqual([409, "account_closing"]);
  expect((await customerOf(person)).invoice_settings.default_payment_method).toBeNull();
  await sql`update accounts set closing_since = null where id = ${person.accountId}`;
  expect((await set(person, { setup_intent_id })).status).toBe(200);
});

test("after all of it the books agree", async () => {
  expect((await verifyLedger(billing.web.platform.db)).disagreements).toEqual([]);
});
