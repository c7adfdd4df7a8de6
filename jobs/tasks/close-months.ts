import type { Task } from "graphile-worker";
import type { Platform } from "../../server/context.ts";
import { closeMonths, MONTHLY_PACE } from "../../server/services/billing/invoices/close-months.ts";

/**
 * Invoices every month that is over. Casts of the last minute may still run: then the job fails, and is made again, as
 * it is where the worker left in its middle.
 */
export const closeMonthsTask =
  (parts: Pick<Platform, "db" | "clock">): Task =>
  async (_payload, { logger, abortSignal }) => {
    const { closed, waiting, isWhole } = await closeMonths(parts, MONTHLY_PACE, abortSignal);
    logger.info(`months closed: ${closed}`);
    if (!isWhole) throw new Error("the worker leaves before all months are closed");
    if (waiting > 0) throw new Error(`${waiting} months wait for casts that still run`);
  };
