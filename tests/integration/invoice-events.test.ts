import { afterAll, beforeAll, expect, test } from "vitest";
import { handleEvent } from "../../server/services/billing/events/handle.ts";
import { billingOf } from "../../server/services/billing/invoices/billing.ts";
import { collectInvoice } from "../../server/services/billing/invoices/collect.ts";
import { closeInvoice } from "../../server/db/invoices.ts";
import { putOnFile, setUpCard, startTestBilling, type TestBilling } from "../support/billing.ts";
import { publishSamples } from "../support/spells.ts";
import type { Person } from "../support/web.ts";

let billing: TestBilling;
beforeAll(async () => {
  billing = await startTestBilling({ hasWebhooks: true });
  await publishSamples(billing.web.platform, "echo");
});
afterAll(() => billing.close());

/** An echo costs a cent, and Stripe takes 50 at least. */
const CASTS = 60;

interface Owed {
  readonly person: Person;
  readonly stripeId: string;
}

/** A person with a card of this token, and their open invoice at Stripe. */
async function owe(token: string): Promise<Owed> {
  const person = await billing.web.person({ hasCard: false });
  await putOnFile(billing, person, { setup_intent_id: await setUpCard(billing, person, token) });
  const casts = Array.from({ length: CASTS }, () => billing.web.cast(person.apiKey, "echo", 1));
  expect(new Set((await Promise.all(casts)).map(({ status }) => status))).toEqual(new Set([200]));
  const { platform } = billing.web;
  const month = `${new Date().toISOString().slice(0, 7)}-01`;
  await closeInvoice(platform.db.sql, {
    accountId: person.accountId,
    month,
    isLast: false,
    clockOffsetMs: 0,
  });
  const [row] = await platform.db.sql<{ id: string }[]>`
    select id from invoices where account_id = ${person.accountId}`;
  const parts = billingOf(platform);
  if (parts === null || row === undefined) throw new Error("nothing was closed, or there is no Stripe");
  await collectInvoice(parts, row.id);
  const [collected] = await platform.db.sql<{ stripeId: string }[]>`
    select stripe_id as "stripeId" from invoices where id = ${row.id}`;
  return { person, stripeId: collected?.stripeId ?? "" };
}

const invoiceOf = async ({ person }: Owed) =>
  (
    await billing.web.platform.db.sql`
      select status, due_cents from invoices where account_id = ${person.accountId}`
  )[0];

/** Handles what was heard about an object, the newest first, once this is among it. */
async function handleAll(type: string, objectId: string): Promise<void> {
  const { platform } = billing.web;
  const find = () => platform.db.sql<{ id: string; type: string }[]>`
    select id, type from stripe_events where object_id = ${objectId} order by received_at desc`;
  await expect
    .poll(async () => (await find()).map((event) => event.type), { timeout: 10_000 })
    .toContain(type);
  for (const { id } of await find()) await handleEvent(platform, id, false);
}

test("an invoice that Stripe collects is paid here too, in whatever order it is heard of", async () => {
  const owed = await owe("pm_card_visa");
  const { status } = await billing.stripe.invoices.retrieve(owed.stripeId);
  if (status !== "paid") await billing.stripe.invoices.pay(owed.stripeId);
  await handleAll("invoice.paid", owed.stripeId);
  expect(await invoiceOf(owed)).toEqual({ status: "paid", due_cents: CASTS });
});

test("one whose card does not pay is past due", async () => {
  const owed = await owe("pm_card_chargeCustomerFail");
  await billing.stripe.invoices.pay(owed.stripeId).catch(() => undefined);
  await handleAll("invoice.payment_failed", owed.stripeId);
  expect(await invoiceOf(owed)).toMatchObject({ status: "past_due" });
});
