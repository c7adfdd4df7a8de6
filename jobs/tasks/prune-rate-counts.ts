import type { Task } from "graphile-worker";
import type { Database } from "../../server/db/connect.ts";
import { pruneRateCounts } from "../../server/services/identity/prune-rate-counts.ts";

/** Forgets rate counts whose minute is over, so that passing addresses leave nothing behind. */
export const pruneRateCountsTask =
  ({ db }: { readonly db: Database }): Task =>
  async (_payload, { logger }) => {
    logger.info(`rate counts pruned: ${await pruneRateCounts(db)}`);
  };
