import type { Credential, Platform } from "../../context.ts";
import type { Idempotency } from "../../db/casts.ts";
import { Busy } from "../../errors.ts";
import { admit, type OnCount } from "./admit.ts";
import { readAnswer } from "./answer.ts";
import type { CastSpellInput } from "./cast-input.ts";
import { viewCompleted, type CompletedCastView, type QueuedCastView } from "./cast-view.ts";
import { failureOf } from "./ending.ts";
import { encodePayload } from "./payload.ts";
import { runAndSettle } from "./run-and-settle.ts";
import type { RunnableCast } from "./run.ts";

/** Casts that may wait for admission: beyond, the database is the bottleneck, and waiting longer helps nobody. */
const MOST_WAITING = 10_000;

/** The payload as stdin, if there is room for the cast at all. @throws Busy, PayloadTooLarge, InvalidRequest */
function prepare({ drain, runtime, batches, config }: Platform, input: CastSpellInput): Uint8Array {
  const stdin = encodePayload(config, input.payload);
  if (drain.aborted || runtime.queueDepth >= config.CAST_QUEUE_LENGTH || batches.waiting >= MOST_WAITING)
    throw new Busy();
  return stdin;
}

async function answer(
  platform: Platform,
  cast: RunnableCast,
  stdin: Uint8Array,
  keepsAnswer: boolean,
): Promise<CompletedCastView> {
  const { version, run, costMicros, fuelUsed } = await runAndSettle(platform, cast, stdin, keepsAnswer);
  if (run.ending !== "completed")
    throw failureOf({ castId: cast.castId, wallMs: version.wallMs, costMicros }, run);
  return viewCompleted({
    id: cast.castId,
    spellName: version.name,
    version: version.version,
    contentType: version.contentType,
    output: run.output,
    costMicros,
    fuelUsed,
    durationMs: run.durationMs,
    admittedAt: new Date(cast.admittedAtMicros / 1_000),
  });
}

/**
 * Casts a spell: hold its price, run it, settle it, and only then answer. A cast that does not complete costs nothing,
 * unless it used up the fuel its caller's own cap bought. `onCount` sees the account's rate count.
 * @throws Busy, the refusals of `admit`, SpellFailed, WallTimeExceeded, CastInterrupted, DatabaseUnavailable
 */
export async function castSpell(
  platform: Platform,
  credential: Credential,
  input: CastSpellInput,
  onCount?: OnCount,
): Promise<CompletedCastView> {
  const stdin = prepare(platform, input);
  const admitted = await admit(platform, credential, input, stdin, { onCount, isQueued: false });
  if (admitted.kind !== "new") throw new Error("a cast without a key was taken for a repeated one");
  return answer(platform, admitted.cast, stdin, false);
}

/**
 * The same for a request that may be sent again: with the same key it is given the first answer, also when that was
 * that the cast is queued, and charged once.
 * @throws as `castSpell`, IdempotencyMismatch, CastInProgress
 */
export async function castOnce(
  platform: Platform,
  credential: Credential,
  input: CastSpellInput,
  idempotency: Idempotency,
  onCount?: OnCount,
): Promise<CompletedCastView | QueuedCastView> {
  const stdin = prepare(platform, input);
  const admitted = await admit(platform, credential, input, stdin, { onCount, idempotency, isQueued: false });
  switch (admitted.kind) {
    case "new":
      return answer(platform, admitted.cast, stdin, true);
    case "repeated":
      return readAnswer(platform, credential.accountId, admitted.firstCastId);
    case "queued-before":
      return { id: admitted.firstCastId, status: "QUEUED" };
  }
}
