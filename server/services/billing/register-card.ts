import { and, eq, isNull } from "drizzle-orm";
import { accounts, budgets, paymentMethods } from "../../../drizzle/schema/index.ts";
import type { Config } from "../../config.ts";
import type { Platform } from "../../context.ts";
import type { Transaction } from "../../db/connect.ts";
import { enqueueJob } from "../../db/enqueue-job.ts";
import { AccountClosing } from "../../errors.ts";
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
  /** When its owner gave it, by Stripe's clock; now unless given. */
  readonly createdAt?: Date;
}

/** `removed`: it was on file once, and comes back only by a set-up of its own. `older`: than the one on file. */
export type Registration = "registered" | "present" | "removed" | "older";

type Reader = Pick<Transaction, "select">;

const wholeSeconds = (date: Date): number => Math.floor(date.getTime() / 1_000);

/**
 * What a card would become, which is certain only under the account's lock. @throws AccountClosing: nothing is added
 * while what is owed is invoiced, because the card is about to go
 */
export async function foreseeRegistration(
  db: Reader,
  accountId: string,
  card: Card,
): Promise<Registration | "replaces"> {
  const [same] = await db
    .select({ removedAt: paymentMethods.removedAt })
    .from(paymentMethods)
    .where(eq(paymentMethods.stripeId, card.stripeId));
  if (same !== undefined) return same.removedAt === null ? "present" : "removed";
  const [account] = await db
    .select({ closingSince: accounts.closingSince, cardSince: paymentMethods.createdAt })
    .from(accounts)
    .leftJoin(
      paymentMethods,
      and(eq(paymentMethods.accountId, accounts.id), isNull(paymentMethods.removedAt)),
    )
    .where(eq(accounts.id, accountId));
  const { closingSince = null, cardSince = null } = account ?? {};
  if (cardSince !== null) {
    // Events come in no order: whatever comes last, the card that was given last stays.
    const isOlder = card.createdAt !== undefined && wholeSeconds(card.createdAt) < wholeSeconds(cardSince);
    if (isOlder) return "older";
  }
  if (closingSince !== null) throw new AccountClosing();
  return cardSince === null ? "registered" : "replaces";
}

/**
 * Puts a card on file, replacing the one before, and gives the account the default limit if it chose none: an account
 * with a card always has a hard limit. The same card again changes nothing. @throws AccountClosing
 */
export async function registerCard(
  { db, config }: Pick<Platform, "db"> & { readonly config: Pick<Config, "BUDGET_DEFAULT_CENTS"> },
  accountId: string,
  card: Card,
): Promise<Registration> {
  return db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    const outlook = await foreseeRegistration(tx, accountId, card);
    if (outlook === "present") return outlook;
    // What is on file no more, or never was, is taken from the customer at Stripe by a job: nobody need wait for it.
    if (outlook !== "registered") await enqueueJob(tx, "align-cards", { account_id: accountId });
    if (outlook === "removed" || outlook === "older") return outlook;
    const present = and(eq(paymentMethods.accountId, accountId), isNull(paymentMethods.removedAt));
    await tx.update(paymentMethods).set({ removedAt: new Date() }).where(present);
    await tx.insert(paymentMethods).values({ accountId, ...card });
    await tx.insert(budgets).values(defaultBudget(config, accountId)).onConflictDoNothing();
    await appendLedger(tx, { kind: "card.added", accountId, subject: null, details: { brand: card.brand } });
    return "registered";
  });
}
