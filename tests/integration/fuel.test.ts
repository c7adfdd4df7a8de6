import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { command, HOSTILE, printing, publishWat, spinning } from "../support/spells.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

const clock = { offsetMs: 0 };
let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb({ env: { FREE_FUEL_DAILY: "5000000" }, clock });
  const metered = { cents: 1, rateMicros: 1_000, fuel: 50_000_000 };
  await publishWat(web.platform, "metered", spinning(1), metered);
  await publishWat(web.platform, "endless", HOSTILE.endlessLoop, metered);
  await publishWat(web.platform, "endless-flat", HOSTILE.endlessLoop, { cents: 1, fuel: 2_000_000 });
  await publishWat(web.platform, "free", printing("1"), { fuel: 1_000_000 });
  await publishWat(web.platform, "failing", command("unreachable"), { cents: 1, fuel: 1_000_000 });
});
afterAll(() => web.close());

const usageOf = async (key: string) => (await web.call("GET", "/v1/budgets/usage", { key })).body;
const freeFuelOf = async (accountId: string) => {
  const [row] = await web.platform.db.sql<{ used: number; held: number }[]>`
    select free_fuel_used as used, free_fuel_held as held from usage_days where account_id = ${accountId}`;
  return row ?? { used: 0, held: 0 };
};

/** price(fuel) = flat + ceil(fuel x rate / 1,000,000). */
const price = (fuel: number) => 10_000 + Math.ceil((fuel * 1_000) / 1_000_000);

test("a metered cast pays for the fuel it used, the same each time, and no more than was held", async () => {
  const { apiKey } = await web.person();
  const answers = [await web.cast(apiKey, "metered", null), await web.cast(apiKey, "metered", null)];
  const [first, second] = answers.map(({ body }) => ({
    cost: body["cost_micros"],
    fuel: body["fuel_used"] as number,
  }));
  expect(second).toEqual(first);
  expect(first?.fuel).toBeGreaterThan(1_000_000);
  expect(first?.cost).toBe(price(first?.fuel ?? 0));
  expect(await usageOf(apiKey)).toMatchObject({
    total_cost_micros: 2 * price(first?.fuel ?? 0),
    reserved_cents: 0,
  });
});

test("a spell that never ends is stopped when its fuel is gone, exactly, and costs nothing", async () => {
  const { apiKey, accountId } = await web.person();
  const answer = await web.cast(apiKey, "endless-flat", null);
  expect(answer.status).toBe(422);
  expect(answer.body).toMatchObject({ error_code: "FUEL_EXHAUSTED", cost_micros: 0, fuel_used: 2_000_000 });
  const record = await web.call("GET", `/v1/casts/${answer.body.cast_id}`, { key: apiKey });
  expect(record.body).toMatchObject({ status: "FAILED", error_code: "FUEL_EXHAUSTED", fuel_used: 2_000_000 });
  expect(await freeFuelOf(accountId)).toEqual({ used: 2_000_000, held: 0 });
});

test("the caller's own cap buys less fuel; used up, that is what is charged, and never more than the cap", async () => {
  const { apiKey, accountId } = await web.person();
  const answer = await web.cast(apiKey, "endless", null, { max_cost_cents: 3 });
  expect(answer.body).toMatchObject({
    error_code: "FUEL_EXHAUSTED",
    fuel_used: 20_000_000,
    cost_micros: 30_000,
    cost_cents: 3,
  });
  expect(await usageOf(apiKey)).toMatchObject({ total_cost_micros: 30_000 });
  expect(await freeFuelOf(accountId)).toEqual({ used: 0, held: 0 });
  const whole = await web.cast(apiKey, "endless", null, { max_cost_cents: 1_000 });
  expect(whole.body, "a cap that does not bind leaves it free").toMatchObject({
    fuel_used: 50_000_000,
    cost_micros: 0,
  });
  const tooLittle = await web.cast(apiKey, "endless", null, { max_cost_cents: 1 });
  expect([tooLittle.status, tooLittle.body.error]).toEqual([402, "max_cost_exceeded"]);
});

test("the hold of a metered cast is the price of its whole fuel", async () => {
  const { apiKey } = await web.person({ hardCents: 5 });
  const answer = await web.cast(apiKey, "metered", null);
  expect(answer.body).toMatchObject({ error: "budget_exceeded", required_cents: 6, hard_limit_cents: 5 });
  expect((await web.cast(apiKey, "metered", null, { max_cost_cents: 5 })).status).toBe(200);
});

test("free casts hold their fuel and give back what they did not use; the day's end is the bound", async () => {
  const { apiKey, accountId } = await web.person();
  const answers = await Promise.all(Array.from({ length: 12 }, () => web.cast(apiKey, "free", null)));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.every((status) => status === 200 || status === 429)).toBe(true);
  const done = statuses.filter((status) => status === 200).length;
  const { used, held } = await freeFuelOf(accountId);
  expect(held).toBe(0);
  expect(used).toBe(done * (answers.find(({ status }) => status === 200)?.body["fuel_used"] as number));
});

test("once the day's free fuel is used up every cast is refused until midnight UTC, and then served again", async () => {
  const { apiKey } = await web.person();
  for (let i = 0; i < 3; i += 1) await web.cast(apiKey, "endless-flat", null);
  for (const spell of ["free", "metered", "failing"]) {
    const refused = await web.cast(apiKey, spell, null);
    expect([refused.status, refused.body.error]).toEqual([429, "free_fuel_exhausted"]);
    const seconds = Number(refused.headers.get("Retry-After"));
    const now = new Date(Date.now() + clock.offsetMs);
    const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1);
    expect(Math.abs(seconds * 1_000 - (midnight - now.getTime()))).toBeLessThan(5_000);
  }
  clock.offsetMs += 86_400_000;
  expect((await web.cast(apiKey, "metered", null)).status).toBe(200);
});

test("a cast that fails adds its fuel to the day's, and a killed one its whole limit", async () => {
  await publishWat(web.platform, "killed", HOSTILE.endlessLoop, {
    cents: 1,
    wallMs: 20,
    fuel: 100_000_000_000,
  });
  const { apiKey, accountId } = await web.person();
  const failed = await web.cast(apiKey, "failing", null);
  expect(failed.body.error_code).toBe("WASM_TRAP");
  expect((await freeFuelOf(accountId)).used).toBe(failed.body["fuel_used"]);
  expect((await web.cast(apiKey, "killed", null)).body.error_code).toBe("WALL_TIME");
  expect((await freeFuelOf(accountId)).used).toBe((failed.body["fuel_used"] as number) + 100_000_000_000);
});

test("the books agree about all of it, and the metric counts the fuel", async () => {
  expect((await verifyLedger(web.platform.db)).disagreements).toEqual([]);
  expect((await web.call("GET", "/metrics")).text).toMatch(/^spell_fuel_total [1-9]\d*$/m);
});

test("a packaged file is read by the program, and another version sees its own", async () => {
  const reader = `(module
    (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 64) "greeting.txt")
    (func (export "_start")
      (if (call $open (i32.const 3) (i32.const 0) (i32.const 64) (i32.const 12) (i32.const 0) (i64.const 2) (i64.const 0)
                      (i32.const 0) (i32.const 16)) (then unreachable))
      (i32.store (i32.const 0) (i32.const 128)) (i32.store (i32.const 4) (i32.const 1024))
      (if (call $read (i32.load (i32.const 16)) (i32.const 0) (i32.const 1) (i32.const 4)) (then unreachable))
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`;
  const options = { cents: 1, contentType: "text/plain" };
  const file = (text: string) => [{ path: "resources/greeting.txt", bytes: Buffer.from(text) }];
  await publishWat(web.platform, "greets", reader, { ...options, resources: file("hello") });
  await publishWat(web.platform, "greets", reader, {
    ...options,
    version: "1.1.0",
    resources: file("konnichiwa"),
  });
  const { apiKey } = await web.person();
  expect((await web.cast(apiKey, "greets", null, { version: "1.0.0" })).body.result).toBe("hello");
  expect((await web.cast(apiKey, "greets", null)).body.result).toBe("konnichiwa");
  const changed = publishWat(web.platform, "greets", reader, {
    ...options,
    version: "1.1.0",
    resources: file("other"),
  });
  await expect(changed).rejects.toThrow("versions never change");
});
