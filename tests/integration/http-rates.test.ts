import { afterAll, beforeAll, expect, test } from "vitest";
import { publishSamples } from "../support/spells.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

const clock = { offsetMs: 0 };
let web: TestWeb;
let second: TestWeb;
beforeAll(async () => {
  const env = { RATE_LIMIT_USER_RPM: "5", RATE_LIMIT_ADDRESS_RPM: "3", CLIENT_IP_HEADER: "X-Client-Ip" };
  web = await startTestWeb({ env, clock });
  second = await startTestWeb({ env, clock, database: web.database });
  await publishSamples(web.platform, "echo", "text-stats");
});
afterAll(async () => {
  await second.close();
  await web.close();
});

let nextAddress = 1;
const fromNewAddress = () => ({ "X-Client-Ip": `198.51.100.${nextAddress++}` });

test("an account's requests are counted together over processes, keys, sessions and endpoints", async () => {
  const { apiKey, sessionToken } = await web.person();
  const counts = [
    await web.call("GET", "/v1/keys", { key: apiKey }),
    await second.cast(apiKey, "echo", 1),
    await web.call("GET", "/v1/budgets", { key: sessionToken }),
    await second.call("GET", "/v1/spells", { key: apiKey }),
    await web.call("POST", "/v1/cast", { key: apiKey, rawBody: "{" }),
  ].map(({ headers }) => headers.get("RateLimit-Remaining"));
  expect(counts).toEqual(["4", "3", "2", "1", "0"]);
  for (const refused of [
    await web.cast(apiKey, "echo", 1),
    await second.call("GET", "/v1/keys", { key: sessionToken }),
    await web.call("POST", "/v1/cast", { key: apiKey, rawBody: "{" }),
  ]) {
    expect(refused.status === 429 || refused.status === 400).toBe(true);
    expect(refused.headers.get("RateLimit-Remaining")).toBe("0");
  }
  const last = await web.cast(apiKey, "echo", 1);
  expect(last.body).toMatchObject({ error: "rate_limited", category: "NETWORK_RETRYABLE" });
  const wait = Number(last.headers.get("Retry-After"));
  expect(wait).toBeGreaterThan(0);
  expect(last.body["retry_after"]).toBe(wait);
});

test("after the minute the account is served again", async () => {
  const { apiKey } = await web.person();
  for (let i = 0; i < 5; i += 1) await web.cast(apiKey, "echo", i);
  expect((await web.cast(apiKey, "echo", 1)).status).toBe(429);
  clock.offsetMs += 61_000;
  expect((await web.cast(apiKey, "echo", 1)).status).toBe(200);
});

test("of many at once exactly as many pass as the rate allows", async () => {
  const { apiKey } = await web.person();
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? web : second).cast(apiKey, "echo", i)),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(35);
});

test("requests without valid credentials are counted by address, and other addresses are not hurt", async () => {
  const [headers, others] = [fromNewAddress(), fromNewAddress()];
  const statuses = [];
  for (const [method, path, key] of [
    ["GET", "/v1/spells", undefined],
    ["GET", "/v1/keys", "sk_test_guess"],
    ["POST", "/v1/cast", undefined],
    ["GET", "/v1/spells", undefined],
    ["GET", "/v1/keys", "sk_test_guess"],
  ] as const) {
    const call = key === undefined ? { headers } : { headers, key };
    statuses.push((await web.call(method, path, call)).status);
  }
  expect(statuses).toEqual([200, 401, 401, 429, 429]);
  expect((await web.call("GET", "/v1/spells", { headers: others })).status).toBe(200);
  const { apiKey } = await web.person();
  expect((await web.cast(apiKey, "echo", 1)).status, "a good key from a bad address").toBe(200);
});

test("an IPv6 visitor is counted by its /64", async () => {
  const from = (address: string) => web.call("GET", "/v1/spells", { headers: { "X-Client-Ip": address } });
  for (let i = 1; i <= 3; i += 1) expect((await from(`2001:db8:1:1::${i}`)).status).toBe(200);
  expect((await from("2001:db8:1:1:ffff::9")).status).toBe(429);
  expect((await from("2001:db8:1:2::1")).status).toBe(200);
});

test("health, metrics, pages and files are free", async () => {
  const headers = fromNewAddress();
  for (const path of ["/healthz", "/metrics", "/", "/favicon.svg", "/healthz"]) {
    expect((await web.call("GET", path, { headers })).status).toBe(200);
  }
  expect((await web.call("GET", "/v1/spells", { headers })).status).toBe(200);
});

test("a forwarded header is not believed unless it is configured", async () => {
  const plain = await startTestWeb({ env: { RATE_LIMIT_ADDRESS_RPM: "2" }, clock, database: web.database });
  const statuses = [];
  for (let i = 0; i < 3; i += 1) {
    const headers = {
      "X-Forwarded-For": `203.0.113.${i}`,
      "X-Client-Ip": `203.0.113.${i}`,
      Forwarded: `for=203.0.113.${i}`,
    };
    statuses.push((await plain.call("GET", "/v1/spells", { headers })).status);
  }
  await plain.close();
  expect(statuses).toEqual([200, 200, 429]);
});

test("the home page's cast counts against the address and says so plainly", async () => {
  const { openAccount } = await import("../../server/services/identity/open-account.ts");
  await openAccount(web.platform, { kind: "house", handle: "house", displayName: "House" });
  const post = (headers: Record<string, string>) =>
    web.call("POST", "/?index", {
      rawBody: new URLSearchParams({ text: "two words" }).toString(),
      headers: {
        ...headers,
        "Content-Type": "application/x-www-form-urlencoded",
        Origin: "http://localhost:3000",
      },
    });
  const headers = fromNewAddress();
  const first = await post(headers);
  expect(first.status).toBe(200);
  expect(first.text).toMatch(/What it gave back[\s\S]*>2</);
  for (let i = 0; i < 2; i += 1) await post(headers);
  const refused = await post(headers);
  expect(refused.status).toBe(429);
  expect(refused.text).toContain("That was a lot of casts in a short time");
  expect(refused.headers.get("Content-Type")).toContain("text/html");
});
