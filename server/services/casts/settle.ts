import { setTimeout as pause } from "node:timers/promises";
import type { Platform } from "../../context.ts";
import type { CastEnding, Settlement } from "../../db/casts.ts";
import { isUnavailable } from "../../db/failures.ts";
import { DatabaseUnavailable } from "../../errors.ts";

const RETRY_EVERY_MS = 250;
/** Past this the caller hears 503; the sweeper, or the settlement that went through, decides the cast. */
const RETRY_FOR_MS = 15_000;

/**
 * Settles one cast durably, together with its neighbours. While the database is away it asks again, which changes
 * nothing when the first call went through and only its answer was lost.
 * @throws DatabaseUnavailable when it stayed away
 */
export async function settle(
  { batches, metrics }: Pick<Platform, "batches" | "metrics">,
  ending: CastEnding,
): Promise<Settlement> {
  for (const giveUpAt = Date.now() + RETRY_FOR_MS; ;) {
    try {
      const settlement = await batches.settle(ending);
      if (settlement.ledgerSeq !== null) metrics.ledgerSeq.set(settlement.ledgerSeq);
      return settlement;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      if (Date.now() >= giveUpAt) throw new DatabaseUnavailable(error);
      await pause(RETRY_EVERY_MS);
    }
  }
}
