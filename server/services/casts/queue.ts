import type { Credential, Platform } from "../../context.ts";
import type { Idempotency } from "../../db/casts.ts";
import { Busy } from "../../errors.ts";
import { admit, type OnCount } from "./admit.ts";
import type { CastSpellInput } from "./cast-input.ts";
import type { QueuedCastView } from "./cast-view.ts";
import { encodePayload } from "./payload.ts";

/**
 * Queues a cast: its hold, its pinned version and its job are one durable transaction when this answers. A worker runs
 * it; its state and result are at `GET /v1/casts/{id}`.
 * @throws Busy, the refusals of `admit`, DatabaseUnavailable
 */
export async function queueCast(
  platform: Platform,
  credential: Credential,
  input: CastSpellInput,
  idempotency?: Idempotency,
  onCount?: OnCount,
): Promise<QueuedCastView> {
  const stdin = encodePayload(platform.config, input.payload);
  if (platform.drain.aborted) throw new Busy();
  const admitted = await admit(platform, credential, input, stdin, { onCount, idempotency, isQueued: true });
  // A request that was answered at once before has an end to look at, like a queued one.
  return { id: admitted.kind === "new" ? admitted.cast.castId : admitted.firstCastId, status: "QUEUED" };
}
