import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { command, HOSTILE, printing, publishSamples, publishWat, spinning } from "../support/spells.ts";
import { startTestWeb, type Answer, type Body, type TestWeb } from "../support/web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
  await publishSamples(web.platform, "echo", "text-stats", "qr-code");
});
afterAll(() => web.close());

const statusesOf = (answers: readonly Answer[]) => Map.groupBy(answers, (answer) => answer.status);

test("a cast answers with the result, its cost and where it can be found again", async () => {
  const person = await web.person();
  const payload = { hello: "wörld", n: [1, 2.5, null] };
  const answer = await web.cast(person.apiKey, "echo", payload);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    status: "COMPLETED",
    spell_name: "echo",
    version: "1.0.0",
    result: payload,
    error_code: null,
    cost_cents: 1,
    cost_micros: 10_000,
  });
  expect(answer.headers.get("RateLimit-Limit")).toBe("1000000");
  expect(answer.headers.get("X-Request-Id")).not.toBeNull();
  const found = await web.call("GET", `/v1/casts/${answer.body.id}`, { key: person.apiKey });
  expect(found.body).toMatchObject({ id: answer.body.id, status: "COMPLETED", cost_micros: 10_000, log: "" });
  const usage = await web.call("GET", "/v1/budgets/usage", { key: person.apiKey });
  expect(usage.body).toMatchObject({ total_calls: 1, total_cost_micros: 10_000, remaining_cents: 4_999 });
});

test("a spell is named by its key as well, a version can be pinned, and one that is not there is 404", async () => {
  const { apiKey } = await web.person();
  expect((await web.cast(apiKey, "dev.spell.echo", 1, { version: "1.0.0" })).status).toBe(200);
  for (const [name, more] of [
    ["echo", { version: "9.9.9" }],
    ["no-such-spell", {}],
  ] as const) {
    const answer = await web.cast(apiKey, name, 1, more);
    expect([answer.status, answer.body.error]).toEqual([404, "spell_not_found"]);
  }
});

test("SVG arrives as a string", async () => {
  const { apiKey } = await web.person();
  const answer = await web.cast(apiKey, "qr-code", { text: "hello" });
  expect(answer.body.result).toMatch(/^<svg /);
});

test("100 concurrent casts against a budget for exactly 10: 10 succeed, 90 are 402, and the books say 10", async () => {
  const person = await web.person({ hardCents: 10 });
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) => web.cast(person.apiKey, "echo", i)),
  );
  const byStatus = statusesOf(answers);
  expect(byStatus.get(200)).toHaveLength(10);
  expect(byStatus.get(402)).toHaveLength(90);
  expect(byStatus.get(402)?.[0]?.body).toMatchObject({
    error: "budget_exceeded",
    error_code: "BUDGET_EXCEEDED",
    limit_source: "budget",
    period: "monthly",
    hard_limit_cents: 10,
    required_cents: 1,
  });
  const usage = await web.call("GET", "/v1/budgets/usage", { key: person.apiKey });
  expect(usage.body).toMatchObject({
    total_calls: 10,
    total_cost_cents: 10,
    reserved_cents: 0,
    remaining_cents: 0,
  });
  expect((await verifyLedger(web.platform.db)).disagreements).toEqual([]);
});

test("a limit lowered below what is spent refuses the next paid cast and lets free ones through", async () => {
  const { apiKey } = await web.person({ hardCents: 100 });
  for (let i = 0; i < 3; i += 1) await web.cast(apiKey, "echo", i);
  const lowered = await web.call("PUT", "/v1/budgets", { key: apiKey, body: { hard_limit_cents: 2 } });
  expect(lowered.status).toBe(200);
  const refused = await web.cast(apiKey, "echo", 1);
  expect(refused.body).toMatchObject({ error: "budget_exceeded", hard_limit_cents: 2, spent_cents: 3 });
  expect((await web.cast(apiKey, "text-stats", { text: "still here" })).status).toBe(200);
});

test("the caller's own cap refuses what costs more, and a key's own limit names itself", async () => {
  const { apiKey } = await web.person();
  const capped = await web.cast(apiKey, "echo", 1, { max_cost_cents: 0 });
  expect(capped.body).toMatchObject({
    error: "max_cost_exceeded",
    required_cents: 1,
    limit_source: "max_cost",
  });
  const limited = await web.person({ monthlyLimitCents: 1 });
  expect((await web.cast(limited.apiKey, "echo", 1)).status).toBe(200);
  expect((await web.cast(limited.apiKey, "echo", 1)).body).toMatchObject({ error: "key_limit_exceeded" });
});

test("an account without a card casts within its allowance and is then asked for one", async () => {
  await publishWat(web.platform, "sixty-cents", printing("1"), { cents: 60 });
  const { apiKey } = await web.person({ hasCard: false });
  expect((await web.cast(apiKey, "sixty-cents", 1)).status).toBe(200);
  const refused = await web.cast(apiKey, "sixty-cents", 1);
  expect(refused.status).toBe(402);
  expect(refused.body).toMatchObject({
    error: "payment_method_required",
    hard_limit_cents: 100,
    spent_cents: 60,
  });
});

test.each([
  ["endlessLoop", 408, "WALL_TIME", "wall_time_exceeded"],
  ["memoryBomb", 422, "MEMORY_LIMIT", "spell_failed"],
  ["outputFlood", 422, "OUTPUT_LIMIT", "spell_failed"],
  ["logFlood", 408, "WALL_TIME", "wall_time_exceeded"],
] as const)(
  "a hostile spell (%s) ends in a clear error, costs nothing, and the next cast works",
  async (kind, status, code, error) => {
    const name = `hostile-${kind.toLowerCase()}`;
    await publishWat(web.platform, name, HOSTILE[kind], { cents: 5 });
    const { apiKey } = await web.person();
    const answer = await web.cast(apiKey, name, null);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ error, error_code: code });
    expect(answer.text.length).toBeLessThan(6_000);
    const record = await web.call("GET", `/v1/casts/${answer.body.cast_id}`, { key: apiKey });
    expect(record.body).toMatchObject({ status: "FAILED", error_code: code, cost_micros: 0 });
    expect((await web.cast(apiKey, "echo", "fine")).body.result).toBe("fine");
    const usage = await web.call("GET", "/v1/budgets/usage", { key: apiKey });
    expect(usage.body).toMatchObject({ total_cost_micros: 10_000, reserved_cents: 0 });
  },
);

test("while another account's hostile casts fill the queue, good casts do not wait for them", async () => {
  const crowded = await startTestWeb({ database: web.database, env: { CAST_THREADS: "4" } });
  await publishWat(web.platform, "hog", HOSTILE.endlessLoop, { cents: 1, wallMs: 3_000 });
  const [hostile, good] = [await crowded.person(), await crowded.person()];
  await crowded.cast(good.apiKey, "echo", "warm");
  const hogs = Array.from({ length: 20 }, () => crowded.cast(hostile.apiKey, "hog", null));
  await expect
    .poll(() => crowded.platform.runtime.queueDepth, { timeout: 3_000, interval: 10 })
    .toBeGreaterThan(10);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) => crowded.cast(good.apiKey, "echo", i)),
  );
  expect(answers.map((answer) => answer.status)).toEqual(new Array(10).fill(200));
  expect(
    crowded.platform.runtime.queueDepth,
    "most of the hostile ones have not even started",
  ).toBeGreaterThan(5);
  expect(new Set((await Promise.all(hogs)).map((answer) => answer.status))).toEqual(new Set([408]));
  await crowded.close();
});

test.each([
  ['{"a":"\\u0000"}', { a: "\u0000" }],
  ['"\\ud800"', "\ud800"],
  ["[1e999]", [null]],
])("a spell that prints %s settles and gives it back", async (output, result) => {
  const name = `prints-${Buffer.from(output).toString("hex").slice(0, 16)}`;
  await publishWat(web.platform, name, printing(output), { cents: 1 });
  const { apiKey } = await web.person();
  const answer = await web.cast(apiKey, name, null);
  expect(answer.status).toBe(200);
  expect(answer.body.result).toEqual(JSON.parse(JSON.stringify(result)));
});

test("output that is no JSON, an exit code, a trap and a wrong payload each have their own error", async () => {
  const { apiKey } = await web.person();
  await publishWat(web.platform, "not-json", printing("{"));
  await publishWat(web.platform, "exits", command("(call $proc_exit (i32.const 3))"));
  await publishWat(web.platform, "traps", command("unreachable"));
  const codeOf = async (name: string, payload: unknown) => {
    const { status, body } = await web.cast(apiKey, name, payload);
    return [status, body.error_code];
  };
  expect(await codeOf("not-json", null)).toEqual([422, "INVALID_OUTPUT"]);
  expect(await codeOf("exits", null)).toEqual([422, "WASM_EXIT_NONZERO"]);
  expect(await codeOf("traps", null)).toEqual([422, "WASM_TRAP"]);
  expect(await codeOf("text-stats", { txt: "typo" })).toEqual([422, "INVALID_INPUT"]);
});

test("output nested beyond any use is refused before it is charged", async () => {
  const { apiKey } = await web.person();
  await publishWat(web.platform, "deep", printing("[".repeat(20_000) + "]".repeat(20_000)), { cents: 5 });
  const answer = await web.cast(apiKey, "deep", null);
  expect([answer.status, answer.body.error_code]).toEqual([422, "INVALID_OUTPUT"]);
  await publishWat(web.platform, "nested", printing("[".repeat(1_000) + "]".repeat(1_000)), { cents: 5 });
  expect((await web.cast(apiKey, "nested", null)).status).toBe(200);
  const usage = await web.call("GET", "/v1/budgets/usage", { key: apiKey });
  expect(usage.body).toMatchObject({ total_calls: 2, total_cost_cents: 5 });
});

test("text and bytes that are neither JSON nor text arrive in the form their content type says", async () => {
  const { apiKey } = await web.person();
  await publishWat(web.platform, "plain", printing("héllo"), { contentType: "text/plain" });
  await publishWat(web.platform, "bytes", printing("abc"), { contentType: "application/octet-stream" });
  expect((await web.cast(apiKey, "plain", null)).body.result).toBe("héllo");
  expect((await web.cast(apiKey, "bytes", null)).body.result).toEqual({ base64: "YWJj" });
});

test("a running cast is seen as running by its owner and not at all by others", async () => {
  await publishWat(web.platform, "slow", spinning(600), { wallMs: 20_000 });
  const [owner, other] = [await web.person(), await web.person()];
  const cast = web.cast(owner.apiKey, "slow", null);
  const { sql } = web.platform.db;
  const findHold = () => sql<{ id: string }[]>`
    select cast_id as id from holds where account_id = ${owner.accountId}`;
  await expect.poll(findHold).toHaveLength(1);
  const id = (await findHold())[0]?.id ?? "";
  expect((await web.call("GET", `/v1/casts/${id}`, { key: owner.apiKey })).body.status).toBe("RUNNING");
  expect((await web.call("GET", `/v1/casts/${id}`, { key: other.apiKey })).status).toBe(404);
  expect((await cast).body.id).toBe(id);
  expect((await web.call("GET", `/v1/casts/${id}`, { key: other.apiKey })).status).toBe(404);
});

test("the history goes newest first, by pages, by spell and by status", async () => {
  const { apiKey } = await web.person();
  await publishWat(web.platform, "fails", command("unreachable"));
  const ids: string[] = [];
  for (const spell of ["echo", "fails", "echo", "fails", "echo"]) {
    const { body } = await web.cast(apiKey, spell, null);
    ids.unshift(spell === "echo" ? body.id : body.cast_id);
  }
  const read = async (query: string) => (await web.call("GET", `/v1/casts?${query}`, { key: apiKey })).body;
  const first = await read("limit=2");
  const second = await read(`limit=3&cursor=${first.next_cursor}`);
  const idsOf = (page: Body) => page.data.map(({ id }) => id);
  expect([...idsOf(first), ...idsOf(second)]).toEqual(ids);
  expect(second.next_cursor).toBeNull();
  expect(idsOf(await read("status=FAILED"))).toEqual([ids[1], ids[3]]);
  expect(idsOf(await read("spell=echo"))).toEqual([ids[0], ids[2], ids[4]]);
  const broken = await web.call("GET", "/v1/casts?cursor=nonsense", { key: apiKey });
  expect([broken.status, broken.body.fields[0]?.field]).toEqual([400, "cursor"]);
});
