import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { pruneEvents } from "../../server/services/billing/events/prune.ts";
import { asWorker, readJobs, runJobs } from "../support/jobs.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
});
afterAll(() => web.close());
beforeEach(() => web.platform.db.sql`delete from stripe_events`);

interface Age {
  readonly receivedDays: number;
  readonly handledDays?: number;
  readonly failedDays?: number;
}

async function store({ receivedDays, handledDays, failedDays }: Age): Promise<string> {
  const id = `evt_${randomUUID().replaceAll("-", "")}`;
  await web.platform.db.sql`
    insert into stripe_events (id, type, happened_at, received_at, handled_at, failed_at)
    values (
      ${id}, 'invoice.paid', clock_timestamp(), clock_timestamp() - make_interval(days => ${receivedDays}),
      clock_timestamp() - make_interval(days => ${handledDays ?? null}),
      clock_timestamp() - make_interval(days => ${failedDays ?? null})
    )`;
  return id;
}

const left = async () =>
  (await web.platform.db.sql<{ id: string }[]>`select id from stripe_events`).map(({ id }) => id).sort();

test("what was handled more than 90 days ago is forgotten, and nothing else", async () => {
  for (let count = 0; count < 7; count += 1) await store({ receivedDays: 95, handledDays: 91 });
  const kept = [
    await store({ receivedDays: 95, handledDays: 89 }),
    // Dead letters: one was given up, the other's job was lost.
    await store({ receivedDays: 400, failedDays: 396 }),
    await store({ receivedDays: 400 }),
    await store({ receivedDays: 0 }),
  ];
  expect(await pruneEvents(web.platform.db, 3)).toBe(7);
  expect(await left()).toEqual(kept.sort());
  expect(await pruneEvents(web.platform.db, 3)).toBe(0);
});

test("an event that is replayed at this moment stays, and is not waited for", async () => {
  const [replayed] = [
    await store({ receivedDays: 95, handledDays: 91 }),
    await store({ receivedDays: 95, handledDays: 91 }),
  ];
  await web.platform.db.sql.begin(async (tx) => {
    await tx`update stripe_events set handled_at = null where id = ${replayed}`;
    expect(await pruneEvents(web.platform.db)).toBe(1);
  });
  expect(await left()).toEqual([replayed]);
});

/** A job that will not be tried any more, or one that waits for its next attempt. */
async function putJob(task: string, payload: object, isGivenUp: boolean): Promise<void> {
  await asWorker(web.database, async (sql) => {
    const [job] = await sql<[{ id: string }]>`
      select id from graphile_worker.add_job(${task}::text, ${sql.json({ ...payload })}::json, run_at => now() + interval '1 hour')`;
    if (isGivenUp)
      await sql`update graphile_worker._private_jobs set attempts = max_attempts where id = ${job.id}`;
  });
}

test("the nightly job does it, and takes the jobs of events that were given up; other tasks' stay", async () => {
  await store({ receivedDays: 95, handledDays: 91 });
  const dead = await store({ receivedDays: 6, failedDays: 2 });
  await putJob("handle-stripe-event", { event_id: dead }, true);
  await putJob("handle-stripe-event", { event_id: "evt_waits" }, false);
  await putJob("collect-invoice", { invoice_id: randomUUID() }, true);
  await web.platform.db.sql`select enqueue_job('prune-events', '{}')`;
  await runJobs(web);
  expect(await left()).toEqual([dead]);
  expect((await readJobs(web.database, "handle-stripe-event")).map(({ payload }) => payload)).toEqual([
    { event_id: "evt_waits" },
  ]);
  expect(await readJobs(web.database, "collect-invoice")).toHaveLength(1);
  expect(await readJobs(web.database, "prune-events")).toEqual([]);
});
