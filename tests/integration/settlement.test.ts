import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { moveCasts } from "../../server/db/casts.ts";
import type { Sql } from "../../server/db/connect.ts";
import { sweepCasts } from "../../server/db/held-casts.ts";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { endingOf } from "../support/moves.ts";
import { CENT, createWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Far beyond every deadline. */
const LATER_MS = 3_600_000;

test("settling twice charges once and gives the same outcome", async () => {
  const [account, spell] = [await world.account(), await world.spell(3)];
  const cast = world.request(account, spell);
  await world.admit([cast]);
  const first = await world.settle([cast]);
  const again = await world.settle([cast]);
  expect(first[0]).toMatchObject({ outcome: "settled", costMicros: 3 * CENT, errorCode: null });
  expect(again).toEqual(first);
  expect(await world.month(account)).toEqual({ settled: 3 * CENT, held: 0, calls: 1, allowanceSettled: 0 });
});

test("a cast without a hold is lost: no charge, no entry, no history", async () => {
  const account = await world.account();
  const before = await verifyLedger(world.db);
  const [settlement] = await world.settle([world.request(account, "any")]);
  expect(settlement).toMatchObject({ outcome: "lost", costMicros: null, ledgerSeq: null });
  expect((await verifyLedger(world.db)).entries).toBe(before.entries);
});

test("a cast that failed is free, counted and in the ledger", async () => {
  const [account, spell] = [await world.account(), await world.spell(3)];
  const cast = world.request(account, spell);
  await world.admit([cast]);
  const [settlement] = await world.settle([cast], { errorCode: "WASM_TRAP" });
  expect(settlement).toMatchObject({ outcome: "settled", costMicros: 0, errorCode: "WASM_TRAP" });
  expect(await world.month(account)).toMatchObject({ settled: 0, held: 0, calls: 1 });
});

test("more fuel than the hold bought is refused and nothing of the batch moves", async () => {
  const account = await world.account();
  const spell = await world.spell(0, { rateMicros: 1_000, fuelLimit: 1_000_000 });
  const cast = world.request(account, spell);
  await world.admit([cast]);
  await expect(world.settle([cast], { fuelUsed: 1_000_001 })).rejects.toThrow(
    /casts_(?:fuel_within_limit|cost_within_hold)/,
  );
  expect(await world.month(account)).toMatchObject({ settled: 0, held: 1_000 });
  const [settlement] = await world.settle([cast], { fuelUsed: 1_000_000 });
  expect(settlement).toMatchObject({ costMicros: 1_000 });
});

test("when sweep and settlement race for the same casts, each ends exactly once", async () => {
  const [account, spell] = [await world.account(), await world.spell(1)];
  const casts = Array.from({ length: 60 }, () => world.request(account, spell));
  await world.admit(casts);
  const sweeps = Array.from({ length: 5 }, () =>
    sweepCasts(world.db.sql, 10, world.settings.queueMs, LATER_MS),
  );
  const outcomes = (await Promise.all(casts.map((cast) => world.settle([cast])))).flat();
  await Promise.all(sweeps);
  const paid = outcomes.filter((o) => o.errorCode === null).length;
  expect(outcomes.every((o) => o.outcome === "settled")).toBe(true);
  expect(await world.month(account)).toEqual({
    settled: paid * CENT,
    held: 0,
    calls: 60,
    allowanceSettled: 0,
  });
  expect((await verifyLedger(world.db)).disagreements).toEqual([]);
});

test("an overdue cast is swept free of charge and a settlement that comes later cannot charge it", async () => {
  const [account, spell] = [await world.account(), await world.spell(2)];
  const cast = world.request(account, spell);
  await world.admit([cast]);
  expect(await sweepCasts(world.db.sql, 100, world.settings.queueMs, 0)).toBe(0);
  expect(await sweepCasts(world.db.sql, 100, world.settings.queueMs, LATER_MS)).toBe(1);
  const [late] = await world.settle([cast]);
  expect(late).toMatchObject({ outcome: "settled", errorCode: "INTERRUPTED", costMicros: 0 });
  expect(await world.month(account)).toMatchObject({ settled: 0, held: 0, calls: 1 });
});

test("what a sweep ends is dated after what others did to the account while it waited for it", async () => {
  const [account, spell] = [await world.account(), await world.spell(2)];
  const cast = world.request(account, spell);
  await world.admit([cast]);
  const { sql } = world.db;
  let swept: Promise<number> | undefined;
  const [lockedUntil] = await sql.begin(async (holder) => {
    await holder`select 1 from accounts where id = ${account} for no key update`;
    swept = sweepCasts(sql, 100, world.settings.queueMs, LATER_MS);
    await expect
      .poll(
        () =>
          sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      .toHaveLength(1);
    return holder<[{ at: Date }]>`select clock_timestamp() as at`;
  });
  expect(await swept).toBe(1);
  const [ended] = await sql<{ at: Date }[]>`select ended_at as at from casts where id = ${cast.castId}`;
  expect((ended?.at.getTime() ?? 0) - LATER_MS).toBeGreaterThanOrEqual(lockedUntil.at.getTime());
});

test("a cast belongs to the day and month of its admission, however late it ends", async () => {
  const [account, spell] = [await world.account(), await world.spell(2)];
  const now = new Date();
  const lastSecond = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1) - 1_000;
  const cast = world.request(account, spell);
  const [admission] = await world.admit([cast], lastSecond - Date.now());
  expect(admission?.decision).toBe("admitted");
  await world.settle([cast], { clockOffsetMs: lastSecond + 3_000 - Date.now() });
  const month = new Date(lastSecond).toISOString().slice(0, 8);
  expect(await world.month(account, `${month}01`)).toMatchObject({ settled: 2 * CENT, held: 0 });
  const rows = await world.db.sql`select 1 from usage_months where account_id = ${account}`;
  expect(rows).toHaveLength(1);
});

test("what the allowance paid is credited in the same transaction", async () => {
  const [account, spell] = [await world.account({ hasCard: false, hardCents: null }), await world.spell(5)];
  const cast = world.request(account, spell);
  await world.admit([cast]);
  await world.settle([cast]);
  const entries = await world.db.sql`
    select kind, amount_micros as amount from ledger_entries where subject = ${cast.castId} order by seq`;
  expect(entries).toEqual([
    { kind: "cast.settled", amount: 5 * CENT },
    { kind: "credit.allowance", amount: -5 * CENT },
  ]);
  expect(await world.month(account)).toMatchObject({ settled: 5 * CENT, allowanceSettled: 5 * CENT });
});

test("one batch may settle casts of many accounts while others settle theirs the other way round", async () => {
  const spell = await world.spell(1);
  const accounts = await Promise.all(Array.from({ length: 8 }, () => world.account()));
  const casts = accounts.flatMap((account) => Array.from({ length: 4 }, () => world.request(account, spell)));
  await world.admit(casts);
  const batches = [
    casts.slice(0, 16),
    casts.slice(16),
    [...casts].reverse().slice(0, 16),
    [...casts].reverse(),
  ];
  const outcomes = (await Promise.all(batches.map((batch) => world.settle(batch)))).flat();
  expect(outcomes.every((o) => o.costMicros === CENT)).toBe(true);
  for (const account of accounts) {
    expect(await world.month(account)).toEqual({ settled: 4 * CENT, held: 0, calls: 4, allowanceSettled: 0 });
  }
});

test("settlement answers in the order asked, also for casts it does not know", async () => {
  const [account, spell] = [await world.account(), await world.spell(0)];
  const casts = Array.from({ length: 3 }, () => world.request(account, spell));
  await world.admit(casts);
  const stranger = { ...world.request(account, spell), castId: randomUUID() };
  const asked = [casts[2], stranger, casts[0], casts[1]].filter((cast) => cast !== undefined);
  const answers = await world.settle(asked);
  expect(answers.map((a) => a.castId)).toEqual(asked.map((cast) => cast.castId));
  expect(answers.map((a) => a.outcome)).toEqual(["settled", "lost", "settled", "settled"]);
});

test("batches that admit and settle casts of the same accounts, each in another order, at the same time", async () => {
  const spell = await world.spell(2);
  const accounts = await Promise.all(Array.from({ length: 6 }, () => world.account()));
  const requestsOf = (owners: readonly string[]) => owners.map((account) => world.request(account, spell));
  const first = requestsOf(accounts);
  await world.admit(first);
  const endings = first.map((cast) => endingOf(cast));
  const batches = [
    { requests: requestsOf(accounts.slice(0, 3)), endings: endings.slice(3).reverse() },
    { requests: requestsOf(accounts.slice(3).reverse()), endings: endings.slice(0, 3) },
    { requests: requestsOf([...accounts].reverse()), endings: [] },
  ];
  const moved = await Promise.all(batches.map((batch) => moveCasts(world.db.sql, batch, world.settings, 0)));
  moved.forEach(({ admissions, settlements }, i) => {
    expect(admissions.map(({ castId }) => castId)).toEqual(batches[i]?.requests.map(({ castId }) => castId));
    expect(settlements.map(({ castId }) => castId)).toEqual(batches[i]?.endings.map(({ castId }) => castId));
    expect(admissions.every(({ decision }) => decision === "admitted")).toBe(true);
    expect(
      settlements.every(({ outcome, costMicros }) => outcome === "settled" && costMicros === 2 * CENT),
    ).toBe(true);
  });
  for (const account of accounts) {
    expect(await world.month(account)).toMatchObject({ settled: 2 * CENT, held: 4 * CENT, calls: 1 });
  }
  expect((await verifyLedger(world.db)).disagreements).toEqual([]);
});

test("a batch waits for the disk when it settles, and when it only admits it does not", async () => {
  const [account, spell] = [await world.account(), await world.spell(1)];
  const settingAfter = (batch: Parameters<typeof moveCasts>[1]) =>
    world.db.sql.begin(async (transaction) => {
      // A transaction answers the same calls as the pool it was taken from; only its type has fewer.
      await moveCasts(transaction as unknown as Sql, batch, world.settings, 0);
      const [row] = await transaction<[{ setting: string }]>`
        select current_setting('synchronous_commit') as setting`;
      return row.setting;
    });
  const request = world.request(account, spell);
  const ending = endingOf(request);
  expect(await settingAfter({ requests: [request], endings: [] })).toBe("off");
  expect(await settingAfter({ requests: [world.request(account, spell)], endings: [ending] })).toBe("on");
});
