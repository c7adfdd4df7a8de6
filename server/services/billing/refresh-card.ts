import { isDeepStrictEqual } from "node:util";
import { and, eq, isNull } from "drizzle-orm";
import { paymentMethods } from "../../../drizzle/schema/index.ts";
import { lockAccount } from "../identity/lock-account.ts";
import type { BillingParts } from "./billing-parts.ts";
import { findAtStripe } from "./stripe.ts";

/** Longer than a card is ever renewed in a row. */
const MOST_ROUNDS = 10;

interface Shown {
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
}

/** What may be shown of a card as Stripe has it now; null for what is no card, or is there no more. */
async function readAtStripe(parts: BillingParts, stripeId: string): Promise<Shown | null> {
  const method = await findAtStripe(parts, ({ paymentMethods: methods }) => methods.retrieve(stripeId));
  if (method?.card === undefined) return null;
  const { brand, last4, exp_month: expMonth, exp_year: expYear } = method.card;
  return { brand, last4, expMonth, expYear };
}

/**
 * Banks renew cards, and tell Stripe: what may be shown of the card on file follows. Stripe dates no change, and is not
 * asked under the account's lock, for which casts would wait. So whoever has written asks once more, until Stripe says
 * what was written: of several at once the last to write is right, whatever it knew before.
 */
export async function refreshCard(parts: BillingParts, stripeId: string): Promise<void> {
  const isOnFile = and(eq(paymentMethods.stripeId, stripeId), isNull(paymentMethods.removedAt));
  const [onFile] = await parts.db.drizzle
    .select({ accountId: paymentMethods.accountId })
    .from(paymentMethods)
    .where(isOnFile);
  if (onFile === undefined) return;
  let seen = await readAtStripe(parts, stripeId);
  for (let round = 0; seen !== null && round < MOST_ROUNDS; round += 1) {
    const shown = seen;
    await parts.db.drizzle.transaction(async (tx) => {
      await lockAccount(tx, onFile.accountId);
      await tx.update(paymentMethods).set(shown).where(isOnFile);
    });
    seen = await readAtStripe(parts, stripeId);
    if (isDeepStrictEqual(seen, shown)) return;
  }
  if (seen !== null) throw new Error("a card changes at Stripe faster than it can be written down");
}
