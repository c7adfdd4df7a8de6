/** A year of invoices: random months, a Stripe that misbehaves, workers that are killed; the books agree all the same. */
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { asc, eq, sql } from "drizzle-orm";
import postgres from "postgres";
import { expect, test } from "vitest";
import { invoices } from "../../drizzle/schema/index.ts";
import { numbersFrom } from "../../dev/stripe/control/mischief.ts";
import { creditAccount } from "../../server/services/billing/credit.ts";
import { closeMonths } from "../../server/services/billing/invoices/close-months.ts";
import { reconcile } from "../../server/services/billing/invoices/reconcile.ts";
import type { InvoiceRow } from "../../server/services/billing/invoices/record.ts";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { createBilledWorld, type BilledWorld } from "../support/billed-world.ts";
import type { BillingWorkerOrder } from "../support/billing-worker.ts";
import { SECRET_KEY } from "../support/stripe.ts";

const SEED = Number(process.env["SEED"] ?? 1);
const MONTHS = 12;
const PEOPLE = 8;
const WORKER = fileURLToPath(new URL("../support/billing-worker.ts", import.meta.url));

const random = numbersFrom(SEED);
const below = (count: number) => Math.floor(random() * count);
const chance = (probability: number) => random() < probability;

const now = new Date();
/** An instant in a month counted from this one, at noon of a day. */
const instantOf = (month: number, day: number) =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month, day, 12));
const offsetOf = (instant: Date) => instant.getTime() - Date.now();

interface Year {
  readonly billed: BilledWorld;
  readonly people: string[];
  /** The queue, as its owner. */
  readonly queue: postgres.Sql;
}

const emulate = async ({ billed }: Year, path: string, body: object): Promise<void> => {
  const answer = await fetch(`${billed.emulator.url}/_emulator/${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${SECRET_KEY}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
};

const moveStripe = (year: Year, instant: Date) =>
  emulate(year, "clock", { now: Math.floor(instant.getTime() / 1_000) });

const MISCHIEF = { fail_500: 0.1, accept_then_fail: 0.1, rate_limit: 0.05, delay_ms: 5 };

/** Some cast much, some nothing; some meet their limit; some are given a credit. */
async function live({ billed, people }: Year, month: number): Promise<void> {
  for (const account of people) {
    for (let left = below(5); left > 0; left -= 1) {
      const day = month === 0 ? now.getUTCDate() : 1 + below(27);
      await billed.cast(account, 1 + below(900), offsetOf(instantOf(month, day)));
    }
    if (!chance(0.15)) continue;
    await creditAccount(billed.world, {
      account_id: account,
      amount_micros: 1 + below(3_000_000),
      reason: "goodwill",
      reference: `year:${month}:${account}`,
    });
  }
}

function startWorker({ billed }: Year, clockOffsetMs: number): ChildProcess {
  const order: BillingWorkerOrder = {
    databaseUrl: billed.world.workerUrl,
    stripePort: billed.emulator.port,
    stripeKey: SECRET_KEY,
    clockOffsetMs,
  };
  return spawn(process.execPath, [WORKER, JSON.stringify(order)], { stdio: ["ignore", "ignore", "inherit"] });
}

async function kill(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = new Promise((resolve) => worker.once("exit", resolve));
  worker.kill("SIGKILL");
  await gone;
}

/** What a dead worker had in hand is free again, and what failed is due now: nobody waits for hours here. */
async function hurry({ queue }: Year): Promise<number> {
  await queue`
    select graphile_worker.force_unlock_workers(
             array(select distinct j.locked_by from graphile_worker._private_jobs j where j.locked_by is not null)
           )`;
  await queue`update graphile_worker._private_jobs set run_at = now() where run_at > now()`;
  const [left] = await queue<[{ jobs: number }]>`
    select count(*)::integer as jobs
      from graphile_worker._private_jobs j
      join graphile_worker._private_tasks t on t.id = j.task_id
     where t.identifier in ('close-months', 'collect-invoice')`;
  return left.jobs;
}

/** The first of the next month: the job, an operator's call and a killed worker meet, at a Stripe that misbehaves. */
async function closeMonth(year: Year, month: number): Promise<void> {
  const clockOffsetMs = offsetOf(instantOf(month + 1, 1));
  await emulate(year, "misbehave", { seed: SEED + month, ...MISCHIEF });
  await year.billed.world.db.sql`select enqueue_job('close-months', '{}')`;
  const workers = [startWorker(year, clockOffsetMs), startWorker(year, clockOffsetMs)];
  const [victim] = workers;
  await Promise.all([
    closeMonths({ db: year.billed.world.db, clock: { offsetMs: clockOffsetMs } }),
    pause(300 + below(900)).then(() => victim && kill(victim)),
  ]);
  try {
    // A job that is freed while a live worker has it is done twice at once, which must not matter either.
    for (let rounds = 0; (await hurry(year)) > 0; rounds += 1) {
      if (rounds > 300) throw new Error("the queue does not empty");
      await pause(300);
    }
  } finally {
    await Promise.all(workers.map(kill));
    await emulate(year, "misbehave", {});
  }
}

/** Some whose card does not pay get another. Stripe tries again for eight days. */
async function settleUp(year: Year, month: number): Promise<void> {
  const { billing, emulator } = year.billed;
  await moveStripe(year, instantOf(month + 1, 2));
  const { data: customers } = await emulator.stripe.customers.list({ limit: 100 });
  for (const { id } of customers.filter(() => chance(0.3))) {
    const good = await emulator.stripe.paymentMethods.attach("pm_card_visa", { customer: id });
    await emulator.stripe.customers.update(id, { invoice_settings: { default_payment_method: good.id } });
  }
  await moveStripe(year, instantOf(month + 1, 20));
  expect(await reconcile(billing, instantOf(month + 1, 20))).toEqual([]);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** What an account used, less what was given to it: what its invoices must come to. */
async function owedBy({ billed }: Year, account: string): Promise<number> {
  const [row] = await billed.world.db.sql<[{ micros: number }]>`
    select coalesce(sum(e.amount_micros), 0)::bigint as micros
      from ledger_entries e
      join accounts a on a.pseudonym = e.pseudonym
     where a.id = ${account}
       and e.kind in ('cast.settled', 'credit.allowance', 'credit.granted')`;
  const [waiting] = await billed.world.db.sql<[{ micros: number }]>`
    select coalesce(sum(c.amount_micros), 0)::bigint as micros
      from credits c where c.account_id = ${account} and c.invoice_id is null`;
  return row.micros + waiting.micros;
}

const invoicesOf = ({ billed }: Year, account: string): Promise<InvoiceRow[]> =>
  billed.world.db.drizzle
    .select()
    .from(invoices)
    .where(eq(invoices.accountId, account))
    .orderBy(asc(invoices.number));

/** Ledger = invoices + carried, in micros. */
async function checkBooks(year: Year): Promise<void> {
  for (const account of year.people) {
    const made = await invoicesOf(year, account);
    const collected = sum(made.map(({ dueCents }) => dueCents)) * 10_000;
    expect(collected + (made[made.length - 1]?.carriedOutMicros ?? 0)).toBe(await owedBy(year, account));
  }
  expect((await verifyLedger(year.billed.world.db)).disagreements).toEqual([]);
}

/** Invoices = Stripe, in cents; nobody and nothing twice. */
async function checkStripe({ billed, people }: Year): Promise<void> {
  const { stripe } = billed.emulator;
  const atStripe = await stripe.invoices.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 });
  const notes = await stripe.creditNotes.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 });
  const customers = await stripe.customers.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 });
  expect(customers.length).toBe(people.length);
  const ours = await billed.world.db.drizzle.select().from(invoices);
  const due = (wanted: (cents: number) => boolean) =>
    sum(ours.map(({ dueCents }) => dueCents).filter(wanted));
  expect(sum(atStripe.map(({ total }) => total))).toBe(due((cents) => cents > 0));
  expect(sum(notes.map(({ amount }) => amount))).toBe(-due((cents) => cents < 0));
  const ids = atStripe.map(({ metadata }) => metadata?.["invoice"]);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ours.filter(({ status }) => status === "closed")).toEqual([]);
}

test("a year: ledger = invoices + carried = Stripe, to the micro and the cent, and once more changes nothing", async () => {
  const billed = await createBilledWorld();
  const queue = postgres(billed.world.workerUrl, { max: 1, onnotice: () => undefined });
  const people: string[] = [];
  for (let index = 0; index < PEOPLE; index += 1)
    people.push(await billed.person(index % 3 === 0 ? "pm_card_chargeCustomerFail" : "pm_card_visa"));
  const year: Year = { billed, people, queue };
  try {
    for (let month = 0; month < MONTHS; month += 1) {
      await live(year, month);
      await moveStripe(year, instantOf(month + 1, 1));
      await closeMonth(year, month);
      await settleUp(year, month);
    }
    await checkBooks(year);
    await checkStripe(year);
    const before = await billed.world.db.drizzle
      .select()
      .from(invoices)
      .orderBy(sql`id`);
    expect(before.length).toBeGreaterThan(PEOPLE * 6);
    const end = { offsetMs: offsetOf(instantOf(MONTHS, 21)) };
    expect(await closeMonths({ db: billed.world.db, clock: end })).toEqual({ closed: 0, waiting: 0 });
    expect(await reconcile(billed.billing, instantOf(MONTHS, 21))).toEqual([]);
    expect(
      await billed.world.db.drizzle
        .select()
        .from(invoices)
        .orderBy(sql`id`),
    ).toEqual(before);
  } finally {
    await queue.end();
    await billed.end();
  }
}, 300_000);
