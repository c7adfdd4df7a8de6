import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pruneAnswers } from "../../server/services/casts/prune-answers.ts";
import { sweepOverdue } from "../../server/services/casts/sweep.ts";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { command, HOSTILE, publishSamples, publishWat, spinning } from "../support/spells.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

let web: TestWeb;
let second: TestWeb;
const clock = { offsetMs: 0 };
beforeAll(async () => {
  web = await startTestWeb({ clock });
  second = await startTestWeb({ database: web.database, clock });
  await publishSamples(web.platform, "echo");
  await publishWat(web.platform, "slow", spinning(300), { cents: 2, wallMs: 10_000 });
  await publishWat(web.platform, "trapping", command("unreachable"), { cents: 2 });
  await publishWat(web.platform, "endless", HOSTILE.endlessLoop, { cents: 2, wallMs: 50 });
});
afterAll(async () => {
  await second.close();
  await web.close();
});

const cast = (on: TestWeb, key: string, idempotencyKey: string, body: object) =>
  on.call("POST", "/v1/cast", { key, body, headers: { "Idempotency-Key": idempotencyKey } });
const echo = (payload: unknown) => ({ spell_name: "echo", payload });
const usageOf = async (key: string) => (await web.call("GET", "/v1/budgets/usage", { key })).body;

test("a repeated request is given the first answer, byte for byte, and charged once, on every process", async () => {
  const { apiKey } = await web.person();
  const first = await cast(web, apiKey, "one", echo({ a: [1, "ü", null] }));
  expect([first.status, first.body.result]).toEqual([200, { a: [1, "ü", null] }]);
  for (const on of [web, second, web]) {
    const again = await cast(on, apiKey, "one", echo({ a: [1, "ü", null] }));
    expect([again.status, again.text]).toEqual([200, first.text]);
  }
  expect(await usageOf(apiKey)).toMatchObject({ total_calls: 1, total_cost_micros: 10_000 });
});

test("fifty at once with one key over two processes: one runs, the others are told to wait or given its answer", async () => {
  const { apiKey } = await web.person();
  const body = { spell_name: "slow", payload: 1 };
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) => cast(i % 2 === 0 ? web : second, apiKey, "at-once", body)),
  );
  const [completed, waiting] = [200, 409].map((status) => answers.filter((a) => a.status === status));
  expect(completed?.length).toBeGreaterThanOrEqual(1);
  expect((completed?.length ?? 0) + (waiting?.length ?? 0)).toBe(50);
  expect(new Set(completed?.map(({ text }) => text)).size).toBe(1);
  expect(new Set(waiting?.map(({ body: { error } }) => error))).toEqual(new Set(["cast_in_progress"]));
  expect(waiting?.[0]?.body.cast_id).toBe(completed?.[0]?.body.id);
  expect(await usageOf(apiKey)).toMatchObject({
    total_calls: 1,
    total_cost_micros: 20_000,
    reserved_cents: 0,
  });
});

test("another body or path with the same key is refused, the same key of another account is not", async () => {
  const [one, other] = [await web.person(), await web.person()];
  expect((await cast(web, one.apiKey, "k", echo(1))).status).toBe(200);
  const changed = await cast(web, one.apiKey, "k", echo(2));
  expect([changed.status, changed.body.error]).toEqual([422, "idempotency_mismatch"]);
  expect((await cast(web, other.apiKey, "k", echo(2))).body.result).toBe(2);
  expect(await usageOf(one.apiKey)).toMatchObject({ total_calls: 1 });
});

test("failures by the spell's doing are remembered, with their words", async () => {
  const { apiKey } = await web.person();
  for (const [spell, status] of [
    ["trapping", 422],
    ["endless", 408],
  ] as const) {
    const first = await cast(web, apiKey, spell, { spell_name: spell, payload: 1 });
    const again = await cast(second, apiKey, spell, { spell_name: spell, payload: 1 });
    expect([first.status, again.status]).toEqual([status, status]);
    expect({ ...again.body, request_id: null }).toEqual({ ...first.body, request_id: null });
  }
  expect(await usageOf(apiKey)).toMatchObject({ total_calls: 2, total_cost_micros: 0 });
});

test("a refusal before running is not remembered", async () => {
  const { apiKey } = await web.person({ hardCents: 1 });
  const body = { spell_name: "slow", payload: 1 };
  expect((await cast(web, apiKey, "later", body)).body.error).toBe("budget_exceeded");
  await web.call("PUT", "/v1/budgets", { key: apiKey, body: { hard_limit_cents: 100 } });
  expect((await cast(web, apiKey, "later", body)).status).toBe(200);
});

test("what the platform gave up is not remembered: the retry is a new cast", async () => {
  const { apiKey, accountId } = await web.person();
  const { sql } = web.platform.db;
  const running = cast(web, apiKey, "swept", { spell_name: "slow", payload: 1 });
  await expect.poll(() => sql`select 1 from holds where account_id = ${accountId}`).toHaveLength(1);
  await sql`update holds set deadline = clock_timestamp() where account_id = ${accountId}`;
  await sweepOverdue(web.platform);
  expect((await running).body.error).toBe("cast_interrupted");
  const retry = await cast(web, apiKey, "swept", { spell_name: "slow", payload: 1 });
  expect(retry.status).toBe(200);
  expect(await usageOf(apiKey)).toMatchObject({ total_cost_micros: 20_000, reserved_cents: 0 });
});

test("after 24 hours the key begins a new cast", async () => {
  const { apiKey } = await web.person();
  const first = await cast(web, apiKey, "old", echo(1));
  clock.offsetMs = 86_400_000 + 1_000;
  try {
    const later = await cast(web, apiKey, "old", echo(1));
    expect(later.status).toBe(200);
    expect(later.body.id).not.toBe(first.body.id);
  } finally {
    clock.offsetMs = 0;
  }
});

test("what has expired is forgotten, and only that", async () => {
  const { apiKey } = await web.person();
  const [old, young] = [await cast(web, apiKey, "1", echo(1)), await cast(web, apiKey, "2", echo(2))];
  const owner = postgres(web.database.ownerUrl, { max: 1 });
  await owner`update cast_answers set expires_at = clock_timestamp() where cast_id = ${old.body.id}`;
  await owner`update idempotency_keys set expires_at = clock_timestamp() where cast_id = ${old.body.id}`;
  await pruneAnswers(web.platform.db);
  const left = await owner`
    select a.cast_id as id from cast_answers a join idempotency_keys i using (cast_id)
     where a.cast_id in (${old.body.id}, ${young.body.id})`;
  expect(left).toEqual([{ id: young.body.id }]);
  await owner.end();
});

test("a repeated request answers although the limit is used up since; one whose key is revoked does not", async () => {
  const { apiKey, sessionToken } = await web.person({ hardCents: 1 });
  expect((await cast(web, apiKey, "last", echo(1))).status).toBe(200);
  expect((await web.cast(apiKey, "echo", 1)).status).toBe(402);
  expect((await cast(web, apiKey, "last", echo(1))).status).toBe(200);
  const [listed] = JSON.parse((await web.call("GET", "/v1/keys", { key: sessionToken })).text) as {
    prefix: string;
  }[];
  await web.call("DELETE", `/v1/keys/${listed?.prefix ?? ""}`, { key: sessionToken });
  expect((await cast(second, apiKey, "last", echo(1))).status).toBe(401);
});

test.each([["ü"], ["x".repeat(256)], ["a b"]])(
  "a key that is no key is refused: %j",
  async (idempotencyKey) => {
    const { apiKey } = await web.person();
    const answer = await web.call("POST", "/v1/cast", {
      key: apiKey,
      body: echo(1),
      headers: { "Idempotency-Key": idempotencyKey },
    });
    expect([answer.status, answer.body.fields[0]?.field]).toEqual([400, "Idempotency-Key"]);
  },
);

test("the books agree after all of this", async () => {
  expect((await verifyLedger(web.platform.db)).disagreements).toEqual([]);
});
