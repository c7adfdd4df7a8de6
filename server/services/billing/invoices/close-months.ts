import { setTimeout as pause } from "node:timers/promises";
import type { Platform } from "../../../context.ts";
import { isUnavailable } from "../../../db/failures.ts";
import {
  closeInvoices,
  listOpenMonths,
  type Closing,
  type MonthClosing,
  type OpenMonth,
} from "../../../db/invoices.ts";

const PAGE_SIZE = 500;

/**
 * How gentle a run is. Casts go on beside it: those of the accounts in a batch wait for the batch, and all wait where
 * it has the ledger's head, from its append to its commit.
 */
export interface MonthlyPace {
  /** Months closed in one transaction. */
  readonly batch: number;
  /** Of the time, how much the run is at work; after each batch it rests for as long as that asks. */
  readonly share: number;
  /** Collections that fall due in a second, counted from the run's beginning. */
  readonly collectedPerSecond: number;
}

/** Ten thousand months are closed within two minutes or so and collected within ten. */
export const MONTHLY_PACE: MonthlyPace = { batch: 5, share: 0.15, collectedPerSecond: 20 };

/** What a run did. */
export interface MonthlyRun {
  /** Months that got their last part. */
  readonly closed: number;
  /** Months of accounts whose last casts still run: the run is to be made again. */
  readonly waiting: number;
  /** Every month that is over was looked at; else the run was ended before. */
  readonly isWhole: boolean;
}

type Parts = Pick<Platform, "db" | "clock">;

type Outcome = Closing["outcome"] | "failed";

/** Its account's later months wait for it, because each carries on what the one before left. */
const isStuck = (outcome: Outcome) => outcome === "held" || outcome === "failed";

/** Closes a batch; where that fails, each of its months for itself: one that cannot be closed keeps no other open. */
async function closeBatch(
  parts: Parts,
  batch: readonly MonthClosing[],
  failures: unknown[],
): Promise<Outcome[]> {
  try {
    const closings = await closeInvoices(parts.db.sql, batch, parts.clock.offsetMs);
    return closings.map(({ outcome }) => outcome);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    if (batch.length === 1) {
      failures.push(error);
      return ["failed"];
    }
    const outcomes: Outcome[] = [];
    let stuckAccount: string | null = null;
    for (const month of batch) {
      const outcome: Outcome =
        month.accountId === stuckAccount
          ? "held"
          : ((await closeBatch(parts, [month], failures))[0] ?? "failed");
      if (isStuck(outcome)) stuckAccount = month.accountId;
      outcomes.push(outcome);
    }
    return outcomes;
  }
}

async function* batchesOf({ db, clock }: Parts, size: number): AsyncGenerator<readonly OpenMonth[]> {
  for (let after: OpenMonth | undefined; ;) {
    const page = await listOpenMonths(db.sql, clock.offsetMs, PAGE_SIZE, after);
    for (let from = 0; from < page.length; from += size) yield page.slice(from, from + size);
    if (page.length < PAGE_SIZE) return;
    after = page.at(-1);
  }
}

/**
 * Closes every month that is over, for all accounts, some at a time and with rests between, and has what is due
 * collected at an even pace. It may be run at any time, again, and many times at once: a month gets one last part. A run
 * that was killed, or that `signal` ended between two batches, is made up for by the next.
 * @throws AggregateError of those that could not be closed, when all others are
 */
export async function closeMonths(
  parts: Parts,
  { batch: size, share, collectedPerSecond }: MonthlyPace = MONTHLY_PACE,
  signal?: AbortSignal,
): Promise<MonthlyRun> {
  const count = { closed: 0, waiting: 0 };
  const failures: unknown[] = [];
  const startedAt = performance.now();
  let stuckAccount: string | null = null;
  let isWhole = true;
  for await (const months of batchesOf(parts, size)) {
    if (signal?.aborted === true) {
      isWhole = false;
      break;
    }
    const open = months.filter(({ accountId }) => accountId !== stuckAccount);
    count.waiting += months.length - open.length;
    const batchAt = performance.now();
    const batch = open.map((month, nth) => ({
      ...month,
      collectInMs: Math.max(0, ((count.closed + nth) * 1_000) / collectedPerSecond - (batchAt - startedAt)),
    }));
    const outcomes = await closeBatch(parts, batch, failures);
    outcomes.forEach((outcome, nth) => {
      if (outcome === "closed") count.closed += 1;
      if (outcome === "held") count.waiting += 1;
      if (isStuck(outcome)) stuckAccount = open[nth]?.accountId ?? null;
    });
    const rest = pause((performance.now() - batchAt) * (1 / share - 1), undefined, { signal });
    await rest.catch((error: unknown) => {
      if (signal?.aborted !== true) throw error;
    });
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} months could not be closed`);
  return { ...count, isWhole };
}
