import { sql } from "drizzle-orm";
import type { Transaction } from "./connect.ts";

/** Puts a job into the queue, in the transaction that causes it. `task` is the name of its file. */
export async function enqueueJob(
  tx: Transaction,
  task: string,
  payload: Readonly<Record<string, string>>,
): Promise<void> {
  await tx.execute(sql`select enqueue_job(${task}::text, ${JSON.stringify(payload)}::json)`);
}
