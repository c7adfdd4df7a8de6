import { setTimeout as pause } from "node:timers/promises";
import type { Platform } from "../../context.ts";
import { isUnavailable } from "../../db/failures.ts";
import { sweepOverdue, type Sweeping } from "./sweep.ts";

const EVERY_MS = 1_000;

/**
 * Sweeps every second until the process drains. Each process does, so that no hold waits for a worker, nor for a lock
 * a dead one left behind.
 */
export async function keepSweeping(sweeping: Sweeping & Pick<Platform, "drain" | "log">): Promise<void> {
  const { drain, log } = sweeping;
  while (!drain.aborted) {
    try {
      const swept = await sweepOverdue(sweeping);
      if (swept > 0) log.warn({ swept }, "overdue casts ended without charge");
    } catch (error) {
      if (!isUnavailable(error)) log.error({ err: error }, "sweep failed");
    }
    await pause(EVERY_MS, undefined, { signal: drain, ref: false }).catch(() => undefined);
  }
}
