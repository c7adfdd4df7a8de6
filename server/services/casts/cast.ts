import type { Credential, Platform } from "../../context.ts";
import type { RateCount } from "../../db/requests.ts";
import { Busy, CastInterrupted } from "../../errors.ts";
import { RuntimeBusy, RuntimeFailed } from "../../runtime/types.ts";
import { admit } from "./admit.ts";
import type { CastSpellInput } from "./cast-input.ts";
import { costFields, type CompletedCastView } from "./cast-view.ts";
import { errorCodeOf, failureOf } from "./ending.ts";
import { decodeResult, encodePayload } from "./payload.ts";
import { run } from "./run.ts";
import { settle } from "./settle.ts";

/** What the caller hears when the platform, not the spell, failed a run. */
function platformFailure(castId: string, error: unknown): unknown {
  if (error instanceof RuntimeBusy) return new Busy();
  if (error instanceof RuntimeFailed) return new CastInterrupted(castId);
  return error;
}

/**
 * Casts a spell: hold its price, run it, settle it, and only then answer. A cast that does not complete costs nothing.
 * `onCount` sees the account's rate count as soon as admission has made it.
 * @throws Busy, the refusals of `admit`, SpellFailed, WallTimeExceeded, CastInterrupted, DatabaseUnavailable
 */
export async function castSpell(
  platform: Platform,
  credential: Credential,
  input: CastSpellInput,
  onCount: (rate: RateCount) => void = () => undefined,
): Promise<CompletedCastView> {
  const { config, metrics, runtime, drain } = platform;
  const stdin = encodePayload(config, input.payload);
  if (drain.aborted || runtime.queueDepth >= config.CAST_QUEUE_LENGTH) throw new Busy();

  const admitted = await admit(platform, credential, input, stdin, onCount);
  const { castId } = admitted;
  const ran = await run(platform, credential, admitted, stdin).catch((error: unknown) => {
    throw platformFailure(castId, error);
  });
  const output = ran.run.ending === "completed" ? ran.run.output : null;
  const errorCode = ran.run.ending === "completed" ? null : errorCodeOf(ran.run);
  const settlement = await settle(platform, {
    castId,
    accountId: credential.accountId,
    errorCode,
    fuelUsed: ran.run.ending === "wall-time" ? null : ran.run.fuelUsed,
    durationMs: ran.run.durationMs,
    output,
    log: ran.run.log,
  });

  metrics.casts.inc();
  metrics.castDuration.observe(ran.run.durationMs / 1_000);
  metrics.fuel.inc(settlement.fuelUsed ?? 0);
  if (settlement.errorCode !== null) metrics.castsFailed.inc({ error_code: settlement.errorCode });
  // Another way of ending was first, or the hold is gone: whatever ran here is not what was settled.
  if (settlement.outcome === "lost" || settlement.errorCode !== errorCode || settlement.costMicros === null) {
    throw new CastInterrupted(castId);
  }
  if (ran.run.ending !== "completed") {
    throw failureOf({ castId, wallMs: ran.version.wallMs, costMicros: settlement.costMicros }, ran.run);
  }
  return {
    id: castId,
    status: "COMPLETED",
    spell_name: ran.version.name,
    version: ran.version.version,
    result: decodeResult(ran.version.contentType, ran.run.output),
    error_code: null,
    ...costFields(settlement.costMicros),
    fuel_used: settlement.fuelUsed,
    duration_ms: ran.run.durationMs,
    created_at: new Date(admitted.admittedAtMicros / 1_000).toISOString(),
  };
}
