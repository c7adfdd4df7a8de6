import { hash } from "node:crypto";
import { Busy, CastInterrupted } from "../../errors.ts";
import { RuntimeBusy, RuntimeFailed } from "../../runtime/types.ts";
import { errorCodeOf, sentenceOf } from "./ending.ts";
import { run, type Ran, type RunnableCast, type Running } from "./run.ts";
import { settle } from "./settle.ts";

/** A cast that ran and is settled, with what it cost. */
export interface EndedCast extends Ran {
  readonly costMicros: number;
  readonly fuelUsed: number | null;
}

/** What the caller hears when the platform, not the spell, failed a run. */
function platformFailure(castId: string, error: unknown): unknown {
  if (error instanceof RuntimeBusy) return new Busy();
  if (error instanceof RuntimeFailed) return new CastInterrupted(castId);
  return error;
}

/**
 * Runs an admitted cast and settles it, durably. `keepsAnswer`: its result, or why it has none, may be asked for again.
 * @throws Busy, CastInterrupted, DatabaseUnavailable
 */
export async function runAndSettle(
  running: Running,
  cast: RunnableCast,
  stdin: Uint8Array,
  keepsAnswer: boolean,
): Promise<EndedCast> {
  const { castId, accountId } = cast;
  const { metrics } = running;
  const ran = await run(running, cast, stdin).catch((error: unknown) => {
    throw platformFailure(castId, error);
  });
  const output = ran.run.ending === "completed" ? ran.run.output : null;
  const errorCode = ran.run.ending === "completed" ? null : errorCodeOf(ran.run);
  const settlement = await settle(running, {
    castId,
    accountId,
    errorCode,
    fuelUsed: ran.run.ending === "wall-time" ? null : ran.run.fuelUsed,
    durationMs: ran.run.durationMs,
    outputDigest: output === null ? null : hash("sha256", output, "buffer"),
    log: ran.run.log,
    output: keepsAnswer ? output : null,
    failure: keepsAnswer && ran.run.ending !== "completed" ? sentenceOf(ran.run) : null,
  });

  metrics.casts.inc();
  metrics.castDuration.observe(ran.run.durationMs / 1_000);
  metrics.fuel.inc(settlement.fuelUsed ?? 0);
  if (settlement.errorCode !== null) metrics.castsFailed.inc({ error_code: settlement.errorCode });
  // Another way of ending was first, or the hold is gone: whatever ran here is not what was settled.
  if (settlement.outcome === "lost" || settlement.errorCode !== errorCode || settlement.costMicros === null) {
    throw new CastInterrupted(castId);
  }
  return { ...ran, costMicros: settlement.costMicros, fuelUsed: settlement.fuelUsed };
}
