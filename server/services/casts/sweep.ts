import type { Platform } from "../../context.ts";
import { sweepCasts } from "../../db/casts.ts";

const BATCH = 500;

/** Ends every cast whose deadline passed, free of charge; returns how many. Any number of processes may sweep. */
export async function sweepOverdue({ db, clock }: Pick<Platform, "db" | "clock">): Promise<number> {
  let total = 0;
  for (;;) {
    const swept = await sweepCasts(db.sql, BATCH, clock.offsetMs);
    total += swept;
    if (swept < BATCH) return total;
  }
}
