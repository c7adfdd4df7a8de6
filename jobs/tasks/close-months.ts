import type { Task } from "graphile-worker";
import type { Platform } from "../../server/context.ts";
import { closeMonths } from "../../server/services/billing/invoices/close-months.ts";

/** Invoices every month that is over. Casts of the last minute may still run: then the job fails, and is made again. */
export const closeMonthsTask =
  (parts: Pick<Platform, "db" | "clock">): Task =>
  async (_payload, { logger }) => {
    const { closed, waiting } = await closeMonths(parts);
    logger.info(`months closed: ${closed}`);
    if (waiting > 0) throw new Error(`${waiting} months wait for casts that still run`);
  };
