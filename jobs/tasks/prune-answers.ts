import type { Task } from "graphile-worker";
import type { Database } from "../../server/db/connect.ts";
import { pruneAnswers } from "../../server/services/casts/prune-answers.ts";

/** Forgets kept answers and Idempotency-Keys whose time is over. */
export const pruneAnswersTask =
  ({ db }: { readonly db: Database }): Task =>
  async (_payload, { logger }) => {
    logger.info(`answers pruned: ${await pruneAnswers(db)}`);
  };
