import { afterAll, beforeAll, expect, test } from "vitest";
import { SCOPES } from "../../server/context.ts";
import { readOverview, type OverviewView } from "../../server/services/usage/overview.ts";
import { replaceBudget } from "../../server/services/budgets/set.ts";
import { command, publishSamples, publishWat, spinning } from "../support/spells.ts";
import { startTestWeb, type Person, type TestWeb } from "../support/web.ts";

const DAY_MS = 86_400_000;
const clock = { offsetMs: 0 };
let web: TestWeb;
beforeAll(async () => {
  web = await startTestWeb({ clock });
  await publishSamples(web.platform, "echo");
  await publishWat(web.platform, "metered", spinning(1), { rateMicros: 1_000, fuel: 50_000_000 });
  await publishWat(web.platform, "failing", command("unreachable"), { cents: 1, fuel: 1_000_000 });
  // Noon of the month's first day: no day or month ends under a test.
  const now = new Date();
  clock.offsetMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1, 12) - now.getTime();
});
afterAll(() => web.close());

const today = () => new Date(Date.now() + clock.offsetMs).toISOString().slice(0, 10);

function contextOf({ accountId }: Person, scopes: typeof SCOPES | readonly [] = SCOPES) {
  const credential = { accountId, keyPrefix: null, sessionDigest: null };
  return { ...web.platform, actor: { credential, accountId, scopes }, requestId: "test" };
}

async function overview({ sessionToken }: Person): Promise<OverviewView> {
  const { status, body } = await web.call("GET", "/trpc/usage.overview", { key: sessionToken });
  expect(status).toBe(200);
  return (body as unknown as { result: { data: OverviewView } }).result.data;
}

test("an account that never cast has its limits, and nothing in them", async () => {
  const { usage, limit, month, settings, today: day } = await overview(await web.person());
  expect(usage).toMatchObject({
    period: "monthly",
    total_calls: 0,
    total_cost_micros: 0,
    remaining_cents: 5_000,
  });
  expect(limit).toMatchObject({
    source: "default",
    hard_micros: 50_000_000,
    left_micros: 50_000_000,
    held_micros: 0,
  });
  expect(month).toMatchObject({ from: `${today().slice(0, 7)}-01`, days: [], spells: [] });
  // The month's last day is followed by the instant its limit ends.
  expect(new Date(Date.parse(month.to) + DAY_MS).toISOString()).toBe(limit.period_end);
  expect(day).toBe(today());
  expect(settings).toMatchObject({
    is_chosen: false,
    card: { brand: "visa", last4: "4242" },
    max_limit_cents: 50_000,
    default_limit_cents: 5_000,
    allowance_cents: 100,
  });
});

test("casts of two days add up to the same by day, by spell and in the limit", async () => {
  const person = await web.person({ hardCents: 2_000 });
  const firstDay = today();
  await web.cast(person.apiKey, "echo", 1);
  await web.cast(person.apiKey, "metered", 1);
  await web.cast(person.apiKey, "failing", 1);
  clock.offsetMs += DAY_MS;
  await web.cast(person.apiKey, "echo", 1);
  const { usage, limit, month, settings } = await overview(person);
  expect(month.days.map(({ day, calls }) => [day, calls])).toEqual([
    [firstDay, 3],
    [today(), 1],
  ]);
  expect(month.spells.map((row) => [row.spell_name, row.calls])).toEqual([
    ["echo", 2],
    ["metered", 1],
    ["failing", 1],
  ]);
  const sum = (rows: readonly { cost_micros: number }[]) =>
    rows.reduce((all, row) => all + row.cost_micros, 0);
  expect(sum(month.days)).toBeGreaterThan(20_000);
  expect([sum(month.days), sum(month.spells), limit.spent_micros]).toEqual(
    Array.from({ length: 3 }, () => usage.total_cost_micros),
  );
  expect(limit).toMatchObject({ source: "chosen", hard_micros: 20_000_000 });
  expect(limit.left_micros).toBe(20_000_000 - limit.spent_micros);
  expect(settings).toMatchObject({ is_chosen: true, budget: { hard_limit_cents: 2_000 } });
  clock.offsetMs -= DAY_MS;
});

test("without a card the allowance is the limit in force, and a lower budget of one's own goes before it", async () => {
  const person = await web.person({ hasCard: false });
  await web.cast(person.apiKey, "echo", 1);
  expect(await overview(person)).toMatchObject({
    limit: { source: "allowance", hard_micros: 1_000_000, spent_micros: 10_000, left_micros: 990_000 },
    settings: { card: null, budget: null, is_chosen: false },
  });
  const lower = {
    period: "daily" as const,
    soft_limit_cents: null,
    hard_limit_cents: 50,
    notify_thresholds: [70],
  };
  await replaceBudget(contextOf(person), lower);
  const { usage, limit, settings } = await overview(person);
  expect(limit).toMatchObject({ source: "chosen", period: "daily", hard_micros: 500_000 });
  expect(limit.period_end).toBe(usage.period_end);
  expect(settings.is_chosen).toBe(true);
});

test("a daily budget leaves a month the operator's maximum", async () => {
  const bounded = await startTestWeb({ env: { BUDGET_MAX_CENTS: "5000" }, database: web.database });
  const person = await bounded.person();
  await replaceBudget(
    { ...contextOf(person), config: bounded.platform.config },
    { period: "daily", soft_limit_cents: null, hard_limit_cents: 5_000, notify_thresholds: [] },
  );
  await web.platform.db.sql`
    insert into usage_months (account_id, month, settled_micros)
    values (${person.accountId}, ${`${new Date().toISOString().slice(0, 7)}-01`}, 49_000_000)`;
  const { limit } = await readOverview({ ...contextOf(person), ...bounded.platform });
  expect(limit).toMatchObject({ source: "ceiling", period: "monthly", left_micros: 1_000_000 });
  await bounded.close();
});

test("what runs is held, and the figures are another account's never", async () => {
  const [mine, theirs] = [await web.person(), await web.person()];
  await web.cast(theirs.apiKey, "echo", 1);
  await web.platform.db.sql`
    insert into usage_months (account_id, month, held_micros)
    values (${mine.accountId}, ${`${today().slice(0, 7)}-01`}, 30_000)`;
  expect(await overview(mine)).toMatchObject({
    usage: { total_calls: 0, reserved_cents: 3 },
    limit: { held_micros: 30_000, left_micros: 49_970_000 },
    month: { days: [], spells: [] },
  });
});

test("who may not read sees nothing", async () => {
  await expect(readOverview(contextOf(await web.person(), []))).rejects.toMatchObject({
    error: "insufficient_scope",
  });
  expect((await web.call("GET", "/trpc/usage.overview")).status).toBe(401);
});
