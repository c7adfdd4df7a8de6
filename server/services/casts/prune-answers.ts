import { lt, sql } from "drizzle-orm";
import { castAnswers, idempotencyKeys } from "../../../drizzle/schema/index.ts";
import type { Database } from "../../db/connect.ts";

/** Deletes answers and keys that have expired; returns how many answers. Admission itself ignores an expired key. */
export async function pruneAnswers({ drizzle }: Pick<Database, "drizzle">): Promise<number> {
  const now = sql`clock_timestamp()`;
  await drizzle.delete(idempotencyKeys).where(lt(idempotencyKeys.expiresAt, now));
  const pruned = await drizzle
    .delete(castAnswers)
    .where(lt(castAnswers.expiresAt, now))
    .returning({ id: castAnswers.castId });
  return pruned.length;
}
