/**
 * `make bench-invoices`: the monthly run of ACCOUNTS=10000: how fast months are closed and invoices collected, what that
 * asks of the database, and what casts beside it feel, as a ratio to the same casts without it.
 */
import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { connect, type Sql } from "../server/db/connect.ts";
import type { Load, LoadFigures } from "./casts/generate.ts";
import { makeAccounts } from "./casts/make-accounts.ts";
import { startBenchStack } from "./casts/stack.ts";
import { makeDebtors } from "./invoices/owe.ts";

const ACCOUNTS = Number(process.env["ACCOUNTS"] ?? 10_000);
const SECONDS = Number(process.env["SECONDS"] ?? 10);
const CASTERS = 20;
const CONNECTIONS = 4;
const WARM_UP_SECONDS = 3;
const GOAL = 1.5;
const SECRET = "the-operator's-secret-of-this-bench-0001";
const GENERATOR = fileURLToPath(new URL("casts/generate.ts", import.meta.url));
const BODY = JSON.stringify({ spell_name: "echo", payload: { hello: "world" } });

const run = promisify(execFile);
process.env["ADMIN_SECRET"] = SECRET;

interface Work {
  readonly commits: number;
  readonly rows: number;
}

async function workOf(sql: Sql): Promise<Work> {
  const [row] = await sql<[Work]>`
    select d.xact_commit as commits, d.tup_inserted + d.tup_updated + d.tup_deleted as rows
      from pg_stat_database d where d.datname = current_database()`;
  return row;
}

async function untilCollected(sql: Sql): Promise<void> {
  for (;;) {
    const [left] = await sql<[{ count: number }]>`
      select count(*) as count from invoices i where i.status in ('closed', 'open')`;
    if (left.count === 0) return;
    await pause(500);
  }
}

const stack = await startBenchStack();
const { file } = stack;
const watcher = connect({ url: file.database_owner_url, poolSize: 1, applicationName: "bench" });
try {
  const keys = (await makeAccounts(file, CASTERS)).map(({ apiKey }) => apiKey);
  const cast = async (seconds: number): Promise<LoadFigures> => {
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
  await makeDebtors(file, ACCOUNTS);
  await cast(WARM_UP_SECONDS);
  const quiet = await cast(SECONDS);
  console.log(`casts alone: p50 ${quiet.p50Ms} ms, p99 ${quiet.p99Ms} ms, ${quiet.perSecond.toFixed(0)}/s`);

  const before = await workOf(watcher.sql);
  const startedAt = performance.now();
  const secondsSince = () => (performance.now() - startedAt) / 1_000;
  const monthly = fetch(new URL("/admin/billing/process-monthly", file.base_url), {
    method: "POST",
    headers: { "X-Admin-Secret": SECRET },
  });
  const beside = cast(SECONDS);
  const closed: unknown = await (await monthly).json();
  const closedSeconds = secondsSince();
  const closing = await workOf(watcher.sql);
  const { p50Ms, p99Ms, perSecond, failed } = await beside;
  await untilCollected(watcher.sql);
  const collectedSeconds = secondsSince();
  const perInvoice = (from: number, to: number) => ((to - from) / ACCOUNTS).toFixed(1);
  console.log(
    `closed ${JSON.stringify(closed)} in ${closedSeconds.toFixed(1)} s: ${(ACCOUNTS / closedSeconds).toFixed(0)}/s`,
  );
  console.log(
    `until then, with the casts beside: ${perInvoice(before.commits, closing.commits)} commits and ` +
      `${perInvoice(before.rows, closing.rows)} rows written for each`,
  );
  console.log(
    `casts beside it: p50 ${p50Ms} ms, p99 ${p99Ms} ms, ${perSecond.toFixed(0)}/s, ${failed} failed; ` +
      `p99 ${(p99Ms / quiet.p99Ms).toFixed(2)} times (goal ${GOAL})`,
  );
  console.log(
    `collected by the worker and the emulator in ${collectedSeconds.toFixed(1)} s: ${(ACCOUNTS / collectedSeconds).toFixed(0)}/s`,
  );
} finally {
  await watcher.close();
  await stack.end();
}
