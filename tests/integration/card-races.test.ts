/** Cards and customers that Stripe loses while we are at work. */
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { invoices } from "../../drizzle/schema/index.ts";
import { handleEvent } from "../../server/services/billing/events/handle.ts";
import { billingOf, type Billing } from "../../server/services/billing/invoices/billing.ts";
import { closeMonths } from "../../server/services/billing/invoices/close-months.ts";
import { collectInvoice } from "../../server/services/billing/invoices/collect.ts";
import { reconcile } from "../../server/services/billing/invoices/reconcile.ts";
import type { InvoiceRow } from "../../server/services/billing/invoices/record.ts";
import { syncInvoice } from "../../server/services/billing/invoices/sync.ts";
import { refreshCard } from "../../server/services/billing/refresh-card.ts";
import { finishRemoval } from "../../server/services/billing/remove-card.ts";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { NEXT_MONTH_MS } from "../support/billed-world.ts";
import { makeCaster, putOnFile, setUpCard, startTestBilling, type TestBilling } from "../support/billing.ts";
import { advanceDays } from "../support/stripe-invoices.ts";
import { publishSamples } from "../support/spells.ts";
import type { Person } from "../support/web.ts";

let billing: TestBilling;
beforeAll(async () => {
  billing = await startTestBilling({ hasWebhooks: true, env: { FREE_ALLOWANCE_CENTS: "2" } });
  await publishSamples(billing.web.platform, "echo");
});
afterAll(() => billing.close());

/** An echo costs a cent, and Stripe takes 50 at least. */
const CASTS = 60;

const sql = () => billing.web.platform.db.sql;
const call = (method: string, path: string, { apiKey }: Person) =>
  billing.web.call(method, path, { key: apiKey });
const cardStatus = async (person: Person) => (await call("GET", "/v1/billing/payment-method", person)).status;
const cast = ({ apiKey }: Person) => billing.web.cast(apiKey, "echo", 1);

function parts(): Billing {
  const found = billingOf(billing.web.platform);
  if (found === null) throw new Error("there is no Stripe");
  return found;
}

async function customerOf({ accountId }: Person): Promise<string> {
  const rows = await sql()<{ id: string }[]>`select id from stripe_customers where account_id = ${accountId}`;
  expect(rows).toHaveLength(1);
  return rows[0]?.id ?? "";
}

async function cardOf({ accountId }: Person): Promise<string> {
  const [row] = await sql()<{ id: string }[]>`
    select stripe_id as id from payment_methods where account_id = ${accountId} and removed_at is null`;
  return row?.id ?? "";
}

async function invoiceOf({ accountId }: Person): Promise<InvoiceRow> {
  const [row, ...others] = await billing.web.platform.db.drizzle
    .select()
    .from(invoices)
    .where(eq(invoices.accountId, accountId));
  if (row === undefined || others.length > 0) throw new Error("not one invoice");
  return row;
}

async function kindsOf(person: Person): Promise<string[]> {
  const { body } = await call("GET", "/v1/ledger/entries?limit=100", person);
  const kinds = body.data.map((entry) => (entry as unknown as { kind: string }).kind);
  return kinds.filter((kind) => kind.startsWith("card.")).sort();
}

/** Somebody who owes 60 cents of a month that is over. */
async function owe(): Promise<{ person: Person; invoice: InvoiceRow }> {
  const person = await makeCaster(billing, "pm_card_visa", CASTS);
  await closeMonths({ db: billing.web.platform.db, clock: { offsetMs: NEXT_MONTH_MS } });
  return { person, invoice: await invoiceOf(person) };
}

/** What there is at Stripe of an invoice of ours. */
async function atStripe({ id }: InvoiceRow) {
  const all = await billing.stripe.invoices.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 });
  return all.filter(({ metadata }) => metadata?.["invoice"] === id);
}

/** Handles the event that tells of something, once it was heard. */
async function hear(type: string, objectId: string): Promise<void> {
  const find = () => sql()<{ id: string }[]>`
    select id from stripe_events where type = ${type} and object_id = ${objectId}`;
  await expect.poll(find, { timeout: 10_000 }).not.toEqual([]);
  for (const { id } of await find()) await handleEvent(billing.web.platform, id, false);
}

const putCard = async (person: Person) =>
  putOnFile(billing, person, { setup_intent_id: await setUpCard(billing, person) });

/** Stripe tries again by its plan, and what it says of it is taken from there. */
async function afterDays(days: number, invoice: InvoiceRow): Promise<InvoiceRow> {
  await advanceDays(billing.emulator, days);
  const [made] = await atStripe(invoice);
  await syncInvoice(parts(), made?.id ?? "");
  const [row] = await billing.web.platform.db.drizzle
    .select()
    .from(invoices)
    .where(eq(invoices.id, invoice.id));
  if (row === undefined) throw new Error("the invoice is gone");
  return row;
}

test("a customer that was deleted before its invoice was made has a successor, who is asked once there is a card", async () => {
  const { person, invoice } = await owe();
  const gone = await customerOf(person);
  await billing.stripe.customers.del(gone);
  await Promise.allSettled([collectInvoice(parts(), invoice.id), collectInvoice(parts(), invoice.id)]);
  await collectInvoice(parts(), invoice.id);
  const successor = await customerOf(person);
  expect(successor).not.toBe(gone);
  const made = await atStripe(invoice);
  expect(made.map(({ customer, total }) => [customer, total])).toEqual([[successor, CASTS]]);
  expect(await cardStatus(person)).toBe(404);
  expect((await afterDays(1, invoice)).status).toBe("past_due");
  expect((await putCard(person)).status).toBe(200);
  expect((await afterDays(9, invoice)).status).toBe("paid");
});

test("a draft of a customer that was deleted since gives way to one of its successor", async () => {
  const { person, invoice } = await owe();
  const gone = await customerOf(person);
  const draft = await billing.stripe.invoices.create({
    customer: gone,
    currency: "usd",
    auto_advance: true,
    pending_invoice_items_behavior: "exclude",
    metadata: { invoice: invoice.id },
  });
  await sql()`update invoices set stripe_id = ${draft.id} where id = ${invoice.id}`;
  await billing.stripe.customers.del(gone);
  await collectInvoice(parts(), invoice.id);
  expect((await atStripe(invoice)).map(({ customer, total }) => [customer, total])).toEqual([
    [await customerOf(person), CASTS],
  ]);
  expect(await reconcile(parts(), new Date(Date.now() + 30 * 86_400_000))).toEqual([]);
});

test("a card that was detached at Stripe before its removal could charge it is off file, and what is owed stands", async () => {
  const person = await makeCaster(billing, "pm_card_visa", CASTS);
  const card = await cardOf(person);
  await billing.stripe.paymentMethods.detach(card);
  expect((await call("DELETE", "/v1/billing/payment-method", person)).status).toBe(204);
  expect(await cardStatus(person)).toBe(404);
  await hear("payment_method.detached", card);
  expect(await kindsOf(person)).toEqual(["card.added", "card.removed"]);
  const invoice = await invoiceOf(person);
  expect([invoice.dueCents, ["open", "past_due"].includes(invoice.status)]).toEqual([CASTS, true]);
  expect((await cast(person)).status).toBe(200);
  expect((await putCard(person)).status).toBe(200);
  expect((await afterDays(9, invoice)).status).toBe("paid");
});

test("so is one whose detaching was heard of while the removal waited for a cast", async () => {
  const person = await makeCaster(billing, "pm_card_visa", CASTS);
  const card = await cardOf(person);
  const queued = await billing.web.call("POST", "/v1/cast", {
    key: person.apiKey,
    headers: { Prefer: "respond-async" },
    body: { spell_name: "echo", payload: 1 },
  });
  expect((await call("DELETE", "/v1/billing/payment-method", person)).status).toBe(202);
  await billing.stripe.paymentMethods.detach(card);
  await hear("payment_method.detached", card);
  expect(await cardStatus(person)).toBe(404);
  expect((await cast(person)).body.error).toBe("account_closing");
  expect((await call("DELETE", `/v1/casts/${queued.body.id}`, person)).status).toBe(204);
  expect(await finishRemoval(parts(), person.accountId)).toBe("removed");
  expect((await cast(person)).status).toBe(200);
  expect(await kindsOf(person)).toEqual(["card.added", "card.removed"]);
});

test("of two updates at once the newer date stays, though the older answer came last", async () => {
  const person = await makeCaster(billing, "pm_card_visa", 0);
  const card = await cardOf(person);
  const { platform } = billing.web;
  const renew = (year: number) => billing.stripe.paymentMethods.update(card, { card: { exp_year: year } });
  await renew(2040);
  const [heldBack, asked] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const methods = billing.stripe.paymentMethods;
  let isFirst = true;
  // Stripe's own answer, which the network keeps for a while.
  const retrieve = async (id: string) => {
    const found = await methods.retrieve(id);
    if (!isFirst) return found;
    isFirst = false;
    asked.resolve(undefined);
    await heldBack.promise;
    return found;
  };
  const slow = Object.assign(Object.create(billing.stripe) as typeof billing.stripe, {
    paymentMethods: Object.assign(Object.create(methods) as typeof methods, { retrieve }),
  });
  const older = refreshCard({ ...platform, stripe: slow }, card);
  await asked.promise;
  await renew(2041);
  await refreshCard(platform, card);
  heldBack.resolve(undefined);
  await older;
  const { body } = await call("GET", "/v1/billing/payment-method", person);
  expect(body["exp_year"]).toBe(2041);
});

test("without its card an account has the card-less allowance at once; what it owes waits for the month's end", async () => {
  const person = await makeCaster(billing, "pm_card_visa", CASTS);
  const card = await cardOf(person);
  await billing.stripe.paymentMethods.detach(card);
  await hear("payment_method.detached", card);
  // The allowance is two casts here.
  expect([(await cast(person)).status, (await cast(person)).status]).toEqual([200, 200]);
  expect((await cast(person)).body.error).toBe("payment_method_required");
  expect(await sql()`select 1 from invoices where account_id = ${person.accountId}`).toEqual([]);
  await closeMonths({ db: billing.web.platform.db, clock: { offsetMs: NEXT_MONTH_MS } });
  const invoice = await invoiceOf(person);
  expect(invoice).toMatchObject({ settledMicros: 620_000, allowanceMicros: 20_000, dueCents: CASTS });
  await collectInvoice(parts(), invoice.id);
  expect((await afterDays(1, invoice)).status).toBe("past_due");
});

test("a card that is given before the month's end pays for it as if nothing had been", async () => {
  const person = await makeCaster(billing, "pm_card_visa", CASTS);
  await billing.stripe.paymentMethods.detach(await cardOf(person));
  await hear("payment_method.detached", await cardOf(person));
  expect((await putCard(person)).status).toBe(200);
  expect((await cast(person)).status).toBe(200);
  await closeMonths({ db: billing.web.platform.db, clock: { offsetMs: NEXT_MONTH_MS } });
  const invoice = await invoiceOf(person);
  await collectInvoice(parts(), invoice.id);
  expect(await afterDays(1, invoice)).toMatchObject({
    status: "paid",
    dueCents: CASTS + 1,
    allowanceMicros: 0,
  });
});

test("after all of it the books agree", async () => {
  expect((await verifyLedger(billing.web.platform.db)).disagreements).toEqual([]);
});
