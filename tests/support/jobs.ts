/** The queue of a test's own database, in which no worker lives. */
import postgres from "postgres";
import type { TestDatabase } from "./database.ts";

export interface Job {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly attempts: number;
}

/** Works as the worker's role, to whom the queue belongs. */
export async function asWorker<Result>(
  { workerUrl }: TestDatabase,
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
export const readJobs = (database: TestDatabase, task: string): Promise<Job[]> =>
  asWorker(
    database,
    (sql) => sql<Job[]>`
      select j.payload, j.attempts
        from graphile_worker._private_jobs j
        join graphile_worker._private_tasks t on t.id = j.task_id
       where t.identifier = ${task}
       order by j.id`,
  );
