import { afterAll, beforeAll, expect, test } from "vitest";
import { sweepOverdue } from "../../server/services/casts/sweep.ts";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { startProxy, type Proxy } from "../support/postgres-proxy.ts";
import { publishSamples, publishWat, spinning } from "../support/spells.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

let database: TestDatabase;
let proxy: Proxy;
let web: TestWeb;
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startProxy(database.appUrl);
  web = await startTestWeb({ database: { ...database, appUrl: proxy.url } });
  await publishSamples(web.platform, "echo");
  await publishWat(web.platform, "spin", spinning(1_000), { cents: 3, wallMs: 20_000 });
});
afterAll(async () => {
  await web.close();
  await proxy.close();
  await database.drop();
});

const usageOf = async (key: string) => (await web.call("GET", "/v1/budgets/usage", { key })).body;

test("a settlement whose answer is lost is asked again and charged once", async () => {
  const { apiKey } = await web.person();
  // The cast's admission passes.
  proxy.loseNextAnswer(1);
  const answer = await web.cast(apiKey, "echo", "once");
  expect(proxy.lost).toBe(1);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ result: "once", cost_cents: 1 });
  expect(await usageOf(apiKey)).toMatchObject({
    total_calls: 1,
    total_cost_micros: 10_000,
    reserved_cents: 0,
  });
  expect((await verifyLedger(web.platform.db)).disagreements).toEqual([]);
});

test("an admission whose answer is lost is a 503 that is never charged, and its hold is swept", async () => {
  const { apiKey, accountId } = await web.person();
  const before = proxy.lost;
  proxy.loseNextAnswer();
  const answer = await web.cast(apiKey, "echo", "lost");
  expect(proxy.lost).toBe(before + 1);
  expect([answer.status, answer.body.error]).toEqual([503, "database_unavailable"]);
  expect(answer.headers.get("Retry-After")).toBe("1");
  const { sql } = web.platform.db;
  expect(await sql`select 1 from holds where account_id = ${accountId}`).toHaveLength(1);
  await sql`update holds set deadline = clock_timestamp() where account_id = ${accountId}`;
  await expect
    .poll(() => sql`select 1 from holds where account_id = ${accountId}`, { timeout: 5_000 })
    .toHaveLength(0);
  expect(await usageOf(apiKey)).toMatchObject({ total_cost_micros: 0, reserved_cents: 0 });
  expect((await verifyLedger(web.platform.db)).disagreements).toEqual([]);
});

test("while the database is away every request is 503 with Retry-After, then all is well without a restart", async () => {
  const { apiKey } = await web.person();
  proxy.goAway();
  const answers = [
    await web.cast(apiKey, "echo", 1),
    await web.call("GET", "/v1/keys", { key: apiKey }),
    await web.call("GET", "/v1/spells"),
  ];
  for (const { status, headers, body } of answers) {
    expect([status, body.error, headers.get("Retry-After")]).toEqual([503, "database_unavailable", "1"]);
  }
  expect((await web.call("GET", "/healthz")).status).toBe(200);
  await expect.poll(async () => (await web.call("GET", "/readyz")).status, { timeout: 5_000 }).toBe(503);
  proxy.comeBack();
  await expect.poll(async () => (await web.cast(apiKey, "echo", 1)).status, { timeout: 10_000 }).toBe(200);
  await expect.poll(async () => (await web.call("GET", "/readyz")).status, { timeout: 5_000 }).toBe(200);
});

test("a cast that runs through an outage is settled when the database is back", async () => {
  const { apiKey, accountId } = await web.person();
  const { sql } = web.platform.db;
  const cast = web.cast(apiKey, "spin", null);
  await expect.poll(() => sql`select 1 from holds where account_id = ${accountId}`).toHaveLength(1);
  proxy.goAway();
  setTimeout(() => proxy.comeBack(), 1_500);
  const answer = await cast;
  expect(answer.status).toBe(200);
  expect(await usageOf(apiKey)).toMatchObject({ total_calls: 1, total_cost_cents: 3, reserved_cents: 0 });
  expect((await verifyLedger(web.platform.db)).disagreements).toEqual([]);
});

test("a cast whose hold was swept while it ran gives neither result nor charge", async () => {
  const { apiKey, accountId } = await web.person();
  const { sql } = web.platform.db;
  const cast = web.cast(apiKey, "spin", null);
  await expect.poll(() => sql`select 1 from holds where account_id = ${accountId}`).toHaveLength(1);
  await sql`update holds set deadline = clock_timestamp() where account_id = ${accountId}`;
  await sweepOverdue(web.platform);
  const answer = await cast;
  expect([answer.status, answer.body.error]).toEqual([503, "cast_interrupted"]);
  expect(await usageOf(apiKey)).toMatchObject({ total_calls: 1, total_cost_micros: 0, reserved_cents: 0 });
});

test("a process that drains admits nothing more and settles what runs", async () => {
  const leaving = await startTestWeb({ database });
  const { apiKey, accountId } = await leaving.person();
  const { sql } = web.platform.db;
  const running = leaving.cast(apiKey, "spin", null);
  await expect.poll(() => sql`select 1 from holds where account_id = ${accountId}`).toHaveLength(1);
  const closed = leaving.close();
  const { status, headers } = await running;
  expect([status, headers.get("Connection")]).toEqual([200, "close"]);
  await closed;
  expect(await sql`select 1 from holds where account_id = ${accountId}`).toHaveLength(0);
  await expect(leaving.cast(apiKey, "echo", 1)).rejects.toThrow("fetch failed");
});
