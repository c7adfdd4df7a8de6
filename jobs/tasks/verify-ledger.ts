import type { Task } from "graphile-worker";
import type { Database } from "../../server/db/connect.ts";
import { verifyLedger } from "../../server/services/ledger/verify.ts";

/** Recomputes the whole chain every night. A broken chain or a disagreement fails the job, loudly and again. */
export const verifyLedgerTask =
  ({ db }: { readonly db: Database }): Task =>
  async (_payload, { logger }) => {
    const report = await verifyLedger(db);
    if (report.disagreements.length > 0) {
      throw new Error(
        `the books disagree: ${report.disagreements.map((d) => `${d.found} ${d.what}`).join("; ")}`,
      );
    }
    logger.info(`ledger verified: ${report.entries} entries, head ${report.headHash}`);
  };
