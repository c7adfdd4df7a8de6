/** The one door through which the application puts jobs into a queue that is the worker's own. */
import postgres from "postgres";

/**
 * Makes `spell_jobs.enqueue`, and the same for many jobs of one task, as the worker, who owns the queue, and lets the
 * application's role execute them: its tables stay closed, and a job is enqueued in the transaction that causes it. Safe
 * to repeat.
 */
export async function openJobQueue(workerUrl: string, appRole: string): Promise<void> {
  const worker = postgres(workerUrl, { max: 1, onnotice: () => undefined, connect_timeout: 10 });
  try {
    await worker.begin(async (sql) => {
      await sql`create schema if not exists spell_jobs`;
      await sql`
        create or replace function spell_jobs.enqueue(p_task text, p_payload json)
        returns void
        language sql
        volatile
        security definer
        set search_path = pg_catalog, pg_temp
        as $$
          select graphile_worker.add_job(p_task, p_payload);
        $$`;
      await sql`
        create or replace function spell_jobs.enqueue_all(
          p_task text,
          p_payloads json[],
          p_delays interval[],
          p_priority integer
        )
        returns void
        language sql
        volatile
        security definer
        set search_path = pg_catalog, pg_temp
        as $$
          select graphile_worker.add_jobs(
            array(
              select row(
                       p_task, j.payload, null, clock_timestamp() + j.delay, null, null, p_priority::smallint, null
                     )::graphile_worker.job_spec
                from unnest(p_payloads, p_delays) j (payload, delay)
            )
          );
        $$`;
      await sql`revoke all on function spell_jobs.enqueue(text, json) from public`;
      await sql`revoke all on function spell_jobs.enqueue_all(text, json[], interval[], integer) from public`;
      await sql`grant usage on schema spell_jobs to ${sql(appRole)}`;
      await sql`grant execute on function spell_jobs.enqueue(text, json) to ${sql(appRole)}`;
      await sql`
        grant execute on function spell_jobs.enqueue_all(text, json[], interval[], integer) to ${sql(appRole)}`;
    });
  } finally {
    await worker.end({ timeout: 5 });
  }
}
