/**
 * `make bench-invoices`: the monthly run of ACCOUNTS=10000: how fast months are closed and invoices collected, what that
 * asks of the database and of Stripe, and what casts beside it feel, as a ratio to the same casts without it.
 */
import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { connect, type Sql } from "../server/db/connect.ts";
import { closeMonths, MONTHLY_PACE } from "../server/services/billing/invoices/close-months.ts";
import { verifyLedger } from "../server/services/ledger/verify.ts";
import type { Load, LoadFigures } from "./casts/generate.ts";
import { makeAccounts } from "./casts/make-accounts.ts";
import { startBenchStack, type BenchStack } from "./casts/stack.ts";
import { callsAtStripe, makeDebtors } from "./invoices/owe.ts";
import { pidOf, startWork, type Work } from "./invoices/work.ts";

const ACCOUNTS = Number(process.env["ACCOUNTS"] ?? 10_000);
/** Of a window in which casts are timed; a figure is the median of its windows. */
const SECONDS = Number(process.env["SECONDS"] ?? 10);
/** Closed and collected with nothing beside, each for itself. */
const ALONE = Math.min(1_000, ACCOUNTS);
const WINDOWS = 3;
const CASTERS = 20;
const CONNECTIONS = 4;
const WARM_UP_SECONDS = 3;
const GOAL = 1.5;
const LONGEST_MS = 900_000;
const GENERATOR = fileURLToPath(new URL("casts/generate.ts", import.meta.url));
const BODY = JSON.stringify({ spell_name: "echo", payload: { hello: "world" } });

const run = promisify(execFile);

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Waits until a count is zero. */
async function untilNone(count: () => Promise<[{ left: number }]>): Promise<void> {
  for (const giveUpAt = Date.now() + LONGEST_MS; ;) {
    const [{ left }] = await count();
    if (left === 0) return;
    if (Date.now() > giveUpAt) throw new Error(`${left} are left, and nothing happens`);
    await pause(250);
  }
}

const untilCollected = (sql: Sql) =>
  untilNone(
    () => sql<[{ left: number }]>`
      select count(*) as left from invoices i where i.status in ('closed', 'open')`,
  );

async function countPaid(sql: Sql): Promise<number> {
  const [row] = await sql<
    [{ paid: number }]
  >`select count(*) as paid from invoices i where i.status = 'paid'`;
  return row.paid;
}

/** Until no job of this name, or no job at all, is left. */
const untilDone = (queue: Sql, task: string | null) =>
  untilNone(
    () => queue<[{ left: number }]>`
      select count(*) as left from graphile_worker.jobs j where ${task}::text is null or j.task_identifier = ${task}`,
  );

function print(name: string, count: number, { seconds, commits, rows, busy }: Work): void {
  const each = (value: number) => (value / count).toFixed(1);
  const shares = Object.entries(busy).map(([who, s]) => `${who} ${Math.round((s * 100_000) / count) / 100}`);
  console.log(
    `${name}: ${count} in ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)}/s; for each ${each(commits)} commits, ` +
      `${each(rows)} rows, and of the processors (ms) ${shares.join(", ")}`,
  );
}

/** What casts felt, over some windows. */
function printCasts(name: string, windows: readonly LoadFigures[], quiet?: readonly LoadFigures[]): void {
  const p99Of = (some: readonly LoadFigures[]) => median(some.map(({ p99Ms }) => p99Ms));
  const ratio =
    quiet === undefined ? "" : `, p99 ${(p99Of(windows) / p99Of(quiet)).toFixed(2)} times (goal ${GOAL})`;
  console.log(
    `casts ${name}: p50 ${median(windows.map(({ p50Ms }) => p50Ms))} ms, p99 ${p99Of(windows)} ms ` +
      `(${windows.map(({ p99Ms }) => p99Ms).join(", ")}), ${median(windows.map(({ perSecond }) => perSecond)).toFixed(0)}/s, ` +
      `${windows.reduce((sum, { failed }) => sum + failed, 0)} failed${ratio}`,
  );
}

/** Some accounts with no casts beside: closed while the worker sleeps, then collected. */
async function measureAlone({ file, pid }: BenchStack, sql: Sql, queue: Sql): Promise<void> {
  await makeDebtors(file, ALONE);
  await untilDone(queue, null);
  const worker = pidOf(pid, "worker");
  const app = connect({ url: file.database_url, poolSize: 2, applicationName: "bench" });
  process.kill(worker, "SIGSTOP");
  try {
    const closing = await startWork(sql, pid);
    await closeMonths(
      { db: app, clock: { offsetMs: 0 } },
      { ...MONTHLY_PACE, share: 1, collectedPerSecond: 1e6 },
    );
    // A connection that ends tells its last figures.
    await app.close();
    print("closed alone", ALONE, await closing());
  } finally {
    process.kill(worker, "SIGCONT");
  }
  const callsBefore = await callsAtStripe(file);
  const collecting = await startWork(sql, pid);
  await untilCollected(sql);
  await untilDone(queue, null);
  print("collected alone", ALONE, await collecting());
  console.log(`calls to Stripe for each: ${((await callsAtStripe(file)) - callsBefore) / ALONE}`);
}

type Cast = () => Promise<LoadFigures>;

async function castWindows(cast: Cast, count: number): Promise<LoadFigures[]> {
  const windows: LoadFigures[] = [];
  while (windows.length < count) windows.push(await cast());
  return windows;
}

/** The run as it is made on the 1st, with casts before it, beside it and after it. */
async function measureRun({ file, pid }: BenchStack, sql: Sql, queue: Sql, cast: Cast): Promise<void> {
  const perSecond = ({ commits, rows, seconds }: Work) =>
    `${(commits / seconds).toFixed(0)} commits and ${(rows / seconds).toFixed(0)} rows a second`;
  await makeDebtors(file, ACCOUNTS);
  await castWindows(cast, 1);
  const quietWork = await startWork(sql, pid);
  const quiet = await castWindows(cast, WINDOWS);
  console.log(`casts alone: ${perSecond(await quietWork())}`);

  const closing = await startWork(sql, pid);
  await queue`select graphile_worker.add_job('close-months', '{}'::json)`;
  const state = { isClosing: true };
  const closed = untilDone(queue, "close-months").then(() => {
    state.isClosing = false;
    return closing();
  });
  const beside: LoadFigures[] = [];
  while (state.isClosing) beside.push(await cast());
  const work = await closed;
  print("closed beside casts (work of all)", ACCOUNTS, work);
  console.log(`closing beside casts: ${perSecond(work)}`);
  const pacedAt = performance.now();
  const before = await countPaid(sql);
  const collecting = await castWindows(cast, WINDOWS);
  const paid = (await countPaid(sql)) - before;
  console.log(
    `collected at its pace beside casts: ${((paid * 1_000) / (performance.now() - pacedAt)).toFixed(1)}/s`,
  );
  await queue`update graphile_worker._private_jobs set run_at = now() where run_at > now()`;
  const rest = await startWork(sql, pid);
  await untilCollected(sql);
  await untilDone(queue, null);
  print("the rest collected at once", ACCOUNTS - before - paid + ALONE, await rest());
  quiet.push(...(await castWindows(cast, WINDOWS)));
  printCasts("without a run", quiet);
  printCasts("beside closing", beside.length > 1 ? beside.slice(0, -1) : beside, quiet);
  printCasts("beside collecting", collecting, quiet);
}

const stack = await startBenchStack();
const { file } = stack;
const watcher = connect({ url: file.database_owner_url, poolSize: 2, applicationName: "bench" });
const queue = connect({ url: file.database_worker_url, poolSize: 2, applicationName: "bench" });
try {
  const keys = (await makeAccounts(file, CASTERS)).map(({ apiKey }) => apiKey);
  const cast = async (seconds = SECONDS): Promise<LoadFigures> => {
    const load: Load = {
      url: `${file.base_url}/v1/cast`,
      method: "POST",
      body: BODY,
      keys,
      connections: CONNECTIONS,
      seconds,
    };
    // The generator prints its figures, whose type it exports.
    return JSON.parse((await run(process.execPath, [GENERATOR, JSON.stringify(load)])).stdout) as LoadFigures;
  };
  await cast(WARM_UP_SECONDS);
  await measureAlone(stack, watcher.sql, queue.sql);
  await measureRun(stack, watcher.sql, queue.sql, cast);
  const { entries, disagreements } = await verifyLedger(watcher);
  console.log(`books: ${entries} entries, disagreements ${JSON.stringify(disagreements)}`);
  if (disagreements.length > 0) process.exitCode = 1;
} finally {
  await Promise.all([watcher.close(), queue.close()]);
  await stack.end();
}
