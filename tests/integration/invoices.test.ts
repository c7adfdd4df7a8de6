import { afterAll, beforeAll, expect, test } from "vitest";
import { invoiceLines, invoices } from "../../drizzle/schema/index.ts";
import { and, asc, eq } from "drizzle-orm";
import { closeInvoice } from "../../server/db/invoices.ts";
import { closeMonths } from "../../server/services/billing/invoices/close-months.ts";
import { processMonthly } from "../../server/services/billing/invoices/process-monthly.ts";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { readJobs } from "../support/jobs.ts";
import { CENT, createWorld, type World } from "../support/world.ts";

const DAY_MS = 86_400_000;
const now = new Date();
const monthOf = (date: Date) => date.toISOString().slice(0, 7) + "-01";
const THIS_MONTH = monthOf(now);
const NEXT_MONTH_MS = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1, 12) - now.getTime();
const AFTER_NEXT_MS = NEXT_MONTH_MS + 31 * DAY_MS;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const keys = new Map<string, string>();

async function person(more: object = {}): Promise<string> {
  const account = await world.account({ kind: "person", ...more });
  keys.set(account, await world.key(account));
  return account;
}

const request = (account: string, spell: string) =>
  world.request(account, spell, { keyPrefix: keys.get(account) ?? null });

const run = (offsetMs = NEXT_MONTH_MS) => closeMonths({ db: world.db, clock: { offsetMs } });

async function cast(accountId: string, cents: number, times = 1, clockOffsetMs = 0): Promise<void> {
  const spell = await world.spell(cents);
  const requests = Array.from({ length: times }, () => request(accountId, spell));
  const decisions = await world.admit(requests, clockOffsetMs);
  expect(new Set(decisions.map(({ decision }) => decision))).toEqual(new Set(["admitted"]));
  await world.settle(requests, { clockOffsetMs });
}

const invoicesOf = (accountId: string) =>
  world.db.drizzle
    .select()
    .from(invoices)
    .where(eq(invoices.accountId, accountId))
    .orderBy(asc(invoices.number));

async function onlyInvoice(accountId: string) {
  const [invoice, ...others] = await invoicesOf(accountId);
  expect(others).toEqual([]);
  if (invoice === undefined) throw new Error("no invoice was made");
  return invoice;
}

const early = (accountId: string) =>
  closeInvoice(world.db.sql, { accountId, month: THIS_MONTH, isLast: false, clockOffsetMs: 0 });

test("a month that is over becomes one invoice, and a second run changes nothing", async () => {
  const account = await person();
  await cast(account, 30, 3);
  await run();
  const invoice = await onlyInvoice(account);
  expect(invoice).toMatchObject({
    number: 1,
    month: THIS_MONTH,
    part: 1,
    isLast: true,
    settledMicros: 90 * CENT,
    allowanceMicros: 0,
    dueCents: 90,
    carriedOutMicros: 0,
    status: "closed",
  });
  await Promise.all([run(), run(), run()]);
  expect(await invoicesOf(account)).toEqual([invoice]);
  expect((await verifyLedger(world.db)).disagreements).toEqual([]);
});

test("no month is closed before it is over", async () => {
  const account = await person();
  await cast(account, 60);
  await run(0);
  const closing = { accountId: account, month: THIS_MONTH, isLast: true, clockOffsetMs: 0 };
  expect(await closeInvoice(world.db.sql, closing)).toEqual({ outcome: "too_early", invoiceId: null });
  expect(await invoicesOf(account)).toEqual([]);
});

test("less than Stripe takes is carried on until it is enough", async () => {
  const account = await person();
  await cast(account, 20);
  await run();
  expect(await onlyInvoice(account)).toMatchObject({
    status: "carried",
    dueCents: 0,
    carriedOutMicros: 20 * CENT,
  });
  await cast(account, 40, 1, NEXT_MONTH_MS);
  await run(AFTER_NEXT_MS);
  const [, second] = await invoicesOf(account);
  expect(second).toMatchObject({
    number: 2,
    part: 1,
    carriedInMicros: 20 * CENT,
    settledMicros: 40 * CENT,
    dueCents: 60,
    carriedOutMicros: 0,
  });
});

test("the rest below a cent is carried on, never charged", async () => {
  const account = await person();
  const spell = await world.spell(50, { rateMicros: 7_777, fuelLimit: 1_000_000 });
  const dear = request(account, spell);
  await world.admit([dear]);
  await world.settle([dear], { fuelUsed: 1_000_000 });
  await run();
  expect(await onlyInvoice(account)).toMatchObject({
    settledMicros: 507_777,
    dueCents: 50,
    carriedOutMicros: 7_777,
  });
});

test("what the allowance paid is on the invoice, and not collected", async () => {
  const account = await person({ hasCard: false, hardCents: null });
  await cast(account, 60);
  await run();
  expect(await onlyInvoice(account)).toMatchObject({
    settledMicros: 60 * CENT,
    allowanceMicros: 60 * CENT,
    dueCents: 0,
    carriedOutMicros: 0,
    status: "carried",
  });
});

test("while a cast of the month is held, the month waits", async () => {
  const account = await person();
  await cast(account, 60);
  const late = request(account, await world.spell(5));
  await world.admit([late]);
  expect((await run()).waiting).toBe(1);
  expect(await invoicesOf(account)).toEqual([]);
  await world.settle([late], { clockOffsetMs: NEXT_MONTH_MS });
  await run();
  expect(await onlyInvoice(account)).toMatchObject({ settledMicros: 65 * CENT, month: THIS_MONTH });
});

test("a month closed in parts has every cast in one of them", async () => {
  const account = await person();
  await cast(account, 60, 2);
  expect(await early(account)).toMatchObject({ outcome: "closed" });
  expect(await early(account)).toEqual({ outcome: "nothing", invoiceId: null });
  await cast(account, 70);
  expect(await early(account)).toMatchObject({ outcome: "closed" });
  await cast(account, 80);
  await run();
  const parts = await invoicesOf(account);
  expect(parts.map(({ part, isLast, dueCents }) => [part, isLast, dueCents])).toEqual([
    [1, false, 120],
    [2, false, 70],
    [3, true, 80],
  ]);
  const lines = await world.db.drizzle
    .select({ part: invoices.part, calls: invoiceLines.calls, settled: invoiceLines.settledMicros })
    .from(invoiceLines)
    .innerJoin(invoices, and(eq(invoices.id, invoiceLines.invoiceId), eq(invoices.accountId, account)))
    .orderBy(invoices.part);
  expect(lines).toEqual([
    { part: 1, calls: 2, settled: 120 * CENT },
    { part: 2, calls: 1, settled: 70 * CENT },
    { part: 3, calls: 1, settled: 80 * CENT },
  ]);
});

test("an early part waits for every cast that is held, and nothing that costs begins meanwhile", async () => {
  const account = await person();
  const spell = await world.spell(60);
  const running = request(account, spell);
  await world.admit([running]);
  await world.db.sql`update accounts set closing_since = clock_timestamp() where id = ${account}`;
  expect(await early(account)).toEqual({ outcome: "held", invoiceId: null });
  const refused = await world.admit([request(account, spell)]);
  expect(refused).toMatchObject([{ decision: "account_closing" }]);
  await world.settle([running]);
  expect(await early(account)).toMatchObject({ outcome: "closed" });
  expect(await onlyInvoice(account)).toMatchObject({ dueCents: 60, isLast: false });
});

test("an account whose invoice could not be collected has the allowance until it is", async () => {
  const account = await person();
  const spell = await world.spell(60);
  const decide = async () => (await world.admit([request(account, spell)]))[0]?.decision;
  await world.db.sql`update accounts set past_due_since = clock_timestamp() where id = ${account}`;
  expect([await decide(), await decide()]).toEqual(["admitted", "payment_method_required"]);
  await world.db.sql`update accounts set past_due_since = null where id = ${account}`;
  expect(await decide()).toBe("admitted");
});

test("casts and closings at once: no cast is in two parts, and none in none", async () => {
  const account = await person();
  const spell = await world.spell(60);
  await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const one = request(account, spell);
      await world.admit([one]);
      await world.settle([one]);
      if (index % 4 === 0) await early(account);
    }),
  );
  await run();
  const parts = await invoicesOf(account);
  expect(parts.reduce((total, { settledMicros }) => total + settledMicros, 0)).toBe(20 * 60 * CENT);
  expect(parts.map(({ number }) => number)).toEqual(parts.map((_, index) => index + 1));
  expect((await verifyLedger(world.db)).disagreements).toEqual([]);
});

test("a run that somebody waits for ends in time, and leaves the rest to the job", async () => {
  const account = await person();
  await cast(account, 60);
  const parts = { db: world.db, clock: { offsetMs: NEXT_MONTH_MS } };
  const jobs = async () => (await readJobs(world, "close-months")).length;
  expect(await processMonthly(parts, 0)).toEqual({ closed: 0, waiting: 0, isWhole: false });
  expect([await jobs(), await invoicesOf(account)]).toEqual([1, []]);
  expect(await processMonthly(parts)).toEqual({ closed: 1, waiting: 0, isWhole: true });
  expect([await jobs(), (await onlyInvoice(account)).dueCents]).toEqual([1, 60]);
  const running = request(account, await world.spell(60));
  await world.admit([running], NEXT_MONTH_MS);
  const later = { db: world.db, clock: { offsetMs: AFTER_NEXT_MS } };
  await cast(account, 60, 1, NEXT_MONTH_MS);
  expect(await processMonthly(later)).toEqual({ closed: 0, waiting: 1, isWhole: true });
  expect(await jobs()).toBe(2);
  await world.settle([running], { clockOffsetMs: NEXT_MONTH_MS });
});
