import type { Task } from "graphile-worker";
import type { Database } from "../../server/db/connect.ts";
import { pruneEvents } from "../../server/services/billing/events/prune.ts";

const BATCH = 1_000;

/**
 * Forgets Stripe's events that were handled long ago, and the jobs of those that were given up: the event itself is the
 * dead letter, and a replay gives it a new job. What other tasks gave up stays in the queue, which alone knows of it.
 */
export const pruneEventsTask =
  ({ db }: { readonly db: Database }): Task =>
  async (_payload, { logger, withPgClient }) => {
    logger.info(`events pruned: ${await pruneEvents(db)}`);
    for (let given = BATCH; given === BATCH;) {
      const { rowCount } = await withPgClient((queue) =>
        queue.query(
          `select graphile_worker.complete_jobs(
                    array(
                      select j.id
                        from graphile_worker.jobs j
                       where j.task_identifier = 'handle-stripe-event'
                         and j.attempts >= j.max_attempts
                         and j.locked_at is null
                       limit $1
                    )
                  )`,
          [BATCH],
        ),
      );
      given = rowCount ?? 0;
    }
  };
