import type { Platform } from "../../context.ts";
import { sweepCasts } from "../../db/held-casts.ts";

const BATCH = 500;

/** What sweeping needs of a process; web processes and workers have it. */
export type Sweeping = Pick<Platform, "db" | "clock"> & {
  readonly config: Pick<Platform["config"], "CAST_ASYNC_QUEUE_MS">;
};

/** Ends, or queues again, every cast whose deadline passed, free of charge; returns how many. Any number of processes may sweep. */
export async function sweepOverdue({ db, clock, config }: Sweeping): Promise<number> {
  let total = 0;
  for (;;) {
    const swept = await sweepCasts(db.sql, BATCH, config.CAST_ASYNC_QUEUE_MS, clock.offsetMs);
    total += swept;
    if (swept < BATCH) return total;
  }
}
