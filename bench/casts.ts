/**
 * `make bench`: paid, ledgered casts of `echo` over HTTP, from one generator and with warm keys, against the server's
 * own bare route and against workerd running the same module with no billing at all. Ratios of one run on one machine.
 */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { connect } from "../server/db/connect.ts";
import type { Load, LoadFigures } from "./casts/generate.ts";
import { makeAccounts, type BenchAccount } from "./casts/make-accounts.ts";
import { measureDatabase } from "./casts/measure-database.ts";
import { startBenchStack, startWorkerd, type BenchStack } from "./casts/stack.ts";

const ACCOUNTS = 500;
const SECONDS = Number(process.env["SECONDS"] ?? 5);
const CONNECTIONS = [16, 64, 256];
const BODY = JSON.stringify({ spell_name: "echo", payload: { hello: "world", numbers: [1, 2, 3] } });
const MILLION = 1_000_000;
const SINGLE_CASTS = 300;

const run = promisify(execFile);
const generator = fileURLToPath(new URL("casts/generate.ts", import.meta.url));

async function generate(load: Load): Promise<LoadFigures> {
  const { stdout } = await run(process.execPath, [generator, JSON.stringify(load)], { maxBuffer: 1 << 20 });
  const figures = JSON.parse(stdout) as LoadFigures;
  if (figures.failed > 0) throw new Error(`${figures.failed} requests to ${load.url} failed`);
  return figures;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function print(name: string, connections: number, { perSecond, meanMs, p50Ms, p99Ms }: LoadFigures): void {
  console.log(
    `${name.padEnd(22)} ${String(connections).padStart(3)} connections ${perSecond.toFixed(0).padStart(7)} req/s, mean ${meanMs.toFixed(2)} ms, p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms, p99/mean ${(p99Ms / meanMs).toFixed(1)}`,
  );
}

const castsOf = (
  stack: BenchStack,
  accounts: readonly BenchAccount[],
): Omit<Load, "connections" | "seconds"> => ({
  url: `${stack.file.base_url}/v1/cast`,
  method: "POST",
  body: BODY,
  keys: accounts.map(({ apiKey }) => apiKey),
});

/** Each key's first use costs an Argon2 verification. */
async function warm(stacks: readonly BenchStack[], accounts: readonly BenchAccount[]): Promise<void> {
  for (const { file } of stacks) {
    for (const { apiKey } of accounts) {
      const headers = { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" };
      const answer = await fetch(`${file.base_url}/v1/cast`, { method: "POST", headers, body: BODY });
      if (!answer.ok) throw new Error(`a first cast failed: ${await answer.text()}`);
    }
  }
}

async function measureHttp(stack: BenchStack, accounts: readonly BenchAccount[]): Promise<void> {
  const workerd = await startWorkerd();
  const seconds = SECONDS;
  const many = castsOf(stack, accounts);
  const hot = castsOf(stack, accounts.slice(0, 1));
  await generate({ ...many, connections: 64, seconds: 3 });
  for (const connections of CONNECTIONS) {
    const figures = {
      [`cast, ${accounts.length} accounts`]: await generate({ ...many, connections, seconds }),
      "cast, one hot account": await generate({ ...hot, connections, seconds }),
      "bare route": await generate({
        url: `${stack.file.base_url}/healthz`,
        method: "GET",
        keys: [],
        connections,
        seconds,
      }),
      workerd: await generate({
        url: workerd.url,
        method: "POST",
        body: BODY,
        keys: [],
        connections,
        seconds,
      }),
    };
    for (const [name, figure] of Object.entries(figures)) print(name, connections, figure);
    const [cast, one, bare, other] = Object.values(figures).map(({ perSecond }) => perSecond);
    const ratio = (a = Number.NaN, b = Number.NaN) => (a / b).toFixed(2);
    console.log(
      `ratios at ${connections}: cast/workerd ${ratio(cast, other)}, cast/bare ${ratio(cast, bare)}, hot/many ${ratio(one, cast)}`,
    );
  }
  await workerd.end();
}

/** One cast alone on an idle server, beside what one commit takes on this disk. */
async function measureSingle({ file }: BenchStack, { apiKey }: BenchAccount): Promise<void> {
  const owner = connect({ url: file.database_owner_url, poolSize: 1, applicationName: "bench" });
  await owner.sql`create table bench_commits (at timestamptz)`;
  const headers = { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" };
  const [casts, commits]: [number[], number[]] = [[], []];
  for (let i = 0; i < SINGLE_CASTS; i += 1) {
    const startedAt = performance.now();
    await (await fetch(`${file.base_url}/v1/cast`, { method: "POST", headers, body: BODY })).text();
    const castAt = performance.now();
    await owner.sql`insert into bench_commits values (clock_timestamp())`;
    casts.push(castAt - startedAt);
    commits.push(performance.now() - castAt);
  }
  await owner.sql`drop table bench_commits`;
  await owner.close();
  const [cast, commit] = [median(casts), median(commits)];
  console.log(
    `one cast alone p50 ${cast.toFixed(2)} ms, one commit p50 ${commit.toFixed(2)} ms, ratio ${(cast / commit).toFixed(2)}`,
  );
}

async function measureDatabaseAlone({ file }: BenchStack, { accountId }: BenchAccount): Promise<void> {
  const db = connect({ url: file.database_url, poolSize: 1, applicationName: "bench" });
  // The driver learns the types of arrays with its first connection.
  await db.sql`select 1`;
  const owner = connect({ url: file.database_owner_url, poolSize: 1, applicationName: "bench" });
  // Asked for by nobody: the platform's own account needs neither key nor session.
  await owner.sql`update accounts set kind = 'house' where id = ${accountId}`;
  const settings = {
    bootId: randomUUID(),
    rateLimit: 1_000_000_000,
    allowanceMicros: 0,
    defaultMicros: 0,
    maximumMicros: 1_000_000_000_000,
    graceMs: 600_000,
    queueMs: 600_000,
    replayMs: 600_000,
    freeFuelDaily: 1_000_000_000_000,
  };
  for (const batchSize of [256, 1_000]) {
    await measureDatabase(db.sql, settings, accountId, { batches: 10, batchSize });
    const figures = await measureDatabase(db.sql, settings, accountId, { batches: 30, batchSize });
    console.log(
      `database alone, one hot account, batches of ${batchSize}: admitted ${figures.admittedPerSecond.toFixed(0)}/s, settled ${figures.settledPerSecond.toFixed(0)}/s, both ${figures.bothPerSecond.toFixed(0)}/s`,
    );
  }
  await Promise.all([db.close(), owner.close()]);
}

/** The same load split over 1, 2 and 4 processes on one database. */
async function measureProcesses(first: BenchStack, accounts: readonly BenchAccount[]): Promise<void> {
  const more: BenchStack[] = [];
  const few = accounts.slice(0, 64);
  for (const processes of [1, 2, 4]) {
    while (more.length < processes - 1) {
      const stack = await startBenchStack(first.file);
      await warm([stack], few);
      more.push(stack);
    }
    const figures = await Promise.all(
      [first, ...more].map((stack) =>
        generate({ ...castsOf(stack, few), connections: 64 / processes, seconds: SECONDS }),
      ),
    );
    const perSecond = figures.reduce((sum, figure) => sum + figure.perSecond, 0);
    console.log(
      `${processes} processes, 64 connections together: ${perSecond.toFixed(0)} req/s, p99 ${Math.max(...figures.map(({ p99Ms }) => p99Ms)).toFixed(0)} ms`,
    );
  }
  for (const stack of more) await stack.end();
}

async function measureMillion(stack: BenchStack, accounts: readonly BenchAccount[]): Promise<void> {
  const owner = connect({ url: stack.file.database_owner_url, poolSize: 1, applicationName: "bench" });
  await owner.sql`set statement_timeout = 0`;
  const [hot] = accounts;
  await owner.sql`
    insert into casts (
      id, account_id, version_id, day, month, funding, hold_micros, fuel_limit, admitted_at, seed, input_digest,
      state, cost_micros, fuel_used, duration_ms, log, ended_at
    )
    select gen_random_uuid(), ${hot?.accountId ?? ""}, v.id, '2020-01-01', '2020-01-01', 'card', 0, 0,
           '2020-01-01'::timestamptz + n * interval '1 second', '', '', 'completed', 0, 0, 0, '', '2020-01-01'
      from generate_series(1, ${MILLION}::integer) n, (select id from spell_versions limit 1) v`;
  await owner.sql`analyze casts`;
  for (const [name, keys] of [
    ["many accounts", accounts],
    ["hot account", accounts.slice(0, 1)],
  ] as const) {
    const figures = await generate({ ...castsOf(stack, keys), connections: 64, seconds: SECONDS });
    print(`10^6 casts, ${name}`, 64, figures);
  }
  await owner.close();
}

const stack = await startBenchStack();
try {
  const accounts = await makeAccounts(stack.file, ACCOUNTS + 1);
  const [spare, ...used] = accounts;
  if (spare === undefined || used[0] === undefined) throw new Error("no accounts");
  await warm([stack], used);
  await measureHttp(stack, used);
  await measureSingle(stack, used[0]);
  await measureDatabaseAlone(stack, spare);
  await measureProcesses(stack, used);
  await measureMillion(stack, used);
} finally {
  await stack.end();
}
