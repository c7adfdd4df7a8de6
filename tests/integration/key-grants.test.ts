import { afterAll, beforeAll, expect, test } from "vitest";
import { SCOPES } from "../../server/context.ts";
import { ALIVE, prefixOf, startKeyTests, type KeyTests } from "../support/keys.ts";

let on: KeyTests;
beforeAll(async () => {
  on = await startKeyTests();
});
afterAll(() => on.close());

const LIMITED = { scopes: ["cast", "read", "keys"], monthly_limit_cents: 5 };
const EXPIRING = { scopes: ["cast", "read", "keys"], expires_at: "2099-10-01T00:00:00.000Z" };

test.each([
  [LIMITED, { scopes: ["cast", "read", "keys", "billing"] }, "insufficient_scope"],
  [LIMITED, { monthly_limit_cents: 6 }, "grant_exceeded"],
  [LIMITED, { monthly_limit_cents: null }, "grant_exceeded"],
  [EXPIRING, { expires_at: "2099-11-01T00:00:00.000Z" }, "grant_exceeded"],
  [EXPIRING, { expires_at: null }, "grant_exceeded"],
])("the key %j cannot widen itself by %j", async (grant, wider, error) => {
  const { sessionToken } = await on.web.person();
  const key = await on.makeKey(sessionToken, grant);
  const refused = await on.change(key.api_key, key.prefix, wider);
  expect([refused.status, refused.body.error]).toEqual([403, error]);
  const narrower = {
    scopes: ["keys", "read"],
    monthly_limit_cents: 4,
    expires_at: "2099-09-01T00:00:00.000Z",
  };
  expect((await on.change(key.api_key, key.prefix, narrower)).body).toMatchObject({
    monthly_limit_cents: 4,
    scopes: ["read", "keys"],
  });
});

test.each([
  ["billing", { scopes: ["billing"] }, "insufficient_scope"],
  ["more time", { scopes: ["read"], expires_at: "2099-11-01T00:00:00.000Z" }, "grant_exceeded"],
  ["time without end", { scopes: ["read"] }, "grant_exceeded"],
  [
    "a limit beside its own",
    { scopes: ["cast"], expires_at: "2099-01-01T00:00:00.000Z", monthly_limit_cents: 1 },
    "grant_exceeded",
  ],
])(
  "a bounded key cannot give another key %s: by making, changing or rotating it",
  async (_what, wide, error) => {
    const { sessionToken } = await on.web.person();
    const key = await on.makeKey(sessionToken, { ...LIMITED, ...EXPIRING, scopes: ["cast", "read", "keys"] });
    const made = await on.web.call("POST", "/v1/keys", { key: key.api_key, body: { name: "x", ...wide } });
    expect([made.status, made.body.error]).toEqual([403, error]);
    const narrow = await on.makeKey(sessionToken, {
      scopes: ["read"],
      expires_at: "2099-01-01T00:00:00.000Z",
    });
    const changed = await on.change(key.api_key, narrow.prefix, { expires_at: null, ...wide });
    expect(changed.status).toBe(403);
    const other = await on.makeKey(sessionToken, wide);
    const rotated = await on.rotate(key.api_key, other.prefix);
    expect([rotated.status, rotated.body.error]).toEqual([403, error]);
    expect((await on.rotate(key.api_key, narrow.prefix)).status).toBe(201);
  },
);

test("a key that was revoked, or narrowed, after it was let in makes no other key", async () => {
  const { sessionToken } = await on.web.person();
  for (let round = 0; round < 5; round += 1) {
    const key = await on.makeKey(sessionToken, { scopes: [...SCOPES] });
    const [made] = await Promise.all([
      on.web.call("POST", "/v1/keys", { key: key.api_key, body: { name: "late" } }),
      on.web.call("DELETE", `/v1/keys/${key.prefix}`, { key: sessionToken }),
    ]);
    const [row] = await on.web.platform.db.sql<[{ isLate: boolean | null }]>`
      select k.created_at > r.revoked_at as "isLate"
        from api_keys r
        left join api_keys k on k.id = ${made.status === 201 ? made.body.id : null}::uuid
       where r.id = ${key.id}`;
    expect(row.isLate ?? false).toBe(false);
  }
});

test("another account's key is not there, to change or to rotate", async () => {
  const [mine, theirs] = [await on.web.person(), await on.web.person()];
  const prefix = prefixOf(theirs.apiKey);
  for (const answer of [
    await on.change(mine.apiKey, prefix, { name: "x" }),
    await on.rotate(mine.apiKey, prefix),
    await on.rotate(mine.sessionToken, prefix),
  ]) {
    expect([answer.status, answer.body.error]).toEqual([404, "key_not_found"]);
  }
  expect(await on.statuses(theirs.apiKey)).toEqual(ALIVE);
});

test("without the scope keys a key changes and rotates nothing, itself neither", async () => {
  const { apiKey } = await on.web.person({ scopes: ["cast", "read", "budgets", "billing", "spells"] });
  for (const answer of [
    await on.change(apiKey, prefixOf(apiKey), { name: "x" }),
    await on.rotate(apiKey, prefixOf(apiKey)),
  ]) {
    expect([answer.status, answer.body["scope"]]).toEqual([403, "keys"]);
  }
});
