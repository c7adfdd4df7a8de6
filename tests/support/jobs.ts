/** The queue of a test's own database, in which no worker lives. */
import { Logger, runOnce } from "graphile-worker";
import postgres from "postgres";
import { taskList } from "../../jobs/task-list.ts";
import { createLogNotifier } from "../../server/services/budgets/notifier.ts";
import type { TestDatabase } from "./database.ts";
import type { TestWeb } from "./web.ts";

export interface Job {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly attempts: number;
}

/** Works as the worker's role, to whom the queue belongs. */
export async function asWorker<Result>(
  { workerUrl }: Pick<TestDatabase, "workerUrl">,
  work: (sql: postgres.Sql) => Promise<Result>,
): Promise<Result> {
  const sql = postgres(workerUrl, { max: 1, onnotice: () => undefined });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

/** The jobs of a task that are in the queue. */
export const readJobs = (database: Pick<TestDatabase, "workerUrl">, task: string): Promise<Job[]> =>
  asWorker(
    database,
    (sql) => sql<Job[]>`
      select j.payload, j.attempts
        from graphile_worker._private_jobs j
        join graphile_worker._private_tasks t on t.id = j.task_id
       where t.identifier = ${task}
       order by j.id`,
  );

const silent = new Logger(() => () => undefined);

/** Runs the jobs that are due now, with the parts of a web process, until there are none. */
export async function runJobs({ platform, database }: TestWeb): Promise<void> {
  const notifier = createLogNotifier(platform.log);
  await runOnce({
    connectionString: database.workerUrl,
    taskList: taskList({ ...platform, graceMs: 10_000, notifier }),
    concurrency: 4,
    noHandleSignals: true,
    logger: silent,
  });
}
