import type { Database } from "../../../db/connect.ts";

/** An event that nobody tries to handle any more. */
export interface DeadLetter {
  readonly id: string;
  readonly type: string;
  readonly receivedAt: Date;
  readonly failure: string | null;
}

/** Longer than all attempts of a job take: what is not handled by then has lost its job. */
const LOST_AFTER_DAYS = 5;

const isDead = ({ sql }: Pick<Database, "sql">) => sql`
  e.handled_at is null
  and (e.failed_at is not null or e.received_at < clock_timestamp() - make_interval(days => ${LOST_AFTER_DAYS}))`;

/** Events whose last attempt failed, the oldest first. */
export const listDeadLetters = (db: Pick<Database, "sql">, limit = 1_000): Promise<DeadLetter[]> =>
  db.sql<DeadLetter[]>`
    select e.id, e.type, e.received_at as "receivedAt", e.failure
      from stripe_events e
     where ${isDead(db)}
     order by e.received_at
     limit ${limit}`;

export async function countDeadLetters(db: Pick<Database, "sql">): Promise<number> {
  const [row] = await db.sql<[{ count: number }]>`
    select count(*)::integer as count from stripe_events e where ${isDead(db)}`;
  return row.count;
}

/**
 * Has events handled again: one by its id, handled before or not, or every dead letter. Gives the ids of those.
 * Handling twice is safe, whatever came in between.
 */
export async function replayEvents(db: Pick<Database, "sql">, wanted: string): Promise<string[]> {
  const which = wanted === "all" ? isDead(db) : db.sql`e.id = ${wanted}`;
  const replayed = await db.sql<{ id: string }[]>`
    with freed as (
      update stripe_events e
         set handled_at = null,
             failed_at = null,
             failure = null
       where ${which}
      returning e.id
    )
    select f.id, enqueue_job('handle-stripe-event', json_build_object('event_id', f.id)) from freed f`;
  return replayed.map(({ id }) => id);
}
