import { and, eq, isNull } from "drizzle-orm";
import { budgets, paymentMethods } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { NotFound } from "../../errors.ts";
import { lockAccount } from "../identity/lock-account.ts";
import { requireScope } from "../identity/require-scope.ts";
import { appendLedger } from "../ledger/append.ts";
import { defaultBudget } from "./default-budget.ts";

/**
 * Deletes the account's own budget. With a card the default takes its place, without one the allowance bounds alone:
 * never "unlimited". @throws NotFound when there is none
 */
export async function resetBudget(ctx: ServiceContext): Promise<void> {
  requireScope(ctx, "budgets");
  const { accountId } = ctx.actor;
  await ctx.db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    const removed = await tx
      .delete(budgets)
      .where(eq(budgets.accountId, accountId))
      .returning({ id: budgets.accountId });
    if (removed.length === 0) throw new NotFound("budget_not_found");
    const [card] = await tx
      .select({ id: paymentMethods.id })
      .from(paymentMethods)
      .where(and(eq(paymentMethods.accountId, accountId), isNull(paymentMethods.removedAt)));
    const standard = defaultBudget(ctx.config, accountId);
    if (card !== undefined) await tx.insert(budgets).values(standard);
    await appendLedger(tx, {
      kind: "budget.changed",
      accountId,
      subject: null,
      details: {
        period: standard.period,
        hard_limit_micros: card === undefined ? null : standard.hardLimitMicros,
        is_default: true,
      },
    });
  });
}
