import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { checkServer } from "../../server/db/check-server.ts";
import { connect } from "../../server/db/connect.ts";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
let owner: postgres.Sql;
beforeAll(async () => {
  world = await createWorld();
  owner = postgres(world.ownerUrl, { max: 1, onnotice: () => undefined });
});
beforeEach(async () => {
  const [account, spell] = [await world.account(), await world.spell(1)];
  const casts = Array.from({ length: 5 }, () => world.request(account, spell));
  await world.admit(casts);
  await world.settle(casts);
});
afterAll(async () => {
  await owner.end();
  await world.close();
});

/** Changes history as only the owner can, who has to switch the guard off first; the change is undone at the end. */
async function tampered(change: (sql: postgres.TransactionSql) => Promise<unknown>): Promise<unknown> {
  await owner`alter table ledger_entries disable trigger user`;
  try {
    await owner`create table kept as table ledger_entries`;
    await owner.begin(change);
    return await verifyLedger(world.db).then(
      (report) => report,
      (error: unknown) => error,
    );
  } finally {
    await owner.begin(async (sql) => {
      await sql`delete from ledger_entries`;
      await sql`insert into ledger_entries select * from kept`;
      await sql`drop table kept`;
    });
    await owner`alter table ledger_entries enable trigger user`;
  }
}

test("an untouched ledger verifies: no gap, every hash follows, books agree", async () => {
  const report = await verifyLedger(world.db);
  expect(report.entries).toBeGreaterThanOrEqual(5);
  expect(report.disagreements).toEqual([]);
});

test.each([
  "update ledger_entries set amount_micros = 0",
  "delete from ledger_entries",
  "truncate ledger_entries",
  "delete from ledger_head",
  "truncate ledger_head",
])("the application and the owner are both refused: %s", async (statement) => {
  await expect(world.db.sql.unsafe(statement)).rejects.toThrow(/permission denied|append-only/);
  await expect(owner.unsafe(statement)).rejects.toThrow(/append-only/);
});

test.each([
  "insert into ledger_entries select * from ledger_entries",
  "update ledger_head set seq = 0",
  "alter table ledger_entries disable trigger user",
  "drop table ledger_entries",
])("the application is refused: %s", async (statement) => {
  await expect(world.db.sql.unsafe(statement)).rejects.toThrow(/permission denied|must be owner/);
});

test("a changed amount, a removed entry and changed details are found at their place", async () => {
  expect(
    await tampered((sql) => sql`update ledger_entries set amount_micros = 1 where seq = 3`),
  ).toMatchObject({
    name: "BrokenChain",
    seq: 3,
  });
  expect(await tampered((sql) => sql`delete from ledger_entries where seq = 2`)).toMatchObject({
    name: "BrokenChain",
    seq: 3,
  });
  const details = Buffer.from("{}");
  expect(
    await tampered((sql) => sql`update ledger_entries set details = ${details} where seq = 4`),
  ).toMatchObject({
    name: "BrokenChain",
    seq: 4,
  });
});

test("a cut tail is found, because the head knows better", async () => {
  const last = (await verifyLedger(world.db)).entries;
  expect(await tampered((sql) => sql`delete from ledger_entries where seq = ${last}`)).toMatchObject({
    name: "BrokenChain",
  });
});

test("usage that says more than the casts is reported", async () => {
  await owner`update usage_months set settled_micros = settled_micros + 1 where calls = 5`;
  const report = await verifyLedger(world.db);
  await owner`update usage_months set settled_micros = settled_micros - 1 where calls = 5`;
  expect(report.disagreements).toMatchObject([
    { what: "account months whose usage differs from their casts" },
  ]);
});

test("concurrent appends leave no gap", async () => {
  const spell = await world.spell(1);
  const accounts = await Promise.all(Array.from({ length: 10 }, () => world.account()));
  await Promise.all(
    accounts.map(async (account) => {
      const cast = world.request(account, spell);
      await world.admit([cast]);
      await world.settle([cast]);
    }),
  );
  expect((await verifyLedger(world.db)).disagreements).toEqual([]);
});

test("a process refuses to start with the owner's role, and starts with the application's", async () => {
  const asOwner = connect({ url: world.ownerUrl, poolSize: 1, applicationName: "test" });
  await expect(checkServer(asOwner.sql)).rejects.toThrow(/could rewrite the ledger/);
  await asOwner.close();
  await expect(checkServer(world.db.sql)).resolves.toBeUndefined();
});
