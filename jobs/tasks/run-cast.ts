import type { Task } from "graphile-worker";
import { z } from "zod";
import { runQueuedCast, type QueueRunning } from "../../server/services/casts/run-queued.ts";

const payloadShape = z.object({ cast_id: z.uuid() });

/** Runs a queued cast. Another job for the same cast, or the same one again, finds nothing to do. */
export const runCastTask =
  (running: QueueRunning): Task =>
  async (payload) => {
    const { cast_id: castId } = payloadShape.parse(payload);
    await runQueuedCast(running, castId);
  };
