/** The run over all accounts: its batches, its pace, and what becomes of it when something is in its way. */
import { asc, inArray } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { invoices } from "../../drizzle/schema/index.ts";
import { closeInvoices } from "../../server/db/invoices.ts";
import { closeMonths, MONTHLY_PACE } from "../../server/services/billing/invoices/close-months.ts";
import { verifyLedger } from "../../server/services/ledger/verify.ts";
import { AFTER_NEXT_MS, NEXT_MONTH_MS } from "../support/billed-world.ts";
import { CENT, createWorld, type World } from "../support/world.ts";

const THIS_MONTH = `${new Date().toISOString().slice(0, 7)}-01`;
const FAST = { ...MONTHLY_PACE, share: 1 };

let world: World;
let owner: postgres.Sql;
let queue: postgres.Sql;
let spell: string;
beforeAll(async () => {
  world = await createWorld();
  owner = postgres(world.ownerUrl, { max: 1, onnotice: () => undefined });
  queue = postgres(world.workerUrl, { max: 1, onnotice: () => undefined });
  spell = await world.spell(60);
});
afterAll(async () => {
  await Promise.all([owner.end(), queue.end()]);
  await world.close();
});

const run = (offsetMs = NEXT_MONTH_MS, pace = FAST) =>
  closeMonths({ db: world.db, clock: { offsetMs } }, pace);

interface Caster {
  readonly id: string;
  readonly key: string;
}

/** People, in the order in which a run comes to them. */
async function people(count: number): Promise<Caster[]> {
  const made = [];
  for (let left = count; left > 0; left -= 1) {
    const id = await world.account({ kind: "person" });
    made.push({ id, key: await world.key(id) });
  }
  return made.sort((a, b) => (a.id < b.id ? -1 : 1));
}

const requestOf = ({ id, key }: Caster) => world.request(id, spell, { keyPrefix: key });

async function cast(casters: readonly Caster[], clockOffsetMs = 0): Promise<void> {
  const requests = casters.map(requestOf);
  await world.admit(requests, clockOffsetMs);
  await world.settle(requests, { clockOffsetMs });
}

const invoicesOf = (ids: readonly string[]) =>
  world.db.drizzle
    .select()
    .from(invoices)
    .where(inArray(invoices.accountId, [...ids]))
    .orderBy(asc(invoices.accountId), asc(invoices.number));

const disagreements = async () => (await verifyLedger(world.db)).disagreements;

test("accounts of one batch are closed in one transaction, and collected one after another, after what is urgent", async () => {
  const some = await people(5);
  await cast(some);
  const before = Date.now();
  expect(await run(NEXT_MONTH_MS, { ...FAST, batch: 5, collectedPerSecond: 2 })).toEqual({
    closed: 5,
    waiting: 0,
    isWhole: true,
  });
  const made = await invoicesOf(some.map(({ id }) => id));
  expect(made.map(({ accountId, dueCents }) => [accountId, dueCents])).toEqual(
    some.map(({ id }) => [id, 60]),
  );
  expect(new Set(made.map(({ closedAt }) => closedAt.getTime())).size).toBe(1);

  const jobs = await queue<{ invoice: string; priority: number; run_at: Date }[]>`
    select j.payload ->> 'invoice_id' as invoice, j.priority, j.run_at
      from graphile_worker._private_jobs j
     where j.payload ->> 'invoice_id' = any (${made.map(({ id }) => id)})
     order by j.run_at`;
  expect(jobs.map(({ invoice }) => invoice)).toEqual(made.map(({ id }) => id));
  expect(new Set(jobs.map(({ priority }) => priority))).toEqual(new Set([10]));
  const lateMs = jobs.map(({ run_at: runAt }) => runAt.getTime() - before);
  lateMs.forEach((ms, nth) => {
    expect(ms).toBeGreaterThanOrEqual(nth * 500 - 100);
    expect(ms).toBeLessThan(nth * 500 + 2_000);
  });
  expect(await disagreements()).toEqual([]);
});

test("a month that waits keeps the account's later month open, in the batch and in those after it, and nobody else's", async () => {
  const [first, busy, last] = await people(3);
  if (first === undefined || busy === undefined || last === undefined) throw new Error("nobody came");
  const running = requestOf(busy);
  await world.admit([running]);
  await cast([first, busy, last]);
  await cast([busy], NEXT_MONTH_MS);
  for (const batch of [10, 1]) {
    expect((await run(AFTER_NEXT_MS, { ...FAST, batch })).waiting).toBe(2);
    expect((await invoicesOf([first.id, busy.id, last.id])).map(({ accountId }) => accountId)).toEqual([
      first.id,
      last.id,
    ]);
  }
  await world.settle([running]);
  expect(await run(AFTER_NEXT_MS)).toEqual({ closed: 2, waiting: 0, isWhole: true });
  const parts = await invoicesOf([busy.id]);
  expect(parts.map(({ number, settledMicros }) => [number, settledMicros / CENT])).toEqual([
    [1, 120],
    [2, 60],
  ]);
  expect(parts[0] && parts[1] && parts[0].month < parts[1].month).toBe(true);
  expect(await disagreements()).toEqual([]);
});

test("an account that cannot be closed keeps no other open, and is told", async () => {
  const some = await people(4);
  await cast(some);
  const broken = some[1]?.id ?? "";
  const others = some.map(({ id }) => id).filter((id) => id !== broken);
  await owner.unsafe(`
    create function break_one() returns trigger language plpgsql as $$
    begin
      if new.account_id = '${broken}' then raise exception 'broken'; end if;
      return new;
    end;
    $$;
    create trigger break_one before insert on invoices for each row execute function break_one()`);
  await expect(run()).rejects.toThrow("1 months could not be closed");
  expect((await invoicesOf([broken, ...others])).map(({ accountId }) => accountId)).toEqual(others);
  await owner`drop trigger break_one on invoices`;
  expect(await run()).toEqual({ closed: 1, waiting: 0, isWhole: true });
  expect(await disagreements()).toEqual([]);
});

test("a run that is called off stops between two batches, and the next makes up for it", async () => {
  const some = await people(6);
  await cast(some);
  const leaving = new AbortController();
  const parts = { db: world.db, clock: { offsetMs: NEXT_MONTH_MS } };
  // Rests for so long that it is surely called off in a rest.
  const running = closeMonths(parts, { ...MONTHLY_PACE, batch: 2, share: 0.000_01 }, leaving.signal);
  const ids = some.map(({ id }) => id);
  await expect.poll(async () => (await invoicesOf(ids)).length).toBe(2);
  leaving.abort();
  expect(await running).toEqual({ closed: 2, waiting: 0, isWhole: false });
  expect(await invoicesOf(ids)).toHaveLength(2);
  expect(await run()).toEqual({ closed: 4, waiting: 0, isWhole: true });
});

test("runs that meet each other and casts that settle: every cast is in one part, and nothing waits in a circle", async () => {
  const some = await people(12);
  const requests = Array.from({ length: 10 }, () => some.map(requestOf));
  for (const batch of requests) await world.admit(batch);
  const settle = requests.map(async (batch, nth) => {
    await world.settle(nth % 2 === 0 ? batch : [...batch].reverse());
  });
  const sizes = [1, 3, 7];
  const runs = await Promise.all([
    ...sizes.map((batch) => run(NEXT_MONTH_MS, { ...FAST, batch })),
    ...settle,
  ]);
  expect(runs).toHaveLength(13);
  const { waiting } = await run();
  expect(waiting).toBe(0);
  const made = await invoicesOf(some.map(({ id }) => id));
  expect(made.map(({ settledMicros }) => settledMicros)).toEqual(some.map(() => 10 * 60 * CENT));
  const entries = await world.db.sql`
    select e.subject from ledger_entries e where e.kind = 'invoice.made' and e.subject = any (${made.map(({ id }) => id)}::uuid[])`;
  expect(entries).toHaveLength(12);
  expect(await disagreements()).toEqual([]);
});

test("batches take their accounts in one order, whatever order they name them in", async () => {
  const some = await people(8);
  await cast(some);
  const months = some.map(({ id: accountId }) => ({ accountId, month: THIS_MONTH, collectInMs: 0 }));
  const lists = [months, [...months].reverse(), months.slice(3), months.slice(0, 5).reverse()];
  const locked = some[4]?.id ?? "";
  let calls: Promise<unknown>[] = [];
  await owner.begin(async (tx) => {
    await tx`select 1 from accounts where id = ${locked} for no key update`;
    calls = lists.map((list) => closeInvoices(world.db.sql, list, NEXT_MONTH_MS));
    const waiting = async () => {
      const [row] = await tx<[{ count: number }]>`
        select count(*)::integer as count from pg_locks l where not l.granted`;
      return row.count;
    };
    await expect.poll(waiting, { timeout: 3_000 }).toBeGreaterThanOrEqual(lists.length);
  });
  await Promise.all(calls);
  expect(await invoicesOf(some.map(({ id }) => id))).toHaveLength(8);
});
