import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { ALIVE, DEAD, prefixOf, startKeyTests, type KeyTests } from "../support/keys.ts";

let on: KeyTests;
beforeAll(async () => {
  on = await startKeyTests();
});
afterAll(() => on.close());

const listed = async (key: string) =>
  Object.values((await on.web.call("GET", "/v1/keys", { key })).body) as Record<string, unknown>[];

async function entries(keyId: string): Promise<{ kind: string; details: Record<string, unknown> }[]> {
  const rows = await on.web.platform.db.sql<{ kind: string; details: Uint8Array }[]>`
    select kind, details from ledger_entries where subject = ${keyId} order by seq`;
  return rows.map(({ kind, details }) => ({
    kind,
    details: JSON.parse(Buffer.from(details).toString()) as Record<string, unknown>,
  }));
}

test("a change holds for the next request; null clears, what is not named stays", async () => {
  const { sessionToken } = await on.web.person();
  const key = await on.makeKey(sessionToken, { expires_at: on.inDays(2), monthly_limit_cents: 1 });
  expect((await on.web.cast(key.api_key, "echo", 1)).status).toBe(200);
  expect((await on.web.cast(key.api_key, "echo", 1)).body.error).toBe("key_limit_exceeded");

  const raised = await on.change(sessionToken, key.prefix, { name: "renamed", monthly_limit_cents: 2 });
  expect(raised.status).toBe(200);
  const { api_key: _secret, ...shown } = key;
  expect(raised.body).toEqual({
    ...shown,
    name: "renamed",
    monthly_limit_cents: 2,
    last_used_at: expect.any(String) as string,
  });
  expect((await on.second.cast(key.api_key, "echo", 1)).status).toBe(200);
  expect((await on.second.cast(key.api_key, "echo", 1)).status).toBe(402);

  const cleared = await on.change(sessionToken, key.prefix, { monthly_limit_cents: null, expires_at: null });
  expect(cleared.body).toMatchObject({ name: "renamed", monthly_limit_cents: null, expires_at: null });
  expect((await on.second.cast(key.api_key, "echo", 1)).status).toBe(200);

  expect((await on.change(sessionToken, key.prefix, { scopes: ["read"] })).status).toBe(200);
  expect((await on.second.cast(key.api_key, "echo", 1)).body.error).toBe("insufficient_scope");
  const [, , , last] = await entries(key.id);
  expect(last).toEqual({
    kind: "key.changed",
    details: {
      prefix: key.prefix,
      changed: ["scopes"],
      scopes: ["read"],
      monthly_limit_micros: null,
      expires_at: null,
    },
  });
});

test("an expiry is kept to the moment, on every process, and can be put off by who may", async () => {
  const { sessionToken } = await on.web.person();
  const key = await on.makeKey(sessionToken, { expires_at: on.inDays(1), scopes: ["cast", "read", "keys"] });
  on.clock.offsetMs += 86_390_000;
  expect(await on.statuses(key.api_key)).toEqual(ALIVE);
  on.clock.offsetMs += 10_000;
  expect(await on.statuses(key.api_key)).toEqual(DEAD);
  expect((await on.change(key.api_key, key.prefix, { expires_at: null })).status).toBe(401);
  expect((await on.rotate(sessionToken, key.prefix)).body.error).toBe("key_not_found");
  expect((await on.change(sessionToken, key.prefix, { expires_at: on.inDays(1) })).status).toBe(200);
  expect(await on.statuses(key.api_key)).toEqual(ALIVE);
});

test("a rotation gives the same key a new secret; the old one works for the grace and not a moment longer", async () => {
  const { sessionToken } = await on.web.person();
  const key = await on.makeKey(sessionToken, { monthly_limit_cents: 3 });
  const rotated = await on.rotate(sessionToken, key.prefix, { grace_seconds: 3_600 });
  expect(rotated.status).toBe(201);
  expect(rotated.headers.get("Cache-Control")).toBe("no-store");
  expect(rotated.body).toMatchObject({
    id: key.id,
    name: key.name,
    monthly_limit_cents: 3,
    previous_prefix: key.prefix,
  });
  expect(rotated.body.prefix).not.toBe(key.prefix);
  expect(rotated.body.api_key).toMatch(new RegExp(`^sk_test_${rotated.body.prefix}_[0-9A-Za-z]{49}$`));
  const end = new Date(rotated.body["previous_expires_at"] as string).getTime();
  expect(Math.abs(end - Date.now() - on.clock.offsetMs - 3_600_000)).toBeLessThan(10_000);

  // One limit for both: the fourth cast is refused, whichever secret it is sent with.
  for (const secret of [key.api_key, rotated.body.api_key, key.api_key])
    expect((await on.second.cast(secret, "echo", 1)).status).toBe(200);
  for (const secret of [key.api_key, rotated.body.api_key])
    expect((await on.web.cast(secret, "echo", 1)).body.error).toBe("key_limit_exceeded");
  expect((await listed(sessionToken)).map(({ prefix }) => prefix)).toEqual([
    rotated.body.prefix,
    expect.anything(),
  ]);

  await on.change(sessionToken, rotated.body.prefix, { monthly_limit_cents: null });
  on.clock.offsetMs += 3_590_000;
  expect(await on.statuses(key.api_key)).toEqual(ALIVE);
  on.clock.offsetMs += 10_000;
  expect(await on.statuses(key.api_key)).toEqual(DEAD);
  expect(await on.statuses(rotated.body.api_key)).toEqual(ALIVE);
});

test("without a body the old secret works for a day, and no longer than the key itself", async () => {
  const { sessionToken } = await on.web.person();
  const [plain, short] = [
    await on.makeKey(sessionToken),
    await on.makeKey(sessionToken, { expires_at: on.inDays(0.5) }),
  ];
  const graces = [];
  for (const { prefix } of [plain, short]) {
    const { body } = await on.rotate(sessionToken, prefix);
    const ms = new Date(body["previous_expires_at"] as string).getTime() - Date.now() - on.clock.offsetMs;
    graces.push(Math.round(ms / 60_000));
  }
  expect(graces).toEqual([24 * 60, 12 * 60]);
});

test("a grace of 0 ends the old secret with the answer, at every process", async () => {
  const { sessionToken } = await on.web.person();
  const key = await on.makeKey(sessionToken);
  expect(await on.statuses(key.api_key)).toEqual(ALIVE);
  const rotated = await on.rotate(sessionToken, key.prefix, { grace_seconds: 0 });
  expect(await on.statuses(key.api_key)).toEqual(DEAD);
  expect(await on.statuses(rotated.body.api_key)).toEqual(ALIVE);
});

test("a second rotation during the grace ends the oldest secret at once: at most two live", async () => {
  const { sessionToken } = await on.web.person();
  const first = await on.makeKey(sessionToken);
  const next = (await on.rotate(sessionToken, first.prefix)).body;
  // Any of its prefixes names the key.
  const third = (await on.rotate(sessionToken, first.prefix)).body;
  expect([next.id, third.id]).toEqual([first.id, first.id]);
  expect(third["previous_prefix"]).toBe(next.prefix);
  expect(await on.statuses(first.api_key)).toEqual(DEAD);
  expect(await on.statuses(next.api_key)).toEqual(ALIVE);
  expect(await on.statuses(third.api_key)).toEqual(ALIVE);
  expect((await on.rotate(sessionToken, first.prefix)).status).toBe(404);
  const [, , last] = await entries(first.id);
  expect(last).toMatchObject({
    kind: "key.rotated",
    details: { prefix: third.prefix, previous_prefix: next.prefix, ended_prefixes: [first.prefix] },
  });
});

test("rotations at once leave at most two secrets, and one of them is the listed one", async () => {
  const { sessionToken } = await on.web.person();
  const key = await on.makeKey(sessionToken);
  const answers = await Promise.all(Array.from({ length: 6 }, () => on.rotate(sessionToken, key.prefix)));
  const made = answers.filter(({ status }) => status === 201);
  // The prefix names the key until it is neither the newest nor the one before.
  expect(made).toHaveLength(2);
  expect(answers.filter(({ status }) => status === 404)).toHaveLength(4);
  const alive = [];
  for (const { body } of made) alive.push(...(await on.statuses(body.api_key)));
  expect(alive).toEqual([...ALIVE, ...ALIVE]);
  expect(await on.statuses(key.api_key)).toEqual(DEAD);
  const [newest] = await listed(sessionToken);
  expect(made.map(({ body }) => body.prefix)).toContain(newest?.["prefix"]);
});

test("a key rotates itself once: its old secret manages no keys any more, though it casts", async () => {
  const { apiKey, sessionToken } = await on.web.person();
  const prefix = prefixOf(apiKey);
  const answers = await Promise.all([on.rotate(apiKey, prefix), on.rotate(apiKey, prefix)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 403]);
  const made = answers.find(({ status }) => status === 201)?.body;
  for (const refused of [
    await on.rotate(apiKey, prefix),
    await on.change(apiKey, prefix, { name: "mine" }),
    await on.web.call("POST", "/v1/keys", { key: apiKey, body: { name: "x" } }),
    await on.web.call("DELETE", `/v1/keys/${made?.prefix}`, { key: apiKey }),
  ]) {
    expect([refused.status, refused.body.error]).toEqual([403, "insufficient_scope"]);
  }
  expect(await on.statuses(apiKey)).toEqual(ALIVE);
  expect((await on.rotate(made?.api_key ?? "", prefix)).status).toBe(201);
  expect((await listed(sessionToken)).length).toBe(1);
});

test.each(["newest", "previous"] as const)(
  "revoking by the %s prefix ends the whole key, everywhere",
  async (which) => {
    const { sessionToken } = await on.web.person();
    const key = await on.makeKey(sessionToken);
    const rotated = (await on.rotate(sessionToken, key.prefix)).body;
    const prefix = which === "newest" ? rotated.prefix : key.prefix;
    expect((await on.web.call("DELETE", `/v1/keys/${prefix}`, { key: sessionToken })).status).toBe(204);
    expect(await on.statuses(key.api_key)).toEqual(DEAD);
    expect(await on.statuses(rotated.api_key)).toEqual(DEAD);
    for (const gone of [key.prefix, rotated.prefix]) {
      expect((await on.rotate(sessionToken, gone)).status).toBe(404);
      expect((await on.change(sessionToken, gone, { name: "x" })).status).toBe(404);
    }
    expect((await entries(key.id)).map(({ kind }) => kind)).toEqual([
      "key.created",
      "key.rotated",
      "key.revoked",
    ]);
  },
);

test("a rotation that races a revocation leaves nothing alive", async () => {
  const { sessionToken } = await on.web.person();
  for (let round = 0; round < 5; round += 1) {
    const key = await on.makeKey(sessionToken);
    const [rotated, revoked] = await Promise.all([
      on.rotate(sessionToken, key.prefix),
      on.web.call("DELETE", `/v1/keys/${key.prefix}`, { key: sessionToken }),
    ]);
    expect(revoked.status).toBe(204);
    expect([201, 404]).toContain(rotated.status);
    for (const secret of [key.api_key, ...(rotated.status === 201 ? [rotated.body.api_key] : [])])
      expect(await on.statuses(secret)).toEqual(DEAD);
  }
});

test.each([
  [{}, ""],
  [{ name: "" }, "name"],
  [{ name: null }, "name"],
  [{ scopes: [] }, "scopes"],
  [{ scopes: null }, "scopes"],
  [{ expires_at: "2020-01-01T00:00:00Z" }, "expires_at"],
  [{ expires_at: "never" }, "expires_at"],
  [{ monthly_limit_cents: -1 }, "monthly_limit_cents"],
  [{ id: "x" }, ""],
])("the change %j is refused, naming the field", async (body, field) => {
  const { apiKey } = await on.web.person();
  const answer = await on.change(apiKey, prefixOf(apiKey), body);
  expect(answer.status).toBe(400);
  expect(answer.body.fields.map((problem) => problem.field)).toContain(field);
});

test.each([-1, 1.5, 86_401, "0", null])("a grace of %j is refused", async (grace) => {
  const { apiKey } = await on.web.person();
  const answer = await on.rotate(apiKey, prefixOf(apiKey), { grace_seconds: grace });
  expect([answer.status, answer.body.fields[0]?.field]).toEqual([400, "grace_seconds"]);
  expect(await on.statuses(apiKey)).toEqual(ALIVE);
});

test("a body that is not JSON is refused, not taken for none: a grace of 0 must not become a day", async () => {
  const { apiKey } = await on.web.person();
  for (const type of ["application/x-www-form-urlencoded", "text/plain", ""]) {
    const answer = await on.web.call("POST", `/v1/keys/${prefixOf(apiKey)}/rotate`, {
      key: apiKey,
      rawBody: '{"grace_seconds":0}',
      headers: { "Content-Type": type },
    });
    expect([answer.status, answer.body.error]).toEqual([415, "unsupported_media_type"]);
  }
  expect((await on.rotate(apiKey, prefixOf(apiKey))).status).toBe(201);
});

test("the ledger holds every step of a key's life, and no name that a person gave", async () => {
  const { sessionToken } = await on.web.person();
  const key = await on.makeKey(sessionToken, { name: "Grandmother's phone" });
  await on.change(sessionToken, key.prefix, { name: "Grandfather's phone" });
  const text = JSON.stringify(await entries(key.id));
  expect(text).not.toContain("phone");
  expect((await verifyLedger(on.web.platform.db)).disagreements).toEqual([]);
});
