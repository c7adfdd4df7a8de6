import { and, eq, isNull } from "drizzle-orm";
import { paymentMethods } from "../../../drizzle/schema/index.ts";
import type { Transaction } from "../../db/connect.ts";
import { appendLedger } from "../ledger/append.ts";

/**
 * Takes the account's card off file, if it has one: from the next cast on the card-less allowance bounds it. The caller
 * holds the account's lock, and appends nothing to the ledger after this. With `stripeId` only that card.
 */
export async function dropCard(tx: Transaction, accountId: string, stripeId?: string): Promise<boolean> {
  const [dropped] = await tx
    .update(paymentMethods)
    .set({ removedAt: new Date() })
    .where(
      and(
        eq(paymentMethods.accountId, accountId),
        isNull(paymentMethods.removedAt),
        ...(stripeId === undefined ? [] : [eq(paymentMethods.stripeId, stripeId)]),
      ),
    )
    .returning({ brand: paymentMethods.brand });
  if (dropped === undefined) return false;
  const details = { brand: dropped.brand };
  await appendLedger(tx, { kind: "card.removed", accountId, subject: null, details });
  return true;
}
