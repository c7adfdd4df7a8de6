import { randomInt } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Random } from "../fuzz/random.ts";
import { keepCasting, newReport, type LoadReport } from "../support/cast-load.ts";
import { printing, spinning } from "../support/spells.ts";
import { make, pidOf, type Stack } from "../support/stack.ts";
import { startTwoStacks, type TwoStacks } from "../support/two-stacks.ts";
import { callApi } from "../support/web.ts";

const ROUNDS = Number(process.env["FAULT_ROUNDS"] ?? "5");
const SEED = Number(process.env["SEED"] ?? randomInt(2 ** 31));
const CALLERS = 12;
const ROOM_CENTS = 1_000;
const RECOVERY = { timeout: 60_000, interval: 50 };

let stacks: TwoStacks;
let first: Stack;
let second: Stack;
let sql: postgres.Sql;
beforeAll(async () => {
  stacks = await startTwoStacks({ CAST_QUEUE_MS: "1", CAST_ASYNC_QUEUE_MS: "20000" });
  ({ first, second } = stacks);
  sql = postgres(first.database_url, { max: 2, onnotice: () => undefined });
  await stacks.publish("ten-cents", printing("1"), { cents: 10, wallMs: 1_000 });
  await stacks.publish("slow-ten-cents", spinning(50), { cents: 10, wallMs: 1_000 });
});
afterAll(async () => {
  await sql.end();
  await stacks.stop();
});

const call = (method: string, path: string, body?: object) =>
  callApi(first.base_url, method, path, { key: first.api_key, ...(body === undefined ? {} : { body }) });

interface Victim {
  readonly name: string;
  readonly pid: () => number;
  /** Stopped for a while instead of killed. */
  readonly isStalled: boolean;
}

const killed = (name: string, pid: () => number): Victim => ({ name, pid, isStalled: false });
const VICTIMS: readonly Victim[] = [
  killed("the first server", () => pidOf(first, "web")),
  killed("Postgres", () => pidOf(first, "postgres")),
  killed("a worker", () => pidOf(first, "worker")),
  killed("the second server", () => pidOf(second, "web")),
  { name: "the second server, which stalls,", pid: () => pidOf(second, "web"), isStalled: true },
];

const answersIn = ({ completed, queued }: LoadReport): number => completed.length + queued.length;

/** Waits until so many more casts were acknowledged, or none is any more because the limit is reached. */
async function moreAnswers(report: LoadReport, count: number): Promise<void> {
  const wanted = answersIn(report) + count;
  const refusals = () => report.statuses.get(402) ?? 0;
  const refusedBefore = refusals();
  await expect
    .poll(() => answersIn(report) >= wanted || refusals() > refusedBefore + count, RECOVERY)
    .toBe(true);
}

/** A server decides casts again, whatever it decides. */
async function serves(stack: Stack): Promise<void> {
  const status = async () =>
    (await stack.cast("ten-cents", "probe", first.api_key).catch(() => null))?.status;
  await expect.poll(status, RECOVERY).toSatisfy((seen) => seen === 200 || seen === 402);
}

/** The victim's process, when there is one: what the last death took along may still be on its way back. */
async function alive(victim: Victim): Promise<number> {
  const isThere = () => {
    try {
      return process.kill(victim.pid(), 0);
    } catch {
      return false;
    }
  };
  await expect.poll(isThere, { ...RECOVERY, message: victim.name }).toBe(true);
  return victim.pid();
}

/** Load, a death at a moment of its own, recovery. */
async function round(victim: Victim, random: Random, report: LoadReport): Promise<void> {
  const spent = (await call("GET", "/v1/budgets/usage")).body["total_cost_cents"] as number;
  const raised = await call("PUT", "/v1/budgets", { hard_limit_cents: spent + ROOM_CENTS });
  expect(raised.status).toBe(200);
  let isOver = false;
  const callers = Array.from({ length: CALLERS }, () =>
    keepCasting([first, second], first.api_key, new Random(random.u32()), report, () => isOver),
  );
  await moreAnswers(report, 5 + random.below(40));
  const pid = await alive(victim);
  process.kill(pid, victim.isStalled ? "SIGSTOP" : "SIGKILL");
  if (victim.isStalled) {
    // Callers wait at the one that stands still; the other goes on meanwhile.
    for (let i = 0; i < 20; i += 1) await serves(first);
    process.kill(pid, "SIGCONT");
  }
  await serves(first);
  await serves(second);
  await moreAnswers(report, 10);
  isOver = true;
  await Promise.all(callers);
  const { body } = await call("GET", "/v1/budgets/usage");
  const used = (body["total_cost_micros"] as number) + (body["reserved_cents"] as number) * 10_000;
  expect(used).toBeLessThanOrEqual((spent + ROOM_CENTS) * 10_000);
}

test(
  `${ROUNDS} deaths under load (SEED=${SEED}): nothing acknowledged is lost, nothing is charged twice, no limit is passed, no hold stays`,
  { timeout: 60_000 + ROUNDS * 60_000 },
  async () => {
    const random = new Random(SEED);
    const order = VICTIMS.map((victim) => ({ victim, rank: random.u32() })).sort((a, b) => a.rank - b.rank);
    const report = newReport();
    for (let i = 0; i < ROUNDS; i += 1) {
      const chosen = order[i % order.length];
      if (chosen !== undefined) await round(chosen.victim, random, report);
    }
    expect(report.completed.length).toBeGreaterThan(ROUNDS * 10);
    await expect.poll(() => sql`select 1 from holds`, { timeout: 60_000, interval: 200 }).toHaveLength(0);

    const told = report.completed.map(({ id, costMicros }) => `${id} ${costMicros}`).sort();
    const ids = [...report.completed.map(({ id }) => id), ...report.queued];
    const charged = await sql<{ told: string }[]>`
      select c.id || ' ' || c.cost_micros as told
        from casts c
        join ledger_entries e on e.subject = c.id and e.kind = 'cast.settled' and e.amount_micros = c.cost_micros
       where c.id = any (${report.completed.map(({ id }) => id)})
         and c.state = 'completed'`;
    expect(charged.map((row) => row.told).sort()).toEqual([...new Set(told)]);
    const known = await sql`select 1 from casts where id = any (${[...new Set(ids)]})`;
    expect(known).toHaveLength(new Set(ids).size);
    // No two casts had one payload, but those that were the same request sent again.
    const twice = await sql`
      select 1 from casts c join spell_versions v on v.id = c.version_id
       where c.cost_micros > 0 and v.flat_micros = 100000 and c.input_digest <> sha256(convert_to('"probe"', 'UTF8'))
       group by c.input_digest having count(*) > 1`;
    expect(twice).toHaveLength(0);
    const verified = make(["ledger-verify"], first.devDir);
    expect([await verified.exited, verified.output()]).toEqual([
      0,
      expect.stringContaining("agree to the micro"),
    ]);
    expect((await call("GET", "/v1/budgets/usage")).body).toMatchObject({ reserved_cents: 0 });
  },
);
