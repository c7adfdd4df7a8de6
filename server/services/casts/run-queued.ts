import type { Clock, Platform } from "../../context.ts";
import { startCast } from "../../db/held-casts.ts";
import { Busy, CastInterrupted } from "../../errors.ts";
import { runAndSettle } from "./run-and-settle.ts";
import type { Running } from "./run.ts";

/** What a worker has to run queued casts with. */
export interface QueueRunning extends Running {
  readonly clock: Clock;
  readonly bootId: Platform["bootId"];
  readonly graceMs: number;
}

/**
 * Runs a queued cast to its end, if it is still queued: the start is one conditional change, so that of any number of
 * jobs for one cast, in whatever processes, one runs it. `false`: another did, or it was cancelled or swept.
 */
export async function runQueuedCast(running: QueueRunning, castId: string): Promise<boolean> {
  const { db, bootId, graceMs, clock } = running;
  const started = await startCast(db.sql, castId, bootId, graceMs, clock.offsetMs);
  if (started === null) return false;
  try {
    await runAndSettle(running, started, started.stdin, true);
  } catch (error) {
    // It is decided: by whoever ended it first, or by the release of its hold. Asking again changes nothing.
    if (!(error instanceof CastInterrupted || error instanceof Busy)) throw error;
    running.log.warn({ castId, err: error }, "a queued cast was not completed here");
  }
  return true;
}
