import type { Platform } from "../../../context.ts";
import { enqueueJob } from "../../../db/enqueue-job.ts";
import { closeMonths, MONTHLY_PACE, type MonthlyRun } from "./close-months.ts";

/** Shorter than proxies wait for an answer. A run takes some ten milliseconds an account. */
const PATIENCE_MS = 15_000;

/**
 * The monthly run for somebody who waits for its answer: it closes what it can in some seconds, and leaves the rest to
 * the job, as it does the months whose casts still run. Called again it goes on beside the job.
 */
export async function processMonthly(
  platform: Pick<Platform, "db" | "clock">,
  patienceMs = PATIENCE_MS,
): Promise<MonthlyRun> {
  const run = await closeMonths(platform, MONTHLY_PACE, AbortSignal.timeout(patienceMs));
  if (!run.isWhole || run.waiting > 0)
    await platform.db.drizzle.transaction((tx) => enqueueJob(tx, "close-months", {}));
  return run;
}
