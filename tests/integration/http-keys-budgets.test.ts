import { afterAll, beforeAll, expect, test } from "vitest";
import { publishSamples } from "../support/spells.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb({ env: { BUDGET_MIN_CENTS: "1000" } });
  await publishSamples(web.platform, "echo");
});
afterAll(() => web.close());

test("a new key is shown once, works, is listed without its secret, and is dead once revoked", async () => {
  const { apiKey } = await web.person();
  const made = await web.call("POST", "/v1/keys", { key: apiKey, body: { name: "ci" } });
  expect(made.status).toBe(201);
  expect(made.headers.get("Cache-Control")).toBe("no-store");
  expect(made.body.api_key).toMatch(/^sk_test_[0-9A-Za-z]{10}_[0-9A-Za-z]{49}$/);
  expect(made.body).toMatchObject({ name: "ci", scopes: ["cast", "read"], monthly_limit_cents: null });
  expect((await web.cast(made.body.api_key, "echo", 1)).status).toBe(200);

  const listed = await web.call("GET", "/v1/keys", { key: apiKey });
  const keys = Object.values(listed.body) as Record<string, unknown>[];
  expect(keys.map((key) => key["name"])).toEqual(["ci", "test"]);
  expect(listed.text).not.toContain(made.body.api_key);
  expect(keys[0]?.["last_used_at"]).not.toBeNull();

  const revoked = await web.call("DELETE", `/v1/keys/${made.body.prefix}`, { key: apiKey });
  expect([revoked.status, revoked.text]).toEqual([204, ""]);
  expect((await web.cast(made.body.api_key, "echo", 1)).status).toBe(401);
  expect((await web.call("GET", "/v1/keys", { key: made.body.api_key })).status).toBe(401);
  expect((await web.call("DELETE", `/v1/keys/${made.body.prefix}`, { key: apiKey })).status).toBe(404);
});

test("a key may revoke itself, and concurrent revocations succeed once", async () => {
  const { apiKey } = await web.person();
  const made = await web.call("POST", "/v1/keys", { key: apiKey, body: { name: "x", scopes: ["keys"] } });
  const path = `/v1/keys/${made.body.prefix}`;
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => web.call("DELETE", path, { key: made.body.api_key })),
  );
  expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
});

test("no key grants more than the one that makes it", async () => {
  const { apiKey } = await web.person({ scopes: ["keys", "read"] });
  const beyond = await web.call("POST", "/v1/keys", {
    key: apiKey,
    body: { name: "x", scopes: ["read", "cast"] },
  });
  expect([beyond.status, beyond.body["scope"]]).toEqual([403, "cast"]);
});

test("another account's key is not there", async () => {
  const [mine, theirs] = [await web.person(), await web.person()];
  const prefix = theirs.apiKey.split("_")[2] ?? "";
  expect((await web.call("DELETE", `/v1/keys/${prefix}`, { key: mine.apiKey })).status).toBe(404);
  expect((await web.cast(theirs.apiKey, "echo", 1)).status).toBe(200);
});

test.each([
  [{ name: "" }, "name"],
  [{ name: "  " }, "name"],
  [{ name: "x".repeat(101) }, "name"],
  [{ name: "a\u0000b" }, "name"],
  [{ name: "x", scopes: [] }, "scopes"],
  [{ name: "x", scopes: ["admin"] }, "scopes.0"],
  [{ name: "x", expires_at: "tomorrow" }, "expires_at"],
  [{ name: "x", expires_at: "2020-01-01T00:00:00Z" }, "expires_at"],
  [{ name: "x", monthly_limit_cents: 1.5 }, "monthly_limit_cents"],
  [{ name: "x", monthly_limit_cents: -1 }, "monthly_limit_cents"],
])("the key %j is refused, naming the field", async (body, field) => {
  const { apiKey } = await web.person();
  const answer = await web.call("POST", "/v1/keys", { key: apiKey, body });
  expect(answer.status).toBe(400);
  expect(answer.body.fields.map((problem) => problem.field)).toContain(field);
});

test("a card brings the default budget; it is replaced, changed, and put back by deleting it", async () => {
  const { apiKey, accountId } = await web.person();
  const read = () => web.call("GET", "/v1/budgets", { key: apiKey });
  const standard = {
    period: "monthly",
    soft_limit_cents: null,
    hard_limit_cents: 5_000,
    notify_thresholds: [70, 90],
  };
  expect((await read()).body).toMatchObject({ ...standard, user_id: accountId });
  const replaced = await web.call("POST", "/v1/budgets", {
    key: apiKey,
    body: {
      period: "daily",
      soft_limit_cents: 8_000,
      hard_limit_cents: 10_000,
      notify_thresholds: [90, 50, 50],
    },
  });
  expect(replaced.status).toBe(201);
  expect(replaced.body).toMatchObject({
    period: "daily",
    hard_limit_cents: 10_000,
    notify_thresholds: [50, 90],
  });
  const changed = await web.call("PUT", "/v1/budgets", { key: apiKey, body: { hard_limit_cents: 2_000 } });
  expect(changed.body).toMatchObject({ period: "daily", hard_limit_cents: 2_000, soft_limit_cents: 2_000 });
  expect((await web.call("DELETE", "/v1/budgets", { key: apiKey })).status).toBe(204);
  expect((await read()).body).toMatchObject(standard);
});

test("an account with neither card nor budget has none, and deleting one without a card leaves the allowance", async () => {
  const { apiKey } = await web.person({ hasCard: false });
  const read = () => web.call("GET", "/v1/budgets", { key: apiKey });
  expect([(await read()).status, (await read()).body.error]).toEqual([404, "budget_not_found"]);
  const usage = await web.call("GET", "/v1/budgets/usage", { key: apiKey });
  expect(usage.body).toMatchObject({
    period: "monthly",
    hard_limit_cents: 100,
    remaining_cents: 100,
    total_calls: 0,
  });
  await web.call("POST", "/v1/budgets", { key: apiKey, body: { hard_limit_cents: 1_000 } });
  expect((await read()).status).toBe(200);
  expect((await web.call("DELETE", "/v1/budgets", { key: apiKey })).status).toBe(204);
  expect((await read()).status).toBe(404);
  expect(
    (await web.call("PUT", "/v1/budgets", { key: apiKey, body: { hard_limit_cents: 1_000 } })).status,
  ).toBe(404);
});

test.each([
  [{ hard_limit_cents: 999 }, "hard_limit_cents"],
  [{ hard_limit_cents: 50_001 }, "hard_limit_cents"],
  [{ hard_limit_cents: 2_000, soft_limit_cents: 2_001 }, "soft_limit_cents"],
  [{ hard_limit_cents: "2000" }, "hard_limit_cents"],
  [{ hard_limit_cents: 2_000, period: "weekly" }, "period"],
  [{ hard_limit_cents: 2_000, notify_thresholds: [0] }, "notify_thresholds.0"],
  [{ hard_limit_cents: 2_000, notify_thresholds: [101] }, "notify_thresholds.0"],
  [{}, "hard_limit_cents"],
])("the budget %j is refused, naming the field", async (body, field) => {
  const { apiKey } = await web.person();
  const answer = await web.call("POST", "/v1/budgets", { key: apiKey, body });
  expect(answer.status).toBe(400);
  expect(answer.body.fields.map((problem) => problem.field)).toContain(field);
});

test("a soft limit alone that passes the hard one is refused, and an empty change too", async () => {
  const { apiKey } = await web.person();
  const over = await web.call("PUT", "/v1/budgets", { key: apiKey, body: { soft_limit_cents: 5_001 } });
  expect([over.status, over.body.fields[0]?.field]).toEqual([400, "soft_limit_cents"]);
  expect((await web.call("PUT", "/v1/budgets", { key: apiKey, body: {} })).status).toBe(400);
});
