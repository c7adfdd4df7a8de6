import type { TaskList } from "graphile-worker";
import type { Logger } from "pino";
import type { Database } from "../server/db/connect.ts";
import { pruneRateCountsTask } from "./tasks/prune-rate-counts.ts";
import { verifyLedgerTask } from "./tasks/verify-ledger.ts";

/** What tasks are given. */
export interface JobParts {
  readonly db: Database;
  readonly log: Logger;
}

/** Every task under its id, which is its file's name. */
export const taskList = (parts: JobParts): TaskList => ({
  "prune-rate-counts": pruneRateCountsTask(parts),
  "verify-ledger": verifyLedgerTask(parts),
});
