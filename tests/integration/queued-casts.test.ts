import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runQueuedCast } from "../../server/services/casts/run-queued.ts";
import { sweepOverdue } from "../../server/services/casts/sweep.ts";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { publishSamples, publishWat, spinning } from "../support/spells.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

let web: TestWeb;
let worker: postgres.Sql;
beforeAll(async () => {
  web = await startTestWeb();
  worker = postgres(web.database.workerUrl, { max: 1, onnotice: () => undefined });
  await publishSamples(web.platform, "echo");
  await publishWat(web.platform, "slow", spinning(300), { cents: 2, wallMs: 10_000 });
});
afterAll(async () => {
  await worker.end();
  await web.close();
});

/** Queues a cast; no worker lives here, so it stays queued until a test runs it. */
const queue = (key: string, body: object, headers: Record<string, string> = {}) =>
  web.call("POST", "/v1/cast", { key, body, headers: { Prefer: "respond-async", ...headers } });
const look = async (key: string, id: string) => (await web.call("GET", `/v1/casts/${id}`, { key })).body;
const usageOf = async (key: string) => (await web.call("GET", "/v1/budgets/usage", { key })).body;
const jobsOf = (id: string) => worker`
  select 1 from graphile_worker._private_jobs where payload ->> 'cast_id' = ${id}`;
const runIt = (id: string, bootId = randomUUID()) =>
  runQueuedCast({ ...web.platform, bootId, graceMs: 10_000 }, id);
const expire = (id: string) =>
  web.platform.db.sql`update holds set deadline = clock_timestamp() where cast_id = ${id}`;

test("a queued cast answers 202 with its address, holds its price, and is run once by whoever starts it first", async () => {
  const { apiKey } = await web.person();
  const answer = await queue(apiKey, { spell_name: "echo", payload: { q: 1 } });
  expect([answer.status, answer.body.status]).toEqual([202, "QUEUED"]);
  expect(answer.headers.get("Location")).toBe(`/v1/casts/${answer.body.id}`);
  expect(answer.headers.get("Preference-Applied")).toBe("respond-async");
  expect(await look(apiKey, answer.body.id)).toMatchObject({ status: "QUEUED", spell_name: "echo" });
  expect(await usageOf(apiKey)).toMatchObject({ reserved_cents: 1, total_calls: 0 });
  expect(await jobsOf(answer.body.id)).toHaveLength(1);

  const runs = await Promise.all(Array.from({ length: 8 }, () => runIt(answer.body.id)));
  expect(runs.filter(Boolean)).toHaveLength(1);
  expect(await look(apiKey, answer.body.id)).toMatchObject({
    status: "COMPLETED",
    result: { q: 1 },
    cost_micros: 10_000,
    failure: null,
  });
  expect(await usageOf(apiKey)).toMatchObject({
    reserved_cents: 0,
    total_calls: 1,
    total_cost_micros: 10_000,
  });
});

test("a refused cast is not queued", async () => {
  const { apiKey, accountId } = await web.person({ hardCents: 1 });
  const answer = await queue(apiKey, { spell_name: "slow", payload: 1 });
  expect([answer.status, answer.body.error]).toEqual([402, "budget_exceeded"]);
  expect(await web.platform.db.sql`select 1 from holds where account_id = ${accountId}`).toHaveLength(0);
});

test("a repeat of a queued request gives the same 202 whatever became of it", async () => {
  const { apiKey } = await web.person();
  const body = { spell_name: "echo", payload: 1 };
  const [first, early] = [
    await queue(apiKey, body, { "Idempotency-Key": "q" }),
    await queue(apiKey, body, { "Idempotency-Key": "q" }),
  ];
  await runIt(first.body.id);
  const late = await queue(apiKey, body, { "Idempotency-Key": "q" });
  const without = await web.call("POST", "/v1/cast", {
    key: apiKey,
    body,
    headers: { "Idempotency-Key": "q" },
  });
  for (const again of [early, late, without]) {
    expect([again.status, again.text]).toEqual([202, first.text]);
    expect(again.headers.get("Location")).toBe(first.headers.get("Location"));
  }
  expect(await usageOf(apiKey)).toMatchObject({ total_calls: 1, total_cost_micros: 10_000 });
});

test("a queued cast can be called off once, by its owner, until it starts", async () => {
  const [owner, stranger] = [await web.person(), await web.person()];
  const { body } = await queue(owner.apiKey, { spell_name: "echo", payload: 1 });
  const cancel = (key: string) => web.call("DELETE", `/v1/casts/${body.id}`, { key });
  expect((await cancel(stranger.apiKey)).body.error).toBe("cast_not_found");
  expect((await cancel(owner.apiKey)).status).toBe(204);
  expect((await cancel(owner.apiKey)).body.error).toBe("cast_not_queued");
  expect(await runIt(body.id)).toBe(false);
  expect(await look(owner.apiKey, body.id)).toMatchObject({
    status: "FAILED",
    error_code: "CANCELLED",
    cost_micros: 0,
  });
  expect(await usageOf(owner.apiKey)).toMatchObject({ reserved_cents: 0, total_cost_micros: 0 });
});

test("calling off and starting race: exactly one wins", async () => {
  const { apiKey } = await web.person();
  for (let round = 0; round < 10; round += 1) {
    const { body } = await queue(apiKey, { spell_name: "echo", payload: round });
    const [cancelled, ran] = await Promise.all([
      web.call("DELETE", `/v1/casts/${body.id}`, { key: apiKey }),
      runIt(body.id),
    ]);
    expect(ran).toBe(cancelled.status !== 204);
  }
});

test("a start whose process dies goes back to the queue, with a new job, the same seed and clock, three times", async () => {
  const { apiKey } = await web.person();
  const { body } = await queue(apiKey, { spell_name: "echo", payload: 1 });
  const { sql } = web.platform.db;
  const start = () => sql<{ seed: Uint8Array; admitted_at: Date; starts: number }[]>`
    select seed, admitted_at, starts from start_cast(${body.id}, ${randomUUID()}, 1000, interval '0')`;
  const seen = [];
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const [started] = await start();
    expect(started?.starts).toBe(attempt);
    seen.push(JSON.stringify([Buffer.from(started?.seed ?? []).toString("hex"), started?.admitted_at]));
    expect(await look(apiKey, body.id)).toMatchObject({ status: "RUNNING" });
    await expire(body.id);
    await sweepOverdue(web.platform);
    expect(await jobsOf(body.id)).toHaveLength(Math.min(attempt + 1, 3));
  }
  expect(new Set(seen).size).toBe(1);
  expect(await look(apiKey, body.id)).toMatchObject({ status: "FAILED", error_code: "INTERRUPTED" });
  expect(await usageOf(apiKey)).toMatchObject({ reserved_cents: 0, total_cost_micros: 0 });
});

test("a cast that nobody starts in time fails and lets go of its hold", async () => {
  const { apiKey } = await web.person();
  const { body } = await queue(apiKey, { spell_name: "echo", payload: 1 }, { "Idempotency-Key": "never" });
  await expire(body.id);
  await sweepOverdue(web.platform);
  expect(await look(apiKey, body.id)).toMatchObject({ status: "FAILED", error_code: "QUEUE_TIME" });
  const again = await queue(apiKey, { spell_name: "echo", payload: 1 }, { "Idempotency-Key": "never" });
  expect(again.body.id).not.toBe(body.id);
});

test("a stalled process that wakes after its cast was requeued settles it once with whoever runs it again", async () => {
  const { apiKey } = await web.person();
  const { body } = await queue(apiKey, { spell_name: "slow", payload: 1 });
  const stalled = runIt(body.id);
  const { sql } = web.platform.db;
  await expect
    .poll(() => sql`select 1 from holds where cast_id = ${body.id} and state = 'running'`)
    .toHaveLength(1);
  await expire(body.id);
  await sweepOverdue(web.platform);
  const again = runIt(body.id);
  expect(await Promise.all([stalled, again])).toContain(true);
  expect(await look(apiKey, body.id)).toMatchObject({ status: "COMPLETED", cost_micros: 20_000 });
  expect(await usageOf(apiKey)).toMatchObject({
    total_calls: 1,
    total_cost_micros: 20_000,
    reserved_cents: 0,
  });
});

test("the books agree after all of this", async () => {
  expect((await verifyLedger(web.platform.db)).disagreements).toEqual([]);
});
