import type { Platform } from "../../../context.ts";
import { closeInvoice, listOpenMonths, type OpenMonth } from "../../../db/invoices.ts";

const PAGE_SIZE = 500;

/** What a run did. */
export interface MonthlyRun {
  /** Months that got their last part. */
  readonly closed: number;
  /** Months of accounts whose last casts still run: the run is to be made again. */
  readonly waiting: number;
}

/**
 * Closes every month that is over, for all accounts. It may be run at any time, again, and many times at once: a month
 * gets one last part. A run that was killed is made up for by the next. One after another: each closing holds the
 * ledger's head for a moment, and between them casts settle.
 */
export async function closeMonths({ db, clock }: Pick<Platform, "db" | "clock">): Promise<MonthlyRun> {
  const count = { closed: 0, waiting: 0 };
  // Its later months wait too, for each carries on what the one before left.
  let heldAccount: string | null = null;
  for (let after: OpenMonth | undefined; ;) {
    const page = await listOpenMonths(db.sql, clock.offsetMs, PAGE_SIZE, after);
    for (const { accountId, month } of page) {
      const request = { accountId, month, isLast: true, clockOffsetMs: clock.offsetMs };
      const outcome = accountId === heldAccount ? "held" : (await closeInvoice(db.sql, request)).outcome;
      if (outcome === "closed") count.closed += 1;
      if (outcome !== "held") continue;
      heldAccount = accountId;
      count.waiting += 1;
    }
    if (page.length < PAGE_SIZE) return count;
    after = page.at(-1);
  }
}
