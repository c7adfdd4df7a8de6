import { and, eq, isNull } from "drizzle-orm";
import { accounts, budgets, paymentMethods } from "../../../drizzle/schema/index.ts";
import type { Platform } from "../../context.ts";
import { defaultBudget } from "../budgets/default-budget.ts";
import { lockAccount } from "../identity/lock-account.ts";
import { appendLedger } from "../ledger/append.ts";

/** What may be shown of a card. */
export interface Card {
  /** Stripe's own id of it, `pm_...`. */
  readonly stripeId: string;
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
}

/**
 * Puts a card on file, replacing the one before, and gives the account the default limit if it chose none: an account
 * with a card always has a hard limit.
 */
export async function registerCard(
  { db, config }: Pick<Platform, "db" | "config">,
  accountId: string,
  card: Card,
): Promise<void> {
  await db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    const present = and(eq(paymentMethods.accountId, accountId), isNull(paymentMethods.removedAt));
    await tx.update(paymentMethods).set({ removedAt: new Date() }).where(present);
    // A removal that waits is called off.
    await tx.update(accounts).set({ closingSince: null }).where(eq(accounts.id, accountId));
    await tx.insert(paymentMethods).values({ accountId, ...card });
    await tx.insert(budgets).values(defaultBudget(config, accountId)).onConflictDoNothing();
    await appendLedger(tx, { kind: "card.added", accountId, subject: null, details: { brand: card.brand } });
  });
}
