/** The worker process: graphile-worker over our tasks and crontab, with an ops port of its own. */
import { createServer, type Server } from "node:http";
import { readFileSync } from "node:fs";
import { run } from "graphile-worker";
import { Counter } from "prom-client";
import { buildParts, REAL_TIME } from "../server/build-parts.ts";
import { BadConfiguration, readWorkerConfig, stripeMode } from "../server/config.ts";
import { checkServer, UnsafeDatabase } from "../server/db/check-server.ts";
import { checkStripeMode } from "../server/db/check-stripe-mode.ts";
import type { Metrics } from "../server/metrics.ts";
import { createLogNotifier } from "../server/services/budgets/notifier.ts";
import { translateStripe } from "../server/services/billing/stripe.ts";
import { graceMs } from "../server/services/casts/admission-settings.ts";
import { keepSweeping } from "../server/services/casts/keep-sweeping.ts";
import { taskList } from "./task-list.ts";
import { watchDeadLetters } from "./watch-dead-letters.ts";

/** A job that is due later is begun so long after at most; jobs that are spread over time are taken one by one. */
const POLL_MS = 500;

/**
 * The queue's own connections: what they write is who has which job, and which is done. Where Postgres dies and forgets
 * the last of it, a job is done twice, which is always safe; so nobody waits for the disk.
 */
function queueUrl(url: string): string {
  const found = new URL(url);
  const own = found.searchParams.get("options");
  found.searchParams.set("options", `${own === null ? "" : `${own} `}-c synchronous_commit=off`);
  return found.href;
}

/** `/healthz` and `/metrics`, on this machine only. */
function listenForOps(port: number, metrics: Metrics, onListening: (port: number) => void): Server {
  const ops = createServer((request, response) => {
    if (request.url === "/metrics") {
      void metrics.registry
        .metrics()
        .then((text) => response.setHeader("Content-Type", metrics.registry.contentType).end(text));
    } else if (request.url === "/healthz") response.end('{"status":"ok"}');
    else response.writeHead(404).end();
  });
  return ops.listen(port, "127.0.0.1", () => {
    const address = ops.address();
    onListening(typeof address === "object" && address !== null ? address.port : port);
  });
}

async function main(): Promise<void> {
  const leaving = new AbortController();
  const leave = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "disconnect"]) process.once(signal, () => resolve());
  });
  const config = readWorkerConfig();
  const parts = buildParts(config, {
    name: "worker",
    databaseUrl: config.DATABASE_WORKER_URL,
    poolSize: 4,
    clock: REAL_TIME,
  });
  const { db, log, metrics, runtime } = parts;
  await checkServer(db.sql);
  await checkStripeMode(db.sql, stripeMode(config));
  watchDeadLetters(parts);
  const jobs = new Counter({
    name: "spell_job_total",
    help: "Jobs that ended.",
    labelNames: ["task", "outcome"] as const,
    registers: [metrics.registry],
  });
  const runner = await run({
    connectionString: queueUrl(config.DATABASE_WORKER_URL),
    pollInterval: POLL_MS,
    taskList: taskList({ ...parts, config, graceMs: graceMs(config), notifier: createLogNotifier(log) }),
    crontab: readFileSync(new URL("./crontab", import.meta.url), "utf8"),
    // Long casts move to threads of their own: as many jobs may be under way, and a few that cast nothing.
    concurrency: config.CAST_THREADS + config.CAST_LONG_THREADS + 2,
    noHandleSignals: true,
    noPreparedStatements: false,
  });
  runner.events.on("job:success", ({ job }) => jobs.inc({ task: job.task_identifier, outcome: "success" }));
  runner.events.on("job:error", ({ job, error }) => {
    log.error(
      { err: translateStripe(error), task: job.task_identifier, attempt: job.attempts },
      "job failed",
    );
    jobs.inc({ task: job.task_identifier, outcome: "error" });
  });
  const sweeping = keepSweeping({ ...parts, config, drain: leaving.signal });
  const ops = listenForOps(config.WORKER_OPS_PORT, metrics, (opsPort) => {
    log.info({ opsPort }, "working");
    process.send?.({ ready: true });
  });

  // The runner's own end, without having been asked, is a failure: whoever supervises us starts us again.
  await Promise.race([leave, runner.promise.then(() => Promise.reject(new Error("the job runner ended")))]);
  leaving.abort();
  ops.close();
  // Waits for the jobs under way: what a cast ran, it settles.
  await runner.stop();
  await sweeping;
  await runtime.close();
  await db.close();
  process.exit(0);
}

try {
  await main();
} catch (error) {
  const isOurs = error instanceof BadConfiguration || error instanceof UnsafeDatabase;
  process.stderr.write(`${isOurs ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(1);
}
