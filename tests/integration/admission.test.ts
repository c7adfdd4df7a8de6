import { afterAll, beforeAll, expect, test } from "vitest";
import { admitCasts } from "../support/moves.ts";
import { CENT, createWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const countOf = (decisions: readonly { decision: string }[], decision: string) =>
  decisions.filter((d) => d.decision === decision).length;

test("of 100 concurrent casts on a budget for exactly 10, 10 are admitted and 90 refused", async () => {
  const [account, spell] = [await world.account({ hardCents: 10 }), await world.spell(1)];
  const requests = Array.from({ length: 100 }, () => world.request(account, spell));
  const answers = (await Promise.all(requests.map((request) => world.admit([request])))).flat();
  expect(countOf(answers, "admitted")).toBe(10);
  expect(countOf(answers, "budget_exceeded")).toBe(90);
  expect(await world.month(account)).toMatchObject({ held: 10 * CENT, settled: 0 });
});

test("a batch is decided in its order against running figures, and a refused cast takes nothing", async () => {
  const [account, cheap, dear] = [
    await world.account({ hardCents: 10 }),
    await world.spell(4),
    await world.spell(7),
  ];
  const batch = [cheap, dear, cheap, cheap].map((spell) => world.request(account, spell));
  const answers = await world.admit(batch);
  expect(answers.map((a) => a.castId)).toEqual(batch.map((r) => r.castId));
  expect(answers.map((a) => a.decision)).toEqual([
    "admitted",
    "budget_exceeded",
    "admitted",
    "budget_exceeded",
  ]);
  expect(await world.month(account)).toMatchObject({ held: 8 * CENT });
});

test("a refusal names its limit and its figures", async () => {
  const [account, spell] = [await world.account({ hardCents: 10 }), await world.spell(6)];
  const first = world.request(account, spell);
  await world.admit([first]);
  await world.settle([first]);
  const [refused] = await world.admit([world.request(account, spell)]);
  expect(refused).toMatchObject({
    decision: "budget_exceeded",
    limitSource: "budget",
    period: "monthly",
    hardMicros: 10 * CENT,
    settledMicros: 6 * CENT,
    heldMicros: 0,
    requiredMicros: 6 * CENT,
  });
});

test("a limit lowered below what is spent refuses paid casts and still lets free ones through", async () => {
  const [account, paid, free] = [
    await world.account({ hardCents: 100 }),
    await world.spell(50),
    await world.spell(0),
  ];
  const first = world.request(account, paid);
  await world.admit([first]);
  await world.settle([first]);
  await world.db.sql`update budgets set hard_limit_micros = ${20 * CENT} where account_id = ${account}`;
  const answers = await world.admit([
    world.request(account, await world.spell(1)),
    world.request(account, free),
  ]);
  expect(answers.map((a) => a.decision)).toEqual(["budget_exceeded", "admitted"]);
});

test("when several limits refuse, the one with least left is named", async () => {
  const [account, spell] = [await world.account({ hardCents: 8 }), await world.spell(9)];
  const prefix = await world.key(account, { limitCents: 5 });
  const [refused] = await world.admit([world.request(account, spell, { keyPrefix: prefix })]);
  expect(refused).toMatchObject({ decision: "key_limit_exceeded", limitSource: "key", hardMicros: 5 * CENT });
});

test("a key's own limit bounds the key and not its account", async () => {
  const [account, spell] = [await world.account(), await world.spell(2)];
  const prefix = await world.key(account, { limitCents: 5 });
  const withKey = () => world.request(account, spell, { keyPrefix: prefix });
  const answers = await world.admit([withKey(), withKey(), withKey(), world.request(account, spell)]);
  expect(answers.map((a) => a.decision)).toEqual(["admitted", "admitted", "key_limit_exceeded", "admitted"]);
});

test("an account without a card spends its allowance and no more, whatever its budget", async () => {
  const account = await world.account({ hasCard: false, hardCents: 5_000 });
  const spell = await world.spell(60);
  const answers = await world.admit([world.request(account, spell), world.request(account, spell)]);
  expect(answers.map((a) => a.decision)).toEqual(["admitted", "payment_method_required"]);
});

test("a card without a budget row is the default limit, never unlimited", async () => {
  const [account, spell] = [await world.account({ hardCents: null }), await world.spell(3_000)];
  const answers = await world.admit([world.request(account, spell), world.request(account, spell)]);
  expect(answers.map((a) => a.decision)).toEqual(["admitted", "budget_exceeded"]);
});

test("a daily budget begins anew at midnight UTC and the platform's maximum still bounds its month", async () => {
  const account = await world.account({ hardCents: 30_000, period: "daily" });
  const spell = await world.spell(30_000);
  const firstOfNextMonth = new Date(
    Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + 1, 1, 12),
  );
  const at = (day: number) => firstOfNextMonth.getTime() + day * 86_400_000 - Date.now();
  const decisions = [];
  for (const day of [0, 0, 1])
    decisions.push(...(await world.admit([world.request(account, spell)], at(day))));
  expect(decisions[0]?.decision).toBe("admitted");
  expect(decisions[1]).toMatchObject({
    decision: "budget_exceeded",
    period: "daily",
    hardMicros: 30_000 * CENT,
  });
  expect(decisions[2]).toMatchObject({
    decision: "budget_exceeded",
    period: "monthly",
    hardMicros: 50_000 * CENT,
  });
});

test("a key that is revoked, expired, another account's or without the scope is refused inside admission", async () => {
  const [account, other, spell] = [await world.account(), await world.account(), await world.spell(1)];
  const [revoked, expired, readOnly] = [
    await world.key(account),
    await world.key(account),
    await world.key(account, { scopes: ["read"] }),
  ];
  const { sql } = world.db;
  const idOf = (prefix: string) => sql`(select key_id from api_key_secrets where prefix = ${prefix})`;
  await sql`update api_keys set revoked_at = clock_timestamp() where id = ${idOf(revoked)}`;
  await sql`update api_keys set expires_at = clock_timestamp() where id = ${idOf(expired)}`;
  const answers = await world.admit([
    world.request(account, spell, { keyPrefix: revoked }),
    world.request(account, spell, { keyPrefix: expired }),
    world.request(other, spell, { keyPrefix: readOnly }),
    world.request(account, spell, { keyPrefix: readOnly }),
  ]);
  expect(answers.map((a) => a.decision)).toEqual([
    "unauthenticated",
    "unauthenticated",
    "unauthenticated",
    "insufficient_scope",
  ]);
  expect(await world.month(account)).toMatchObject({ held: 0 });
});

test("a caller's cap refuses a flat price above it and buys less fuel of a metered one", async () => {
  const [account, flat] = [await world.account(), await world.spell(5)];
  const metered = await world.spell(1, { rateMicros: 1_000, fuelLimit: 100_000_000 });
  const answers = await world.admit([
    world.request(account, flat, { maxCostMicros: 4 * CENT }),
    world.request(account, flat, { maxCostMicros: 5 * CENT }),
    world.request(account, metered, { maxCostMicros: 2 * CENT }),
  ]);
  expect(answers[0]).toMatchObject({ decision: "max_cost_exceeded", requiredMicros: 5 * CENT });
  expect(answers[1]).toMatchObject({ decision: "admitted", holdMicros: 5 * CENT });
  expect(answers[2]).toMatchObject({ decision: "admitted", fuelLimit: 10_000_000, holdMicros: 2 * CENT });
});

test("the rate counts every cast of an account, and the next minute starts anew", async () => {
  const [account, spell] = [await world.account(), await world.spell(0)];
  const settings = { ...world.settings, rateLimit: 2 };
  const batch = Array.from({ length: 3 }, () => world.request(account, spell));
  const answers = await admitCasts(world.db.sql, batch, settings, 0);
  expect(answers.map((a) => a.decision)).toEqual(["admitted", "admitted", "rate_limited"]);
  const [later] = await admitCasts(world.db.sql, [world.request(account, spell)], settings, 61_000);
  expect(later?.decision).toBe("admitted");
});

test("a repeat that stands in one batch with its first request is told that it still runs", async () => {
  const [account, spell] = [await world.account(), await world.spell(1)];
  const idempotency = { key: Buffer.from("k"), requestDigest: Buffer.alloc(32) };
  const batch = [0, 1].map(() => world.request(account, spell, { idempotency }));
  const answers = await world.admit(batch);
  expect(answers.map((a) => a.decision)).toEqual(["admitted", "in_progress"]);
  expect(await world.month(account)).toMatchObject({ held: CENT });
});
