/** A year of billing at a moved clock: Stripe, the product's web process that it tells of its events, and workers. */
import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { expect } from "vitest";
import { freePort } from "../../dev/free-port.ts";
import { createBilledWorld, type BilledWorld } from "./billed-world.ts";
import type { BillingWorkerOrder } from "./billing-worker.ts";
import { WEBHOOK_SECRET } from "./billing.ts";
import { control } from "./stripe-invoices.ts";
import { PUBLISHABLE_KEY, SECRET_KEY } from "./stripe.ts";
import { startTestWeb, type Person, type TestWeb } from "./web.ts";

const WORKER = fileURLToPath(new URL("./billing-worker.ts", import.meta.url));

export interface Year {
  readonly billed: BilledWorld;
  readonly web: TestWeb;
  readonly people: Person[];
  /** The queue, as its owner. */
  readonly queue: postgres.Sql;
  end(): Promise<void>;
}

const now = new Date();
/** An instant in a month counted from this one, at noon of a day. */
export const instantOf = (month: number, day: number): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month, day, 12));
export const offsetOf = (instant: Date): number => instant.getTime() - Date.now();

export async function startYear(peopleCount: number): Promise<Year> {
  const port = await freePort();
  const billed = await createBilledWorld({
    webhookUrl: `http://localhost:${port}/webhooks/stripe`,
    webhookSecret: WEBHOOK_SECRET,
  });
  const { appUrl, ownerUrl, workerUrl } = billed.world;
  const web = await startTestWeb({
    database: { appUrl, ownerUrl, workerUrl, drop: () => Promise.resolve() },
    env: {
      PORT: String(port),
      STRIPE_SECRET_KEY: SECRET_KEY,
      STRIPE_PUBLISHABLE_KEY: PUBLISHABLE_KEY,
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
      STRIPE_API_BASE: billed.emulator.url,
    },
  });
  const queue = postgres(workerUrl, { max: 1, onnotice: () => undefined });
  const people: Person[] = [];
  while (people.length < peopleCount) people.push(await web.person({ hasCard: false }));
  const end = async () => {
    await queue.end();
    await web.close();
    await billed.end();
  };
  return { billed, web, people, queue, end };
}

async function emulate({ billed }: Year, path: string, body: object): Promise<void> {
  expect((await control(billed.emulator, path, body)).status).toBe(200);
}

/** What falls due at Stripe by that instant happens. */
export const moveStripe = (year: Year, instant: Date): Promise<void> =>
  emulate(year, "clock", { now: Math.floor(instant.getTime() / 1_000) });

const BAD_DELIVERIES = { duplicate: 0.15, reorder: 0.2, drop: 0.15, delay_ms: 30 };
const BAD_CALLS = { fail_500: 0.08, accept_then_fail: 0.08, rate_limit: 0.04 };

/** Events are doubled, late, lost and out of order all year long; calls of Stripe's API fail where it is asked for. */
export const misbehave = (year: Year, seed: number, areCallsBad: boolean): Promise<void> =>
  emulate(year, "misbehave", { seed, ...BAD_DELIVERIES, ...(areCallsBad ? BAD_CALLS : {}) });

export function startWorker({ billed }: Year, clockOffsetMs: number): ChildProcess {
  const order: BillingWorkerOrder = {
    databaseUrl: billed.world.workerUrl,
    stripePort: billed.emulator.port,
    stripeKey: SECRET_KEY,
    clockOffsetMs,
  };
  return spawn(process.execPath, [WORKER, JSON.stringify(order)], { stdio: ["ignore", "ignore", "inherit"] });
}

export async function kill(worker: ChildProcess): Promise<void> {
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
     where t.identifier in ('align-cards', 'close-months', 'collect-invoice', 'handle-stripe-event')`;
  return left.jobs;
}

async function undelivered({ billed }: Year): Promise<number> {
  const answer = await control(billed.emulator, "state");
  return ((await answer.json()) as { pending_deliveries: number }).pending_deliveries;
}

/**
 * Waits until Stripe has nothing more to tell and the queue is empty, while workers live. A job that is freed while a
 * live worker has it is done twice at once, which must not matter either.
 */
export async function workUntilDone(year: Year): Promise<void> {
  const EVERY_MS = 100;
  // What is done may have told of something just after Stripe was asked: only the second quiet round is the end.
  for (let rounds = 0, quiet = 0; quiet < 2; rounds += 1) {
    const [waiting, jobs] = [await undelivered(year), await hurry(year)];
    quiet = waiting === 0 && jobs === 0 ? quiet + 1 : 0;
    if (rounds > 900) throw new Error(`${waiting} events are not delivered, ${jobs} jobs are not done`);
    await pause(quiet === 0 ? EVERY_MS : 0);
  }
}
