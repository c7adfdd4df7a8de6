import { request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { publishSamples } from "../support/spells.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb();
  await publishSamples(web.platform, "echo", "text-stats");
});
afterAll(() => web.close());

const cast = (key: string, rawBody: string | Uint8Array, headers: Record<string, string> = {}) =>
  web.call("POST", "/v1/cast", { key, rawBody, headers });

test.each([
  ["", 400, "malformed_body"],
  ["{", 400, "malformed_body"],
  ['{"spell_name":"echo","payload":1', 400, "malformed_body"],
  [Uint8Array.from([0xff, 0xfe, 0x22]), 400, "malformed_body"],
  ["null", 400, "invalid_request"],
  ["[]", 400, "invalid_request"],
  ['"echo"', 400, "invalid_request"],
  ["{}", 400, "invalid_request"],
  ['{"spell_name":"echo"}', 400, "invalid_request"],
  ['{"spell_name":7,"payload":1}', 400, "invalid_request"],
  ['{"spell_name":"ECHO","payload":1}', 400, "invalid_request"],
  ['{"spell_name":"e\\u0000ho","payload":1}', 400, "invalid_request"],
  ['{"spell_name":"echo","payload":1,"version":"latest"}', 400, "invalid_request"],
  ['{"spell_name":"echo","payload":1,"max_cost_cents":-1}', 400, "invalid_request"],
  ['{"spell_name":"echo","payload":1,"max_cost_cents":0.5}', 400, "invalid_request"],
  ['{"spell_name":"echo","payload":1,"max_cost_cents":"5"}', 400, "invalid_request"],
  ['{"spell_name":"echo","payload":1,"surprise":true}', 400, "invalid_request"],
])("the body %j is refused with a problem and leaves no trace", async (body, status, error) => {
  const { apiKey, accountId } = await web.person();
  const answer = await cast(apiKey, body);
  expect(answer.status).toBe(status);
  expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
  expect(answer.body).toMatchObject({
    status,
    error,
    error_code: error.toUpperCase(),
    category: "PERM_CONFIG",
  });
  expect(answer.body["type"]).toBe(`http://localhost:3000/docs/errors/${error}`);
  expect(answer.body["request_id"]).toBe(answer.headers.get("X-Request-Id"));
  const rows = await web.platform.db.sql`select 1 from casts where account_id = ${accountId}`;
  expect(rows).toHaveLength(0);
});

test("a body nested beyond any use is refused or echoed, and the process goes on", async () => {
  const { apiKey } = await web.person();
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  const answer = await cast(apiKey, `{"spell_name":"echo","payload":${deep}}`);
  expect([200, 400, 422]).toContain(answer.status);
  expect((await web.cast(apiKey, "echo", 1)).status).toBe(200);
});

test("a payload of the largest size is cast, one byte more is 413", async () => {
  const { apiKey } = await web.person();
  const largest = "x".repeat(1_048_576 - 2);
  const answer = await web.cast(apiKey, "echo", largest);
  expect(answer.status).toBe(200);
  expect(answer.body.result).toBe(largest);
  const over = await web.cast(apiKey, "echo", `${largest}x`);
  expect([over.status, over.body.error]).toEqual([413, "payload_too_large"]);
});

test("a body far over the limit is refused while it is read, with or without a length", async () => {
  const { apiKey } = await web.person();
  const mebibyte = Buffer.alloc(1_048_576, 0x20);
  // Sends until it is answered: who goes on writing to a closed connection may never read why it was closed.
  const send = async (
    length: Record<string, string>,
  ): Promise<[status: number | undefined, sent: number]> => {
    const headers = { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json", ...length };
    const sending = request(`${web.baseUrl}/v1/cast`, { method: "POST", headers });
    let status: number | undefined;
    const answered = new Promise<void>((resolve, reject) => {
      sending.once("error", reject);
      sending.once("response", (response) => {
        status = response.statusCode;
        resolve();
      });
    });
    let sent = 0;
    for (; sent < 8 && status === undefined; sent += 1) {
      sending.write(mebibyte);
      await Promise.race([answered, pause(500)]);
    }
    sending.destroy();
    return [status, sent];
  };
  for (const length of [{ "Content-Length": String(8 * mebibyte.length) }, {}]) {
    const [status, sent] = await send(length);
    expect(status).toBe(413);
    expect(sent).toBeLessThan(8);
  }
});

test("a body that does not say it is JSON is 415", async () => {
  const { apiKey } = await web.person();
  const answer = await cast(apiKey, '{"spell_name":"echo","payload":1}', { "Content-Type": "text/plain" });
  expect([answer.status, answer.body.error]).toEqual([415, "unsupported_media_type"]);
});

test("unknown routes are 404 and wrong methods 405 before anybody is asked who they are", async () => {
  const missing = await web.call("GET", "/v1/no-such-thing");
  expect([missing.status, missing.body.error]).toEqual([404, "route_not_found"]);
  const wrong = await web.call("PATCH", "/v1/cast");
  expect([wrong.status, wrong.body.error, wrong.headers.get("Allow")]).toEqual([
    405,
    "method_not_allowed",
    "POST",
  ]);
  const page = await web.call("GET", "/no-such-page");
  expect([page.status, page.headers.get("Content-Type")]).toEqual([404, "text/html; charset=utf-8"]);
});

test.each([
  ["none", undefined],
  ["an empty one", ""],
  ["nonsense", "nonsense"],
  ["a mistyped key", "sk_test_abcdefghij_" + "x".repeat(49)],
  ["a session token that does not exist", "A".repeat(43)],
])("with %s as credential the answer is 401 and says how to do better", async (_what, key) => {
  const headers = key === undefined ? {} : { Authorization: `Bearer ${key}` };
  for (const [method, path] of [
    ["POST", "/v1/cast"],
    ["GET", "/v1/keys"],
    ["GET", "/v1/budgets"],
  ] as const) {
    const answer = await web.call(method, path, method === "POST" ? { headers, body: {} } : { headers });
    expect([answer.status, answer.body.error]).toEqual([401, "unauthenticated"]);
    expect(answer.headers.get("WWW-Authenticate")).toMatch(/^Bearer/);
  }
});

test("a session's token works as Bearer and as cookie; a cookie's write needs our own origin", async () => {
  const { sessionToken } = await web.person();
  expect((await web.cast(sessionToken, "echo", 1)).status).toBe(200);
  const cookie = { Cookie: `spell_session=${sessionToken}` };
  expect((await web.call("GET", "/v1/budgets", { headers: cookie })).status).toBe(200);
  const body = { spell_name: "echo", payload: 1 };
  for (const origin of [{}, { Origin: "https://evil.example" }, { Origin: "null" }]) {
    const answer = await web.call("POST", "/v1/cast", { body, headers: { ...cookie, ...origin } });
    expect([answer.status, answer.body.error]).toEqual([403, "forbidden_origin"]);
  }
  const own = { ...cookie, Origin: "http://localhost:3000" };
  expect((await web.call("POST", "/v1/cast", { body, headers: own })).status).toBe(200);
});

test("an expired session is nobody's", async () => {
  const { sessionToken, accountId } = await web.person();
  await web.platform.db.sql`
    update sessions set expires_at = clock_timestamp() where account_id = ${accountId}`;
  expect((await web.cast(sessionToken, "echo", 1)).status).toBe(401);
  expect((await web.call("GET", "/v1/keys", { key: sessionToken })).status).toBe(401);
});

test.each([
  [["read"], "POST", "/v1/cast", { spell_name: "echo", payload: 1 }, "cast"],
  [["cast"], "GET", "/v1/casts", undefined, "read"],
  [["cast", "read"], "POST", "/v1/keys", { name: "x" }, "keys"],
  [["cast", "read"], "PUT", "/v1/budgets", { hard_limit_cents: 2_000 }, "budgets"],
  [["cast", "read"], "DELETE", "/v1/budgets", undefined, "budgets"],
] as const)("a key with %j is refused at %s %s", async (scopes, method, path, body, missing) => {
  const { apiKey } = await web.person({ scopes: [...scopes] });
  const answer = await web.call(method, path, { key: apiKey, ...(body === undefined ? {} : { body }) });
  expect(answer.status).toBe(403);
  expect(answer.body).toMatchObject({ error: "insufficient_scope", scope: missing });
});

test("an answer says nothing of what is inside", async () => {
  const { apiKey } = await web.person();
  const answers = [
    await web.call("GET", "/v1/casts/00000000-0000-0000-0000-000000000000", { key: apiKey }),
    await web.call("GET", "/v1/casts/not-a-uuid", { key: apiKey }),
    await web.call("GET", "/v1/spells?q=%00", {}),
    await web.call("GET", "/v1/spells?limit=1000000", {}),
    await web.call("DELETE", "/v1/keys/%27%3B--", { key: apiKey }),
    await web.call("GET", "/v1/spells/%2e%2e%2f", {}),
  ];
  expect(answers.map(({ status }) => status)).toEqual([404, 400, 200, 400, 400, 400]);
  for (const { text } of answers)
    expect(text).not.toMatch(/select |node_modules|\/work\/|at .*\.ts:|postgres/i);
});

test("a caller's own request id is taken when it is harmless and replaced when it is not", async () => {
  const given = await web.call("GET", "/healthz", { headers: { "X-Request-Id": "abc-123-DEF_456" } });
  expect(given.headers.get("X-Request-Id")).toBe("abc-123-DEF_456");
  const evil = await web.call("GET", "/healthz", { headers: { "X-Request-Id": "a b\tc{{}}" } });
  expect(evil.headers.get("X-Request-Id")).toMatch(/^[0-9a-f-]{36}$/);
});

test("health, readiness and metrics answer everybody, and labels carry no ids", async () => {
  const { apiKey, accountId } = await web.person();
  await web.cast(apiKey, "echo", 1);
  const health = await web.call("GET", "/healthz");
  expect(health.body).toMatchObject({
    status: "ok",
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
  });
  expect((await web.call("GET", "/readyz")).status).toBe(200);
  const metrics = await web.call("GET", "/metrics");
  for (const series of [
    "spell_cast_total",
    "spell_ledger_seq",
    "spell_cast_queue_depth",
    "nodejs_eventloop_lag_seconds",
  ]) {
    expect(metrics.text).toContain(series);
  }
  expect(metrics.text).toContain('route="/v1/cast"');
  expect(metrics.text).not.toContain(accountId);
});

test("the OpenAPI document is 3.1 and knows every endpoint", async () => {
  const { body } = await web.call("GET", "/v1/openapi.json");
  expect(body["openapi"]).toBe("3.1.0");
  expect(Object.keys(body["paths"] as object).sort()).toEqual([
    "/v1/billing/checkout",
    "/v1/billing/invoices",
    "/v1/billing/payment-method",
    "/v1/billing/setup-intent",
    "/v1/budgets",
    "/v1/budgets/usage",
    "/v1/cast",
    "/v1/casts",
    "/v1/casts/{id}",
    "/v1/keys",
    "/v1/keys/{prefix}",
    "/v1/keys/{prefix}/rotate",
    "/v1/ledger/entries",
    "/v1/ledger/head",
    "/v1/spells",
    "/v1/spells/{key}",
    "/v1/usage",
    "/v1/users/me",
  ]);
});

test("the grimoire is open: search, tags, one spell by name and by key, unknown ones 404", async () => {
  const all = await web.call("GET", "/v1/spells");
  expect(all.body.data.map(({ name }) => name)).toEqual(["echo", "text-stats"]);
  const found = await web.call("GET", "/v1/spells?q=TEXT");
  expect(found.body.data.map(({ name }) => name)).toEqual(["text-stats"]);
  expect((await web.call("GET", "/v1/spells?q=%25")).body.data).toEqual([]);
  expect((await web.call("GET", "/v1/spells?tag=text")).body.data).toHaveLength(1);
  const [byName, byKey] = [
    await web.call("GET", "/v1/spells/echo"),
    await web.call("GET", "/v1/spells/dev.spell.echo"),
  ];
  expect(byName.body).toEqual(byKey.body);
  expect(byName.body).toMatchObject({ name: "echo", price: { model: "flat", flat_cents: 1 } });
  expect((await web.call("GET", "/v1/spells/nothing")).status).toBe(404);
});

test("the ledger's head is open and moves with every cast", async () => {
  const { apiKey } = await web.person();
  const before = await web.call("GET", "/v1/ledger/head");
  await web.cast(apiKey, "echo", 1);
  const after = await web.call("GET", "/v1/ledger/head");
  expect(after.body["seq"]).toBe((before.body["seq"] as number) + 1);
  expect(after.body["hash"]).toMatch(/^[0-9a-f]{64}$/);
});
