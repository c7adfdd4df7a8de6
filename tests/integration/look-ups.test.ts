import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, type Database } from "../../server/db/connect.ts";
import { cancelCast, startCast, sweepCasts } from "../../server/db/held-casts.ts";
import { beginRequest } from "../../server/db/requests.ts";
import { admitCasts, endingOf, settleCasts } from "../support/moves.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
let one: Database;
let owner: Database;
beforeAll(async () => {
  world = await createWorld();
  // One connection, so that its own counters can be told to show themselves.
  one = connect({ url: world.appUrl, poolSize: 1, applicationName: "test" });
  owner = connect({ url: world.ownerUrl, poolSize: 1, applicationName: "test" });
});
afterAll(async () => {
  await Promise.all([one.close(), owner.close()]);
  await world.close();
});

/** How often each table was read from its beginning to its end; the ledger's head has one row, and no other way. */
async function wholeReads(): Promise<Map<string, number>> {
  await one.sql`select pg_stat_force_next_flush()`;
  const rows = await one.sql<{ name: string; reads: number }[]>`
    select relname as name, seq_scan as reads
      from pg_stat_user_tables
     where schemaname = 'public'
       and relname <> 'ledger_head'`;
  return new Map(rows.map(({ name, reads }) => [name, reads]));
}

/** How many entries of each index were read. */
async function indexReads(): Promise<Map<string, number>> {
  await one.sql`select pg_stat_force_next_flush()`;
  const rows = await one.sql<{ name: string; reads: number }[]>`
    select indexrelname as name, idx_tup_read as reads
      from pg_stat_user_indexes
     where schemaname = 'public'`;
  return new Map(rows.map(({ name, reads }) => [name, reads]));
}

test("what a batch reads does not grow with the accounts there are: plans made for few stay good for many", async () => {
  const spell = await world.spell(1);
  const small = connect({ url: world.appUrl, poolSize: 1, applicationName: "test" });
  await small.sql`select 1`;
  const moveOne = async () => {
    const account = await world.account();
    const request = world.request(account, spell, { keyPrefix: await world.key(account) });
    const [admitted] = await admitCasts(small.sql, [request], world.settings, 0);
    expect(admitted?.decision).toBe("admitted");
    const [settled] = await settleCasts(small.sql, [endingOf(request)], world.settings, 0);
    expect(settled?.outcome).toBe("settled");
    await small.sql`select pg_stat_force_next_flush()`;
    await small.sql`select 1`;
  };
  await moveOne();
  await Promise.all(Array.from({ length: 400 }, () => world.account()));
  const before = await indexReads();
  for (let batch = 0; batch < 20; batch += 1) await moveOne();
  const grown = [...(await indexReads())].map(([name, reads]) => ({
    name,
    each: (reads - (before.get(name) ?? 0)) / 20,
  }));
  // A row may leave some dead entries behind; a table's worth of accounts is 400.
  expect(grown.filter(({ each }) => each > 60)).toEqual([]);
  await small.close();
});

test("batches are admitted and settled by look-ups: no table is read whole, whatever is known of it", async () => {
  const spells = await Promise.all([world.spell(1), world.spell(2), world.spell(0)]);
  const accounts = await Promise.all(Array.from({ length: 30 }, () => world.account()));
  const requests = await Promise.all(
    accounts.map(async (account, i) =>
      world.request(account, spells[i % spells.length] ?? "", { keyPrefix: await world.key(account) }),
    ),
  );
  // The first batch makes the plans, while the tables are as small as they can be; behind the second one's they are
  // made anew, from what is known of the tables by then.
  for (const batch of [requests.slice(0, 1), requests.slice(1, 20), requests.slice(20)]) {
    if (batch.length === 10) await owner.sql`analyze`;
    const before = await wholeReads();
    const admitted = await admitCasts(one.sql, batch, world.settings, 0);
    expect(new Set(admitted.map(({ decision }) => decision))).toEqual(new Set(["admitted"]));
    const settled = await settleCasts(
      one.sql,
      batch.map((cast) => endingOf(cast)),
      world.settings,
      0,
    );
    expect(new Set(settled.map(({ outcome }) => outcome))).toEqual(new Set(["settled"]));
    expect(await wholeReads()).toEqual(before);
  }
});

test("a cast that is started or called off, one that is swept and a request that is no cast are look-ups too", async () => {
  const [account, spell] = [await world.account(), await world.spell(1)];
  const keyPrefix = await world.key(account);
  const queued = () =>
    world.request(account, spell, {
      keyPrefix,
      stdin: randomBytes(8),
      idempotency: { key: randomBytes(8), requestDigest: randomBytes(32) },
    });
  const [cancelled, overdue, started] = [queued(), queued(), queued()];
  const before = await wholeReads();
  await admitCasts(one.sql, [cancelled, overdue, started], world.settings, 0);
  const { bootId, graceMs } = world.settings;
  expect(await startCast(one.sql, started.castId, bootId, graceMs, 0)).toMatchObject({
    castId: started.castId,
  });
  expect(await cancelCast(one.sql, account, cancelled.castId, 0)).toBe(true);
  expect(await sweepCasts(one.sql, 10, world.settings.queueMs, 2 * world.settings.queueMs)).toBe(2);
  const credential = { accountId: account, keyPrefix, sessionDigest: null };
  expect(await beginRequest(one.sql, credential, 10, 0)).toMatchObject({ isOver: false });
  expect(await wholeReads()).toEqual(before);
});
