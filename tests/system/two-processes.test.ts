import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { printing, spinning } from "../support/spells.ts";
import { interrupt, make, newDevDir, pidOf, removeDevDir, startStack, type Stack } from "../support/stack.ts";
import { assemble } from "../support/wat.ts";
import { callApi } from "../support/web.ts";

let folders: readonly [string, string];
let first: Stack;
let second: Stack;
let sql: postgres.Sql;

async function publish(name: string, wat: string, cents: number, wallMs: number): Promise<void> {
  const folder = join(folders[0], name);
  mkdirSync(folder);
  writeFileSync(join(folder, "m.wasm"), assemble(wat));
  const manifest = {
    name,
    key: `test.${name}`,
    version: "1.0.0",
    description: "A program of a test.",
    module: "m.wasm",
    price: { model: "flat", flat_micros: cents * 10_000 },
    limits: { fuel: 100_000_000_000, memory_bytes: 65_536, wall_ms: wallMs },
    input: { schema: true },
    output: { content_type: "application/json" },
  };
  writeFileSync(join(folder, "spell.json"), JSON.stringify(manifest));
  const published = make(["publish", `DIR=${folder}`], folders[0]);
  expect([await published.exited, published.output()]).toEqual([0, expect.stringContaining("Published")]);
}

beforeAll(async () => {
  folders = [newDevDir(), newDevDir()];
  const env = { CAST_QUEUE_MS: "1" };
  first = await startStack(folders[0], env);
  second = await startStack(folders[1], {
    ...env,
    PORT: String(Number(new URL(first.base_url).port) + 1),
    DATABASE_URL: first.database_url,
    DATABASE_OWNER_URL: first.database_owner_url,
    DATABASE_WORKER_URL: first.database_worker_url,
    KEY_PEPPER: first.key_pepper,
    RECEIPT_KEY: first.receipt_key,
  });
  sql = postgres(first.database_url, { max: 2, onnotice: () => undefined });
  await publish("one-dollar", printing("1"), 100, 1_000);
  await publish("slow-dollar", spinning(2_000), 100, 1_500);
});
afterAll(async () => {
  await sql.end();
  await interrupt(second);
  await interrupt(first);
  folders.forEach(removeDevDir);
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
  const verified = make(["ledger-verify"], folders[0]);
  expect([await verified.exited, verified.output()]).toEqual([
    0,
    expect.stringContaining("agree to the micro"),
  ]);
  await expect
    .poll(async () => (await second.cast("echo", 1, first.api_key).catch(() => null))?.status)
    .toBe(200);
});
