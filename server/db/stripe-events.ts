/** How Stripe's events come into the database: each once, with its job, and many in one commit. */
import type { Sql } from "./connect.ts";
import { GroupCommit } from "./group-commit.ts";

export interface NewStripeEvent {
  readonly id: string;
  readonly type: string;
  /** What it is about, by Stripe's id; null for what has none. */
  readonly objectId: string | null;
  /** By Stripe's clock. */
  readonly happenedAtS: number;
}

/** Stores events and enqueues their jobs. For each: is it new? */
async function storeEvents(sql: Sql, events: readonly NewStripeEvent[]): Promise<boolean[]> {
  // In the order of their ids: two processes that are told the same never wait for each other in a circle.
  const stored = await sql<{ id: string }[]>`
    with stored as (
      insert into stripe_events (id, type, object_id, happened_at)
      select e.id, e.type, nullif(e.object_id, ''), to_timestamp(e.happened_at_s)
        from unnest(
               ${events.map(({ id }) => id)}::text[],
               ${events.map(({ type }) => type)}::text[],
               ${events.map(({ objectId }) => objectId ?? "")}::text[],
               ${events.map(({ happenedAtS }) => happenedAtS)}::double precision[]
             ) e (id, type, object_id, happened_at_s)
       order by e.id
      on conflict (id) do nothing
      returning id
    )
    select s.id,
           enqueue_job('handle-stripe-event', json_build_object('event_id', s.id))
      from stored s`;
  const fresh = new Set(stored.map(({ id }) => id));
  // Of one that came twice in this batch the first is new.
  return events.map(({ id }) => fresh.delete(id));
}

/** One commit serves so many events at most. */
const MOST_IN_A_BATCH = 256;

/** Durable when it answers; `true`: it is new. */
export type StripeEventStore = Pick<GroupCommit<NewStripeEvent, boolean>, "submit">;

/**
 * Makes a process's own. Whoever enqueues a job waits for all others that do so at this moment, until they are on the
 * disk: so what comes meanwhile goes in one commit.
 */
export const createStripeEventStore = (sql: Sql): StripeEventStore =>
  new GroupCommit((events: readonly NewStripeEvent[]) => storeEvents(sql, events), MOST_IN_A_BATCH);
