import { randomUUID } from "node:crypto";
import { createTRPCClient, httpLink } from "@trpc/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AppRouter } from "../../server/trpc/router.ts";
import { publishSamples, publishWat, HOSTILE } from "../support/spells.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
  await publishSamples(web.platform, "echo");
  await publishWat(web.platform, "endless", HOSTILE.endlessLoop, { fuel: 1_000_000 });
});
afterAll(() => web.close());

const castsOf = (key: string) => {
  const headers = { Authorization: `Bearer ${key}` };
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${web.baseUrl}/trpc`, headers })] }).casts;
};
const echo = (payload: unknown, form_id: string, more = {}) => ({
  spell_name: "echo",
  payload,
  form_id,
  ...more,
});
const problem = (error: string) => ({ data: { problem: { error } } });

test("a form that is sent many times at once and again later is one cast, charged once", async () => {
  const { apiKey } = await web.person();
  const casts = castsOf(apiKey);
  const form = randomUUID();
  const sent = await Promise.allSettled(
    Array.from({ length: 8 }, () => casts.castOnce.mutate(echo([1], form))),
  );
  const ids = sent.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value.id] : []));
  expect(new Set(ids).size).toBe(1);
  for (const answer of sent)
    if (answer.status === "rejected") expect(answer.reason).toMatchObject(problem("cast_in_progress"));
  expect(await casts.castOnce.mutate(echo([1], form.toUpperCase()))).toMatchObject({
    id: ids[0],
    result: [1],
  });
  const usage = await web.call("GET", "/v1/budgets/usage", { key: apiKey });
  expect(usage.body).toMatchObject({ total_calls: 1, total_cost_micros: 10_000 });
});

test("a form stands for all that it asked for: with another wish it is refused, and costs nothing", async () => {
  const { apiKey } = await web.person();
  const casts = castsOf(apiKey);
  const form = randomUUID();
  const first = await casts.castOnce.mutate(echo({ a: 1 }, form));
  for (const other of [
    echo({ a: 2 }, form),
    echo({ a: 1 }, form, { max_cost_cents: 1 }),
    echo({ a: 1 }, form, { version: "1.0.0" }),
    echo({ a: 1 }, form, { spell_name: "dev.spell.echo" }),
  ])
    await expect(casts.castOnce.mutate(other)).rejects.toMatchObject(problem("idempotency_mismatch"));
  expect((await casts.list.query({})).data).toMatchObject([{ id: first.id, cost_micros: 10_000 }]);
});

test("a form meets neither another account's form of the same id nor an Idempotency-Key", async () => {
  const [mine, theirs] = [await web.person(), await web.person()];
  const form = randomUUID();
  const first = await castsOf(mine.apiKey).castOnce.mutate(echo(1, form));
  expect((await castsOf(theirs.apiKey).castOnce.mutate(echo(1, form))).id).not.toBe(first.id);
  const byApi = await web.call("POST", "/v1/cast", {
    key: mine.apiKey,
    body: { spell_name: "echo", payload: 1 },
    headers: { "Idempotency-Key": form },
  });
  expect(byApi.body).toMatchObject({ status: "COMPLETED" });
  expect(byApi.body.id).not.toBe(first.id);
});

test("a failure is given again as it was, and a refusal before running is not remembered", async () => {
  const { apiKey } = await web.person();
  const casts = castsOf(apiKey);
  const failing = { spell_name: "endless", payload: null, form_id: randomUUID() };
  await expect(casts.castOnce.mutate(failing)).rejects.toMatchObject(problem("spell_failed"));
  await expect(casts.castOnce.mutate(failing)).rejects.toMatchObject(problem("spell_failed"));
  expect((await casts.list.query({})).data).toHaveLength(1);
  const form = randomUUID();
  const unknown = echo(1, form, { spell_name: "not-yet" });
  await expect(casts.castOnce.mutate(unknown)).rejects.toMatchObject(problem("spell_not_found"));
  expect(await casts.castOnce.mutate(echo(1, form))).toMatchObject({ status: "COMPLETED" });
});

test("a cast says what its version's output is, for whoever shows it", async () => {
  const { apiKey } = await web.person();
  const casts = castsOf(apiKey);
  const { id } = await casts.castOnce.mutate(echo("text", randomUUID()));
  expect(await casts.get.query({ id })).toMatchObject({ content_type: "application/json", result: "text" });
});
