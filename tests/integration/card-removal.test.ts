import { afterAll, beforeAll, expect, test } from "vitest";
import { billingOf } from "../../server/services/billing/invoices/billing.ts";
import { finishRemoval } from "../../server/services/billing/remove-card.ts";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { putOnFile, setUpCard, startTestBilling, type TestBilling } from "../support/billing.ts";
import { readJobs } from "../support/jobs.ts";
import { SECRET_KEY } from "../support/stripe.ts";
import { publishSamples } from "../support/spells.ts";
import type { Person } from "../support/web.ts";

let billing: TestBilling;
beforeAll(async () => {
  billing = await startTestBilling();
  await publishSamples(billing.web.platform, "echo");
});
afterAll(() => billing.close());

/** An echo costs a cent, and Stripe takes 50 at least. */
const ENOUGH_CASTS = 60;

async function newPerson(card = "pm_card_visa"): Promise<Person> {
  const person = await billing.web.person({ hasCard: false });
  const setup_intent_id = await setUpCard(billing, person, card);
  expect((await putOnFile(billing, person, { setup_intent_id })).status).toBe(200);
  return person;
}

const call = (method: string, path: string, { apiKey }: Person) =>
  billing.web.call(method, path, { key: apiKey });
const remove = (person: Person) => call("DELETE", "/v1/billing/payment-method", person);
const cardStatus = async (person: Person) => (await call("GET", "/v1/billing/payment-method", person)).status;

async function invoicesOf(person: Person) {
  const { body } = await call("GET", "/v1/billing/invoices", person);
  return body.data as unknown as Record<string, unknown>[];
}

async function use({ apiKey }: Person, times: number): Promise<void> {
  for (let left = times; left > 0; left -= 30) {
    const some = Array.from({ length: Math.min(left, 30) }, () => billing.web.cast(apiKey, "echo", 1));
    const statuses = new Set((await Promise.all(some)).map(({ status }) => status));
    expect(statuses).toEqual(new Set([200]));
  }
}

test("what is owed is collected, then the card is gone and the account on its allowance", async () => {
  const person = await newPerson();
  await use(person, ENOUGH_CASTS);
  expect((await remove(person)).status).toBe(204);
  expect(await cardStatus(person)).toBe(404);
  const [invoice, ...others] = await invoicesOf(person);
  expect(others).toEqual([]);
  expect(invoice).toMatchObject({ status: "paid", due_cents: 60, carried_out_micros: 0, part: 1 });
  expect(invoice?.["lines"]).toMatchObject([
    { spell_name: "echo", calls: ENOUGH_CASTS, cost_micros: 600_000 },
  ]);
  // On the allowance, which is untouched so far.
  expect((await billing.web.cast(person.apiKey, "echo", 1)).status).toBe(200);
  expect((await remove(person)).body.error).toBe("payment_method_not_found");
  expect((await verifyLedger(billing.web.platform.db)).disagreements).toEqual([]);
});

test("asked for many times at once, it is invoiced once", async () => {
  const person = await newPerson();
  await use(person, ENOUGH_CASTS);
  const answers = await Promise.all([remove(person), remove(person), remove(person)]);
  expect(answers.some(({ status }) => status === 204)).toBe(true);
  expect(await cardStatus(person)).toBe(404);
  expect((await invoicesOf(person)).map(({ due_cents: cents, status }) => [cents, status])).toEqual([
    [60, "paid"],
  ]);
});

test("a card that does not pay stays, and the account is open for its allowance", async () => {
  const person = await newPerson("pm_card_chargeCustomerFail");
  await use(person, ENOUGH_CASTS);
  const answer = await remove(person);
  expect([answer.status, answer.body.error]).toEqual([402, "card_declined"]);
  expect(await cardStatus(person)).toBe(200);
  expect(await invoicesOf(person)).toMatchObject([{ status: "past_due" }]);
  expect((await billing.web.cast(person.apiKey, "echo", 1)).status).toBe(200);
});

test("a removal under which the account was opened again does not say that the card is gone", async () => {
  const person = await newPerson();
  await use(person, ENOUGH_CASTS);
  const { sql } = billing.web.platform.db;
  const misbehave = (delay_ms: number) =>
    fetch(`${billing.emulator.url}/_emulator/misbehave`, {
      method: "POST",
      headers: { Authorization: `Bearer ${SECRET_KEY}`, "Content-Type": "application/json" },
      body: JSON.stringify({ delay_ms }),
    });
  // Between the invoice and its payment are half a dozen calls of Stripe's API: time for what another removal does
  // when its bank refuses.
  await misbehave(200);
  const answer = remove(person);
  await expect.poll(() => invoicesOf(person), { interval: 5, timeout: 10_000 }).toHaveLength(1);
  await sql`update accounts set closing_since = null where id = ${person.accountId}`;
  const { status, body } = await answer;
  await misbehave(0);
  expect([status, body.error]).toEqual([409, "account_closing"]);
  expect(await cardStatus(person)).toBe(200);
  expect((await remove(person)).status).toBe(204);
});

test("while a cast runs it waits, nothing that costs begins, and a job ends it", async () => {
  const person = await newPerson();
  const { sql } = billing.web.platform.db;
  const queued = await billing.web.call("POST", "/v1/cast", {
    key: person.apiKey,
    headers: { Prefer: "respond-async" },
    body: { spell_name: "echo", payload: 1 },
  });
  expect(queued.status).toBe(202);
  const answer = await remove(person);
  expect([answer.status, answer.body]).toEqual([202, { status: "settling" }]);
  expect((await billing.web.cast(person.apiKey, "echo", 1)).body.error).toBe("account_closing");
  const jobs = await readJobs(billing.web.database, "remove-card");
  expect(jobs.map(({ payload }) => payload)).toContainEqual({ account_id: person.accountId });

  expect((await call("DELETE", `/v1/casts/${queued.body.id}`, person)).status).toBe(204);
  const parts = billingOf(billing.web.platform);
  expect(parts && (await finishRemoval(parts, person.accountId))).toBe("removed");
  expect(await cardStatus(person)).toBe(404);
  const [account] = await sql`select closing_since from accounts where id = ${person.accountId}`;
  expect(account).toEqual({ closing_since: null });
});
