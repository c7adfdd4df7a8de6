import type { Logger } from "pino";

/** An account spent a part of its budget that it wanted to hear of. */
export interface BudgetNotice {
  readonly accountId: string;
  readonly period: "daily" | "monthly";
  /** `YYYY-MM-DD`. */
  readonly periodStart: string;
  /** Percent of the hard limit; 0: the soft limit. */
  readonly threshold: number;
}

/** How people hear of what concerns their account. */
export interface Notifier {
  budgetReached(notice: BudgetNotice): Promise<void>;
}

/** Until there is mail, the worker's log and the ledger say it. */
export const createLogNotifier = (log: Logger): Notifier => ({
  budgetReached: (notice) => {
    log.warn(
      notice,
      notice.threshold === 0 ? "soft limit reached" : `${notice.threshold} % of the budget spent`,
    );
    return Promise.resolve();
  },
});
