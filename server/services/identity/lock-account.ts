import { eq } from "drizzle-orm";
import { accounts } from "../../../drizzle/schema/index.ts";
import type { Transaction } from "../../db/connect.ts";

/**
 * The first statement of every transaction that changes an account's keys, cards or limits: admission takes the same
 * lock, so it decides before or after such a change, never in its middle.
 */
export async function lockAccount(tx: Transaction, accountId: string): Promise<void> {
  await tx.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, accountId)).for("no key update");
}
