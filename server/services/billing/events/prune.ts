import type { Database } from "../../../db/connect.ts";

/**
 * Stripe sends an event for three days and lists it for thirty. One that came again after this would be stored and
 * handled again, which changes nothing.
 */
const KEPT_DAYS = 90;
const BATCH = 5_000;

/**
 * Deletes events that were handled long ago, some at a time, so that nobody waits for it; returns how many. What is not
 * handled stays, however old: a dead letter goes when somebody has it handled.
 */
export async function pruneEvents({ sql }: Pick<Database, "sql">, batch = BATCH): Promise<number> {
  for (let pruned = 0; ;) {
    // Lock: the rows that go; one that a replay has at this moment is to be handled, and passed over.
    const { count } = await sql`
      delete from stripe_events
       where id in (
         select e.id
           from stripe_events e
          where e.handled_at < clock_timestamp() - make_interval(days => ${KEPT_DAYS})
          limit ${batch}
            for update skip locked
       )`;
    pruned += count;
    if (count < batch) return pruned;
  }
}
