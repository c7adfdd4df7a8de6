import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Platform } from "../../context.ts";
import { settleCasts, type CastEnding, type Settlement } from "../../db/casts.ts";
import { isUnavailable } from "../../db/failures.ts";
import { DatabaseUnavailable } from "../../errors.ts";

const RETRY_EVERY_MS = 250;
/** Past this the caller hears 503; the sweeper, or the settlement that went through, decides the cast. */
const RETRY_FOR_MS = 15_000;

export interface Ending {
  readonly castId: string;
  readonly accountId: string;
  /** Null: completed. */
  readonly errorCode: string | null;
  /** Null: nobody knows. */
  readonly fuelUsed: number | null;
  readonly durationMs: number;
  readonly output: Uint8Array | null;
  readonly log: Uint8Array;
}

/**
 * Settles one cast durably. While the database is away it asks again, which changes nothing when the first call went
 * through and only its answer was lost.
 * @throws DatabaseUnavailable when it stayed away
 */
export async function settle(platform: Platform, ending: Ending): Promise<Settlement> {
  const { db, clock, metrics } = platform;
  const record: CastEnding = {
    castId: ending.castId,
    accountId: ending.accountId,
    errorCode: ending.errorCode,
    fuelUsed: ending.fuelUsed,
    durationMs: Math.round(ending.durationMs),
    outputDigest: ending.output === null ? null : createHash("sha256").update(ending.output).digest(),
    log: ending.log,
  };
  for (const giveUpAt = Date.now() + RETRY_FOR_MS; ;) {
    try {
      const [settlement] = await settleCasts(db.sql, [record], clock.offsetMs);
      if (settlement === undefined) throw new Error("settlement gave no answer");
      if (settlement.ledgerSeq !== null) metrics.ledgerSeq.set(settlement.ledgerSeq);
      return settlement;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      if (Date.now() >= giveUpAt) throw new DatabaseUnavailable(error);
      await pause(RETRY_EVERY_MS);
    }
  }
}
