import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { accounts, paymentMethods } from "../../../drizzle/schema/index.ts";
import { BillingUnavailable } from "../../billing-errors.ts";
import type { ServiceContext } from "../../context.ts";
import { enqueueJob } from "../../db/enqueue-job.ts";
import { AccountClosing, NotFound } from "../../errors.ts";
import { lockAccount } from "../identity/lock-account.ts";
import { requireScope } from "../identity/require-scope.ts";
import { dropCard } from "./drop-card.ts";
import { billingOf, type Billing } from "./invoices/billing.ts";
import { closeAccount } from "./invoices/close-account.ts";
import { payInvoice } from "./invoices/pay.ts";
import { listUnpaid } from "./invoices/record.ts";
import { findAtStripe, StripeRefused, translateStripe } from "./stripe.ts";

/** `settling`: casts still run; the card goes when they have ended and what is owed is paid. */
export type Removal = "removed" | "settling";

const cardOf = (accountId: string) =>
  and(eq(paymentMethods.accountId, accountId), isNull(paymentMethods.removedAt));

/** From here on nothing that costs is admitted. @throws NotFound without a card */
async function beginClosing({ db }: Pick<Billing, "db">, accountId: string): Promise<void> {
  await db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    if ((await tx.$count(paymentMethods, cardOf(accountId))) === 0)
      throw new NotFound("payment_method_not_found");
    await tx
      .update(accounts)
      .set({ closingSince: sql`coalesce(${accounts.closingSince}, clock_timestamp())` })
      .where(eq(accounts.id, accountId));
    // Whatever becomes of this process: what is begun is ended.
    await enqueueJob(tx, "remove-card", { account_id: accountId });
  });
}

async function reopen({ db }: Pick<Billing, "db">, accountId: string): Promise<void> {
  await db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    await tx.update(accounts).set({ closingSince: null }).where(eq(accounts.id, accountId));
  });
}

/** Takes the card off file; a job takes it from the customer at Stripe, where it is not charged again in any case. */
async function takeOff({ db }: Pick<Billing, "db">, accountId: string): Promise<void> {
  await db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    const closing = and(eq(accounts.id, accountId), isNotNull(accounts.closingSince));
    const reopened = await tx.update(accounts).set({ closingSince: null }).where(closing).returning();
    // Another run of this was faster, or met a card that does not pay and opened the account again.
    if (reopened.length === 0) return;
    await enqueueJob(tx, "align-cards", { account_id: accountId });
    await dropCard(tx, accountId);
  });
}

/**
 * Is there no card left to ask, because it was detached at Stripe meanwhile or its customer deleted? Then Stripe refuses
 * the request itself, which no bank does.
 */
async function isCardGone(billing: Billing, accountId: string, error: unknown): Promise<boolean> {
  if (!(translateStripe(error) instanceof StripeRefused)) return false;
  const [card] = await billing.db.drizzle.select().from(paymentMethods).where(cardOf(accountId));
  const stripeId = card?.stripeId ?? null;
  if (stripeId === null) return true;
  const found = await findAtStripe(billing, (stripe) => stripe.paymentMethods.retrieve(stripeId));
  return found === null || found.customer === null;
}

/**
 * Ends a removal that was begun: invoices all that is owed, collects it, and takes the card off file. Repeatable. Where
 * the card does not pay, it stays on file and the account is open again. A card that is gone at Stripe cannot be asked:
 * it is off file, and what is owed stands as an invoice that is not paid.
 * @throws StripeError, StripeUnavailable, StripeRefused
 */
export async function finishRemoval(billing: Billing, accountId: string): Promise<Removal> {
  const [account] = await billing.db.drizzle.select().from(accounts).where(eq(accounts.id, accountId));
  if (account?.closingSince == null) return "removed";
  if (!(await closeAccount(billing, accountId))) return "settling";
  try {
    for (const { id } of await listUnpaid(billing, accountId)) await payInvoice(billing, id);
  } catch (error) {
    if (!(await isCardGone(billing, accountId, error))) {
      await reopen(billing, accountId);
      throw error;
    }
  }
  await takeOff(billing, accountId);
  return "removed";
}

/**
 * Removes the card on file, after all that is owed is collected from it. What still runs is waited for by a job.
 * @throws NotFound, InsufficientScope, CardDeclined, AccountClosing, StripeUnavailable, BillingUnavailable
 */
export async function removeCard(ctx: ServiceContext): Promise<Removal> {
  requireScope(ctx, "billing");
  const { accountId } = ctx.actor;
  const billing = billingOf(ctx);
  if (billing === null) throw new BillingUnavailable();
  await beginClosing(billing, accountId);
  let removal: Removal;
  try {
    removal = await finishRemoval(billing, accountId);
  } catch (error) {
    throw translateStripe(error);
  }
  // Another removal at the same time was refused by the bank: the card is still there, and nobody is told otherwise.
  if (removal === "removed" && (await ctx.db.drizzle.$count(paymentMethods, cardOf(accountId))) > 0)
    throw new AccountClosing();
  return removal;
}
