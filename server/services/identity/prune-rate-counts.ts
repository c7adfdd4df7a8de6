import { lt, sql } from "drizzle-orm";
import { rateCounts } from "../../../drizzle/schema/index.ts";
import type { Database } from "../../db/connect.ts";

/** Deletes counts of minutes that are over; returns how many. A count deleted late or never changes no decision. */
export async function pruneRateCounts({ drizzle }: Pick<Database, "drizzle">): Promise<number> {
  const over = lt(rateCounts.windowStart, sql`clock_timestamp() - interval '2 minutes'`);
  const pruned = await drizzle.delete(rateCounts).where(over).returning({ kind: rateCounts.subjectKind });
  return pruned.length;
}
