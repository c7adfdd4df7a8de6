/** The worker process: graphile-worker over our tasks and crontab, with an ops port of its own. */
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { run } from "graphile-worker";
import { Counter, collectDefaultMetrics, Registry } from "prom-client";
import { BadConfiguration, readWorkerConfig } from "../server/config.ts";
import { checkServer } from "../server/db/check-server.ts";
import { connect } from "../server/db/connect.ts";
import { createLogger } from "../server/logger.ts";
import { taskList } from "./task-list.ts";

function createWorkerMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const jobs = new Counter({
    name: "spell_job_total",
    help: "Jobs that ended.",
    labelNames: ["task", "outcome"] as const,
    registers: [registry],
  });
  return { registry, jobs };
}

async function main(): Promise<void> {
  const leave = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "disconnect"]) process.once(signal, () => resolve());
  });
  const config = readWorkerConfig();
  const log = createLogger(config.LOG_LEVEL, "worker");
  const db = connect({ url: config.DATABASE_WORKER_URL, poolSize: 4, applicationName: "spell-worker" });
  await checkServer(db.sql);
  const metrics = createWorkerMetrics();
  const runner = await run({
    connectionString: config.DATABASE_WORKER_URL,
    taskList: taskList({ db, log }),
    crontab: readFileSync(new URL("./crontab", import.meta.url), "utf8"),
    concurrency: 4,
    noHandleSignals: true,
    noPreparedStatements: false,
  });
  runner.events.on("job:success", ({ job }) =>
    metrics.jobs.inc({ task: job.task_identifier, outcome: "success" }),
  );
  runner.events.on("job:error", ({ job, error }) => {
    log.error({ err: error, task: job.task_identifier, attempt: job.attempts }, "job failed");
    metrics.jobs.inc({ task: job.task_identifier, outcome: "error" });
  });
  const ops = createServer((request, response) => {
    if (request.url === "/metrics") {
      void metrics.registry
        .metrics()
        .then((text) => response.setHeader("Content-Type", metrics.registry.contentType).end(text));
    } else if (request.url === "/healthz") response.end('{"status":"ok"}');
    else response.writeHead(404).end();
  });
  ops.listen(config.WORKER_OPS_PORT, "127.0.0.1", () => {
    const address = ops.address();
    log.info({ opsPort: typeof address === "object" ? address?.port : null }, "working");
    process.send?.({ ready: true });
  });

  // The runner's own end, without having been asked, is a failure: whoever supervises us starts us again.
  await Promise.race([leave, runner.promise.then(() => Promise.reject(new Error("the job runner ended")))]);
  ops.close();
  await runner.stop();
  await db.close();
  process.exit(0);
}

try {
  await main();
} catch (error) {
  process.stderr.write(
    `${error instanceof BadConfiguration ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exit(1);
}
