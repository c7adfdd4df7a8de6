import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../server/db/connect.ts";
import { createAuthenticator } from "../../server/services/identity/authenticate.ts";
import { makeKey } from "../../server/services/keys/key-format.ts";
import { hashing } from "../../server/services/keys/key-secret.ts";
import { prefixOf } from "../support/keys.ts";
import { startTestWeb, type TestWeb } from "../support/web.ts";

let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb({ env: { RATE_LIMIT_ADDRESS_RPM: "3", CLIENT_IP_HEADER: "X-Client-Ip" } });
});
afterAll(() => web.close());

let nextAddress = 1;
const ask = (key: string, headers: Record<string, string> = { "X-Client-Ip": `192.0.2.${nextAddress++}` }) =>
  web.call("GET", "/v1/keys", { key, headers });

/** A key of the right shape and checksum that begins like another, as one has to guess it. */
function guessFor(apiKey: string): string {
  const prefix = prefixOf(apiKey);
  const bytes = prefix
    .split("")
    .map((letter) => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".indexOf(letter));
  // The prefix is drawn first: these bytes give its very letters, and the secret is drawn by chance.
  let isFirst = true;
  return makeKey("test", (count) => {
    const drawn = isFirst
      ? Buffer.from([...bytes, ...randomBytes(count)]).subarray(0, count)
      : randomBytes(count);
    isFirst = false;
    return drawn;
  }).text;
}

/** Writes a hash that no text has, so that whoever still asks it gets a refusal or a failure. */
const spoilHash = (apiKey: string) =>
  web.platform.db.sql`update api_key_secrets set argon2 = 'spoilt' where prefix = ${prefixOf(apiKey)}`;

test("a mistyped key is refused without asking the database; a well-formed one is looked up", async () => {
  const nowhere = connect({ url: "postgres://x@127.0.0.1:1/x", poolSize: 2, applicationName: "test" });
  const authenticate = createAuthenticator({ db: nowhere, config: web.platform.config });
  const { text } = makeKey("test", randomBytes);
  const mistyped = text.slice(0, -1) + (text.endsWith("a") ? "b" : "a");
  for (const wrong of [mistyped, "sk_test_guess", makeKey("live", randomBytes).text, "no-key", ""])
    expect(await authenticate(wrong)).toBeNull();
  await expect(authenticate(text)).rejects.toThrow();
  await nowhere.close();
});

test("a guess under a known prefix is refused before the slow hash", async () => {
  const { apiKey } = await web.person();
  const guess = guessFor(apiKey);
  expect([prefixOf(guess), guess === apiKey]).toEqual([prefixOf(apiKey), false]);
  await spoilHash(apiKey);
  expect((await ask(guess)).status).toBe(401);
  expect((await ask(apiKey)).status, "the right key does reach it").toBe(500);
});

test("a good verdict is remembered by the process, and by it alone", async () => {
  const { apiKey } = await web.person();
  expect((await ask(apiKey)).status).toBe(200);
  await spoilHash(apiKey);
  expect((await ask(apiKey)).status).toBe(200);
  await expect(createAuthenticator(web.platform)(apiKey)).rejects.toThrow();
});

test("verdicts are remembered in bounded number, the one used longest ago goes first", async () => {
  const keys = [await web.person(), await web.person(), await web.person()].map(({ apiKey }) => apiKey);
  const authenticate = createAuthenticator(web.platform, { remembered: 2 });
  for (const key of keys) expect(await authenticate(key)).not.toBeNull();
  await Promise.all(keys.map(spoilHash));
  expect(await authenticate(keys[2] ?? "")).not.toBeNull();
  expect(await authenticate(keys[1] ?? "")).not.toBeNull();
  await expect(authenticate(keys[0] ?? "")).rejects.toThrow();
});

test("no verdict is remembered for a refusal", async () => {
  const { apiKey } = await web.person();
  const prefix = prefixOf(apiKey);
  const { sql } = web.platform.db;
  const authenticate = createAuthenticator(web.platform);
  await sql`update api_key_secrets set prefix = 'elsewhere' where prefix = ${prefix}`;
  expect(await authenticate(apiKey)).toBeNull();
  await sql`update api_key_secrets set prefix = ${prefix} where prefix = 'elsewhere'`;
  expect(await authenticate(apiKey)).toMatchObject({ keyPrefix: prefix });
});

test("a hundred first uses at once are hashed two at a time, and all succeed; one key's together once", async () => {
  const people = await Promise.all(Array.from({ length: 20 }, () => web.person()));
  const authenticate = createAuthenticator(web.platform);
  const seen: { running: number; waiting: number }[] = [];
  const watch = setInterval(() => seen.push({ running: hashing.running, waiting: hashing.waiting }), 1);
  const found = await Promise.all(
    Array.from({ length: 100 }, (_, i) => authenticate(people[i % 20]?.apiKey ?? "")),
  );
  clearInterval(watch);
  expect(found.filter((credential) => credential !== null)).toHaveLength(100);
  expect(Math.max(...seen.map(({ running }) => running))).toBe(2);
  const waiting = Math.max(...seen.map((each) => each.waiting));
  expect(waiting).toBeGreaterThan(0);
  expect(waiting, "each key is hashed once, not five times").toBeLessThanOrEqual(18);
  expect([hashing.running, hashing.waiting]).toEqual([0, 0]);
});

test("every kind of wrong key counts its address, and above the rate the answer is 429", async () => {
  const { apiKey, sessionToken } = await web.person();
  const revoked = await web.call("POST", "/v1/keys", { key: apiKey, body: { name: "x" } });
  expect((await ask(revoked.body.api_key)).status).toBe(200);
  await web.call("DELETE", `/v1/keys/${revoked.body.prefix}`, { key: apiKey });
  const wrong = {
    mistyped: `${apiKey.slice(0, -1)}${apiKey.endsWith("a") ? "b" : "a"}`,
    guessed: guessFor(apiKey),
    revoked: revoked.body.api_key,
    session: randomBytes(32).toString("base64url"),
  };
  for (const [kind, key] of Object.entries(wrong)) {
    const headers = { "X-Client-Ip": `192.0.2.${nextAddress++}` };
    const statuses = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await ask(key, headers)).status);
    expect(statuses, kind).toEqual([401, 401, 401, 429]);
    const cast = { key, headers, body: { spell_name: "echo", payload: 1 } };
    expect((await web.call("POST", "/v1/cast", cast)).status, kind).toBe(429);
    expect((await ask(sessionToken, headers)).status, "who is known is served from there").toBe(200);
  }
});
