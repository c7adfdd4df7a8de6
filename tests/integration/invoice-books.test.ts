import postgres from "postgres";
import { expect, test } from "vitest";
import { closeMonths } from "../../server/services/billing/invoices/close-months.ts";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { createWorld } from "../support/world.ts";

const now = new Date();
const NEXT_MONTH_MS = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1, 12) - now.getTime();
const LONGEST_MONTH_MS = 31 * 86_400_000;

/** One account, two months, each with an invoice: the first carries a rest on, the second takes a credit off. */
async function invoicedBooks() {
  const world = await createWorld();
  const owner = postgres(world.ownerUrl, { max: 1, onnotice: () => undefined });
  const account = await world.account({ kind: "person" });
  const keyPrefix = await world.key(account);
  const spell = await world.spell(30);
  for (const [clockOffsetMs, closedAtMs] of [
    [0, NEXT_MONTH_MS],
    [NEXT_MONTH_MS, NEXT_MONTH_MS + LONGEST_MONTH_MS],
  ] as const) {
    const casts = [1, 2, 3].map(() => world.request(account, spell, { keyPrefix }));
    await world.admit(casts, clockOffsetMs);
    await world.settle(casts, { clockOffsetMs });
    await closeMonths({ db: world.db, clock: { offsetMs: closedAtMs } });
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

const LINES = "invoices that differ from their lines";
const CREDITS = "invoices that differ from the credits taken off them";
const CHAIN = "invoices that do not carry on the one before";
const MONTHS = "months whose invoices differ from their usage";
const ENTRIES = "invoices whose ledger entry is missing or has other figures";

test("invoices that were not touched agree", async () => {
  const books = await invoicedBooks();
  expect((await verifyLedger(books.world.db)).disagreements).toEqual([]);
  await books.close();
});

test.each([
  ["update invoice_lines set settled_micros = settled_micros + 1", { [LINES]: 2 }],
  ["delete from invoice_lines", { [LINES]: 2 }],
  [
    "update invoices set settled_micros = settled_micros + 1, carried_out_micros = carried_out_micros + 1",
    { [LINES]: 2, [CHAIN]: 1, [MONTHS]: 2, [ENTRIES]: 2 },
  ],
  [
    "update invoices set credit_micros = 1, carried_out_micros = carried_out_micros - 1 where number = 2",
    { [CREDITS]: 1, [ENTRIES]: 1 },
  ],
  [
    "update invoices set due_cents = due_cents + 1, carried_out_micros = carried_out_micros - 10000 where number = 2",
    { [ENTRIES]: 1 },
  ],
  ["update invoices set number = 3 where number = 2", { [CHAIN]: 1, [ENTRIES]: 1 }],
  ["update invoices set part = 2 where number = 2", { [CHAIN]: 1, [ENTRIES]: 1 }],
  ["delete from invoice_lines; delete from invoices where number = 1", { [LINES]: 1, [CHAIN]: 1 }],
] as const)("%s is found", async (change, expected) => {
  const books = await invoicedBooks();
  await books.owner.unsafe(change);
  const { disagreements } = await verifyLedger(books.world.db);
  expect(Object.fromEntries(disagreements.map(({ what, found }) => [what, found]))).toEqual(expected);
  await books.close();
});
