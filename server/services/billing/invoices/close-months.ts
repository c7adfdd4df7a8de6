import type { Platform } from "../../../context.ts";
import { closeInvoice, listOpenMonths, type OpenMonth } from "../../../db/invoices.ts";

const PAGE_SIZE = 500;
/** An account at a time holds its lock, and the ledger's head, for a moment; casts go on between them. */
const AT_ONCE = 4;

/** What a run did. */
export interface MonthlyRun {
  /** Months that got their last part. */
  readonly closed: number;
  /** Months of accounts whose last casts still run: the run is to be made again. */
  readonly waiting: number;
}

/** Months of one account are closed in their order, for each carries on what the one before left. */
function byAccount(months: readonly OpenMonth[]): OpenMonth[][] {
  return [...Map.groupBy(months, ({ accountId }) => accountId).values()];
}

/**
 * Closes every month that is over, for all accounts. It may be run at any time, again, and many times at once: a month
 * gets one last part. A run that was killed is made up for by the next.
 */
export async function closeMonths({ db, clock }: Pick<Platform, "db" | "clock">): Promise<MonthlyRun> {
  const count = { closed: 0, waiting: 0 };
  const closeAccount = async (months: readonly OpenMonth[]): Promise<void> => {
    for (const { accountId, month } of months) {
      const request = { accountId, month, isLast: true, clockOffsetMs: clock.offsetMs };
      const { outcome } = await closeInvoice(db.sql, request);
      if (outcome === "closed") count.closed += 1;
      if (outcome !== "held") continue;
      count.waiting += months.length - months.findIndex((open) => open.month === month);
      return;
    }
  };
  for (let after: OpenMonth | undefined; ;) {
    const page = await listOpenMonths(db.sql, clock.offsetMs, PAGE_SIZE, after);
    const waiting = byAccount(page);
    const work = async (): Promise<void> => {
      for (let months = waiting.pop(); months !== undefined; months = waiting.pop())
        await closeAccount(months);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (page.length < PAGE_SIZE) return count;
    after = page.at(-1);
  }
}
