import postgres from "postgres";
import { expect, test } from "vitest";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { createWorld } from "../support/world.ts";

/** Settled: one cast of a card's and one of the allowance's. Held: one of each. All by keys, today. */
async function balancedBooks() {
  const world = await createWorld();
  const owner = postgres(world.ownerUrl, { max: 1, onnotice: () => undefined });
  const spell = await world.spell(1);
  for (const hasCard of [true, false]) {
    const account = await world.account({ hasCard, ...(hasCard ? {} : { hardCents: null }) });
    const keyPrefix = await world.key(account);
    const casts = [
      world.request(account, spell, { keyPrefix }),
      world.request(account, spell, { keyPrefix }),
    ];
    const decisions = (await world.admit(casts)).map(({ decision }) => decision);
    expect(decisions).toEqual(["admitted", "admitted"]);
    await world.settle(casts.slice(0, 1));
  }
  return {
    world,
    owner,
    close: async () => {
      await owner.end();
      await world.close();
    },
  };
}

const settledOf = (rows: string) => `${rows} whose usage differs from their casts`;
const heldOf = (rows: string) => `${rows} whose held amount differs from their holds`;
const MONTH = { settled: settledOf("account months"), held: heldOf("account months") };
const KEY = { settled: settledOf("key months"), held: heldOf("key months") };
const DAY = {
  settled: settledOf("account days"),
  held: "account days whose held amount or free fuel differs from their holds",
};
const ENTRY = "casts whose ledger entry is missing or has another amount";
const CREDIT = "casts whose allowance credit is missing or has another amount";
const ORPHAN = "ledger entries of casts that are not in the history";
const PERIOD = "casts that are counted in another day or month than they were admitted in";
const NO_ROW = "casts without a usage row";
const PART = "usage lines that differ from their casts";
const STRAY = "usage rows of a day or key without one of their account's month";
const NO_ROW_HELD = "holds without a usage row";

test("books that were not touched agree", async () => {
  const books = await balancedBooks();
  expect(await verifyLedger(books.world.db)).toMatchObject({ entries: 3, disagreements: [] });
  await books.close();
});

const one = (table: string, key: string) => `(select min(${key}::text)::uuid from ${table})`;

test.each([
  ["update usage_days set settled_micros = settled_micros + 1", { [DAY.settled]: 2 }],
  ["update usage_days set calls = calls - 1", { [DAY.settled]: 2 }],
  ["update usage_days set held_micros = held_micros - 1", { [DAY.held]: 2 }],
  ["update usage_days set free_fuel_held = 1", { [DAY.held]: 2 }],
  ["update usage_months set settled_micros = settled_micros + 1", { [MONTH.settled]: 2 }],
  ["update usage_months set calls = calls + 1", { [MONTH.settled]: 2 }],
  [
    "update usage_months set allowance_settled_micros = 9999 where allowance_settled_micros > 0",
    { [MONTH.settled]: 1 },
  ],
  ["update usage_months set held_micros = held_micros + 1", { [MONTH.held]: 2 }],
  ["update usage_months set allowance_held_micros = 1", { [MONTH.held]: 2 }],
  ["update key_usage_months set settled_micros = settled_micros - 1", { [KEY.settled]: 2 }],
  ["update key_usage_months set held_micros = held_micros + 1", { [KEY.held]: 2 }],
  ["update usage_lines set settled_micros = settled_micros + 1", { [PART]: 4 }],
  ["update usage_lines set fuel = fuel + 1", { [PART]: 4 }],
  ["delete from usage_lines", { [PART]: 2 }],
  ["delete from key_usage_months", { [KEY.settled]: 2, [KEY.held]: 2, [NO_ROW]: 2 }],
  ["delete from usage_days", { [DAY.settled]: 2, [DAY.held]: 2, [NO_ROW]: 2 }],
  ["delete from usage_months", { [NO_ROW]: 2, [STRAY]: 4, [NO_ROW_HELD]: 2 }],
  [
    "update casts set cost_micros = cost_micros - 1 where funding = 'card'",
    { [ENTRY]: 1, [MONTH.settled]: 1, [DAY.settled]: 1, [KEY.settled]: 1, [PART]: 2 },
  ],
  ["update casts set funding = 'card'", { [CREDIT]: 1, [MONTH.settled]: 1, [PART]: 2 }],
  [
    `delete from casts where id = ${one("casts", "id")}`,
    {
      [ORPHAN]: expect.any(Number) as number,
      [MONTH.settled]: 1,
      [DAY.settled]: 1,
      [KEY.settled]: 1,
      [PART]: 1,
    },
  ],
  [
    "update casts set day = day + 40, month = month + interval '1 month'",
    { [PERIOD]: 2, [NO_ROW]: 2, [DAY.settled]: 4, [PART]: 4 },
  ],
  [`update casts set key_id = null where funding = 'card'`, { [KEY.settled]: 1, [PART]: 2 }],
  ["delete from holds where funding = 'card'", { [MONTH.held]: 1, [DAY.held]: 1, [KEY.held]: 1 }],
])("it is reported, and nothing else, after: %s", async (statement, expected) => {
  const books = await balancedBooks();
  await books.owner.unsafe(statement);
  const { disagreements } = await verifyLedger(books.world.db);
  await books.close();
  expect(Object.fromEntries(disagreements.map(({ what, found }) => [what, found]))).toEqual(expected);
});

test("casts that settle while the books are compared are no disagreement", async () => {
  const books = await balancedBooks();
  const { world } = books;
  const spell = await world.spell(1);
  const account = await world.account();
  const keyPrefix = await world.key(account);
  const over = new AbortController();
  const casting = (async () => {
    let settled = 0;
    for (; !over.signal.aborted; settled += 10) {
      const casts = Array.from({ length: 10 }, () => world.request(account, spell, { keyPrefix }));
      await world.admit(casts);
      await world.settle(casts);
    }
    return settled;
  })();
  for (let round = 0; round < 5; round += 1) {
    expect((await verifyLedger(world.db)).disagreements).toEqual([]);
  }
  over.abort();
  expect(await casting).toBeGreaterThan(0);
  await books.close();
});
