import { createTRPCClient, httpLink, TRPCClientError } from "@trpc/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AppRouter } from "../../server/trpc/router.ts";
import { publishSamples } from "../support/spells.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb({ env: { RATE_LIMIT_ADDRESS_RPM: "5" } });
  await publishSamples(web.platform, "echo", "text-stats");
});
afterAll(() => web.close());

const clientOf = (key?: string) =>
  createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${web.baseUrl}/trpc`,
        headers: key === undefined ? {} : { Authorization: `Bearer ${key}` },
      }),
    ],
  });

/** What a failed call says: tRPC's own code and our problem. */
async function failureOf(
  call: Promise<unknown>,
): Promise<{ code: string; httpStatus: number; problem: object }> {
  const error = await call.then(
    () => {
      throw new Error("the call succeeded");
    },
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TRPCClientError)) throw error;
  return error.data as { code: string; httpStatus: number; problem: object };
}

test("a typed client casts, reads its budget and history, and manages keys", async () => {
  const { apiKey, accountId } = await web.person();
  const client = clientOf(apiKey);
  const cast = await client.casts.cast.mutate({ spell_name: "echo", payload: [1, "two"] });
  expect(cast).toMatchObject({ status: "COMPLETED", result: [1, "two"], cost_cents: 1 });
  expect(await client.casts.get.query({ id: cast.id })).toMatchObject({ id: cast.id, cost_micros: 10_000 });
  expect((await client.casts.list.query({})).data.map(({ id }) => id)).toEqual([cast.id]);
  expect(await client.budgets.change.mutate({ hard_limit_cents: 9_000 })).toMatchObject({
    user_id: accountId,
  });
  expect(await client.budgets.usage.query()).toMatchObject({ total_calls: 1, hard_limit_cents: 9_000 });
  const report = await client.usage.report.query({ by: "spell" });
  expect(report.data).toEqual([
    expect.objectContaining({ spell_name: "echo", calls: 1, cost_micros: 10_000 }),
  ]);
  expect(await failureOf(client.usage.report.query({ by: "day", from: "now" }))).toMatchObject({
    httpStatus: 400,
    problem: { error: "invalid_request" },
  });
  const entries = await client.ledger.entries.query({ limit: 100 });
  expect(entries.data.filter(({ subject }) => subject === cast.id)).toMatchObject([
    { kind: "cast.settled", amount_micros: 10_000 },
  ]);
  const made = await client.keys.create.mutate({ name: "second" });
  expect(await client.keys.list.query()).toHaveLength(2);
  const changed = await client.keys.change.mutate({ prefix: made.prefix, change: { name: "renamed" } });
  expect(changed).toMatchObject({ id: made.id, name: "renamed" });
  const rotated = await client.keys.rotate.mutate({ prefix: made.prefix, grace_seconds: 0 });
  expect(rotated).toMatchObject({ id: made.id, previous_prefix: made.prefix });
  expect(await clientOf(rotated.api_key).keys.list.query()).toHaveLength(2);
  expect(
    await failureOf(clientOf(rotated.api_key).keys.rotate.mutate({ prefix: rotated.prefix })),
  ).toMatchObject({ httpStatus: 403, problem: { error: "insufficient_scope", scope: "keys" } });
  await client.keys.revoke.mutate({ prefix: rotated.prefix });
  expect(await client.keys.list.query()).toHaveLength(1);
});

test("an error carries the same problem as over REST", async () => {
  const { apiKey } = await web.person({ hardCents: 1 });
  const client = clientOf(apiKey);
  await client.casts.cast.mutate({ spell_name: "echo", payload: 1 });
  const refused = await failureOf(client.casts.cast.mutate({ spell_name: "echo", payload: 1 }));
  expect(refused).toMatchObject({
    httpStatus: 402,
    problem: { error: "budget_exceeded", limit_source: "budget", hard_limit_cents: 1, spent_cents: 1 },
  });
  const invalid = await failureOf(client.casts.cast.mutate({ spell_name: "NO", payload: 1 }));
  expect(invalid).toMatchObject({ httpStatus: 400, problem: { error: "invalid_request" } });
  const missing = await failureOf(client.casts.get.query({ id: "01a20fd8-2207-7389-a47e-817cbf31a8a3" }));
  expect(missing).toMatchObject({ httpStatus: 404, problem: { error: "cast_not_found" } });
  expect(JSON.stringify([refused, invalid, missing])).not.toMatch(/stack|\.ts:/);
});

test("without a key the grimoire is open, the rest is 401, and the address is counted", async () => {
  const client = clientOf();
  expect((await client.spells.list.query({})).data).toHaveLength(2);
  expect(await failureOf(client.keys.list.query())).toMatchObject({ httpStatus: 401 });
  expect(await failureOf(client.casts.cast.mutate({ spell_name: "echo", payload: 1 }))).toMatchObject({
    problem: { error: "unauthenticated" },
  });
  await client.spells.get.query({ key: "echo" });
  await client.spells.get.query({ key: "echo" });
  const response = await fetch(`${web.baseUrl}/trpc/spells.list?input=%7B%7D`);
  expect([response.status, response.headers.get("Retry-After")]).toEqual([429, "60"]);
});
