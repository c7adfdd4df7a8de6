import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { printing, spinning } from "../support/spells.ts";
import { make, pidOf, type Stack } from "../support/stack.ts";
import { startTwoStacks, type TwoStacks } from "../support/two-stacks.ts";
import { callApi } from "../support/web.ts";

let stacks: TwoStacks;
let first: Stack;
let second: Stack;
let sql: postgres.Sql;

beforeAll(async () => {
  stacks = await startTwoStacks({ CAST_QUEUE_MS: "1" });
  ({ first, second } = stacks);
  sql = postgres(first.database_url, { max: 2, onnotice: () => undefined });
  await stacks.publish("one-dollar", printing("1"), { cents: 100, wallMs: 1_000 });
  await stacks.publish("slow-dollar", spinning(2_000), { cents: 100, wallMs: 1_500 });
});
afterAll(async () => {
  await sql.end();
  await stacks.stop();
});

const call = (stack: Stack, method: string, path: string, body?: object) =>
  callApi(stack.base_url, method, path, { key: first.api_key, ...(body === undefined ? {} : { body }) });
const usage = async () => (await call(first, "GET", "/v1/budgets/usage")).body;

test("the second process joins the first's database: the first's key works there, and limits were left alone", async () => {
  expect((await second.cast("echo", 1, first.api_key)).status).toBe(200);
  expect((await first.cast("echo", 1, second.api_key)).status).toBe(200);
  expect((await call(second, "GET", "/v1/budgets")).body).toMatchObject({ hard_limit_cents: 5_000 });
});

test("100 concurrent casts split over two processes against a budget for exactly 10: 10 succeed", async () => {
  const spentCents = (await usage())["total_cost_cents"] as number;
  const raised = await call(second, "PUT", "/v1/budgets", { hard_limit_cents: spentCents + 1_000 });
  expect(raised.status).toBe(200);
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      (i % 2 === 0 ? first : second).cast("one-dollar", i, first.api_key),
    ),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
  expect(
    answers.filter(({ status, body }) => status === 402 && body.error === "budget_exceeded"),
  ).toHaveLength(90);
  expect(await usage()).toMatchObject({
    total_cost_cents: spentCents + 1_000,
    reserved_cents: 0,
    remaining_cents: 0,
  });
});

test("a key revoked at one process is refused at the other from the moment of the answer", async () => {
  const made = await call(first, "POST", "/v1/keys", { name: "short-lived" });
  expect((await second.cast("echo", 1, made.body.api_key)).status).not.toBe(401);
  expect((await call(first, "DELETE", `/v1/keys/${made.body.prefix}`)).status).toBe(204);
  expect((await second.cast("echo", 1, made.body.api_key)).status).toBe(401);
});

test("a secret that a rotation ended at one process is refused at the other; so is a key whose time is over", async () => {
  const soon = new Date(Date.now() + 1_500).toISOString();
  const made = await call(first, "POST", "/v1/keys", { name: "rotated" });
  const short = await call(first, "POST", "/v1/keys", { name: "short-lived", expires_at: soon });
  for (const { body } of [made, short])
    expect((await second.cast("echo", 1, body.api_key)).status).not.toBe(401);
  const path = `/v1/keys/${made.body.prefix}/rotate`;
  const rotated = await call(first, "POST", path, { grace_seconds: 0 });
  expect((await second.cast("echo", 1, made.body.api_key)).status).toBe(401);
  expect((await second.cast("echo", 1, rotated.body.api_key)).status).not.toBe(401);
  await expect
    .poll(async () => (await second.cast("echo", 1, short.body.api_key)).status, { timeout: 10_000 })
    .toBe(401);
  expect(new Date().toISOString() > soon).toBe(true);
});

test("the two processes count the requests of an account together", async () => {
  const remaining = async (stack: Stack) =>
    Number((await stack.cast("text-stats", { text: "a" }, first.api_key)).headers.get("RateLimit-Remaining"));
  const countSix = async () => {
    const counts: number[] = [];
    for (const stack of [first, second, first, second, second, first]) counts.push(await remaining(stack));
    return counts.map((count) => (counts[0] ?? Number.NaN) - count);
  };
  // A new minute may begin among the six; the next six are within it.
  await expect.poll(countSix, { timeout: 20_000 }).toEqual([0, 1, 2, 3, 4, 5]);
});

test("one Idempotency-Key at both processes at once is one cast, charged once, with one answer", async () => {
  await call(first, "PUT", "/v1/budgets", { hard_limit_cents: 50_000 });
  const before = (await usage())["total_cost_micros"] as number;
  const ask = (stack: Stack) =>
    callApi(stack.base_url, "POST", "/v1/cast", {
      key: first.api_key,
      body: { spell_name: "one-dollar", payload: "once" },
      headers: { "Idempotency-Key": "two-processes" },
    });
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(i % 2 === 0 ? first : second)));
  const late = [await ask(second), await ask(first)];
  const completed = [...answers, ...late].filter(({ status }) => status === 200);
  expect(late.map(({ status }) => status)).toEqual([200, 200]);
  expect(new Set(completed.map(({ text }) => text)).size).toBe(1);
  expect(answers.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
  expect((await usage())["total_cost_micros"]).toBe(before + 1_000_000);
});

test("a cast queued at one process is run by a worker, seen and paid once at the other", async () => {
  const before = (await usage())["total_cost_micros"] as number;
  const queued = await Promise.all(
    [first, second, first, second].map((stack, i) =>
      callApi(stack.base_url, "POST", "/v1/cast", {
        key: first.api_key,
        body: { spell_name: "one-dollar", payload: i },
        headers: { Prefer: "respond-async" },
      }),
    ),
  );
  expect(queued.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
  const states = () =>
    Promise.all(
      queued.map(async ({ body: { id } }, i) => {
        const other = i % 2 === 0 ? second : first;
        return (await call(other, "GET", `/v1/casts/${id}`)).body.status;
      }),
    );
  await expect.poll(states, { timeout: 20_000 }).toEqual(Array(4).fill("COMPLETED"));
  expect((await usage())["total_cost_micros"]).toBe(before + 4_000_000);
});

test("kill -9 in the middle of casts: every hold is swept, nobody pays for what did not finish, the books agree", async () => {
  await call(first, "PUT", "/v1/budgets", { hard_limit_cents: 50_000 });
  const before = (await usage())["total_cost_micros"] as number;
  const casts = Array.from({ length: 8 }, (_, i) =>
    second.cast("slow-dollar", i, first.api_key).catch(() => null),
  );
  await expect.poll(() => sql`select 1 from holds`, { timeout: 10_000, interval: 20 }).toHaveLength(8);
  const web = pidOf(second, "web");
  process.kill(web, "SIGKILL");
  const completed = (await Promise.all(casts)).filter((answer) => answer?.status === 200).length;
  await expect.poll(() => sql`select 1 from holds`, { timeout: 40_000, interval: 200 }).toHaveLength(0);
  const after = await usage();
  expect(after["total_cost_micros"]).toBe(before + completed * 1_000_000);
  expect(after["reserved_cents"]).toBe(0);
  const interrupted = await sql`select 1 from casts where error_code = 'INTERRUPTED' and cost_micros = 0`;
  expect(interrupted).toHaveLength(8 - completed);
  const verified = make(["ledger-verify"], first.devDir);
  expect([await verified.exited, verified.output()]).toEqual([
    0,
    expect.stringContaining("agree to the micro"),
  ]);
  await expect
    .poll(async () => (await second.cast("echo", 1, first.api_key).catch(() => null))?.status)
    .toBe(200);
});
