import { eq, sql } from "drizzle-orm";
import { budgets } from "../../../drizzle/schema/index.ts";
import { MICROS_PER_CENT, type ServiceContext } from "../../context.ts";
import type { Transaction } from "../../db/connect.ts";
import { InvalidRequest, NotFound } from "../../errors.ts";
import { lockAccount } from "../identity/lock-account.ts";
import { requireScope } from "../identity/require-scope.ts";
import { appendLedger } from "../ledger/append.ts";
import type { ChangeBudgetInput, ReplaceBudgetInput } from "./budget-input.ts";
import { viewBudget, type BudgetView } from "./budget-view.ts";

type BudgetRow = typeof budgets.$inferSelect;

function checkBounds({ config }: ServiceContext, input: ChangeBudgetInput): void {
  const { hard_limit_cents: hard, soft_limit_cents: soft } = input;
  const [min, max] = [config.BUDGET_MIN_CENTS, config.BUDGET_MAX_CENTS];
  if (hard !== undefined && (hard < min || hard > max)) {
    throw new InvalidRequest([{ field: "hard_limit_cents", message: `must be from ${min} to ${max}` }]);
  }
  if (typeof soft === "number" && hard !== undefined && soft > hard) {
    throw new InvalidRequest([{ field: "soft_limit_cents", message: "must not exceed hard_limit_cents" }]);
  }
}

/** Writes a budget and its ledger entry. The caller holds the account's lock. */
async function writeBudget(
  tx: Transaction,
  accountId: string,
  figures: Pick<BudgetRow, "period" | "softLimitMicros" | "hardLimitMicros" | "notifyThresholds">,
): Promise<BudgetView> {
  const [row] = await tx
    .insert(budgets)
    .values({ accountId, ...figures })
    .onConflictDoUpdate({ target: budgets.accountId, set: { ...figures, updatedAt: sql`clock_timestamp()` } })
    .returning();
  if (row === undefined) throw new Error("an upsert gave no row");
  await appendLedger(tx, {
    kind: "budget.changed",
    accountId,
    subject: null,
    details: {
      period: row.period,
      soft_limit_micros: row.softLimitMicros,
      hard_limit_micros: row.hardLimitMicros,
      notify_thresholds: row.notifyThresholds,
    },
  });
  return viewBudget(row);
}

/** Puts a whole budget in the place of the present one; in force for the next cast. @throws InvalidRequest */
export async function replaceBudget(ctx: ServiceContext, input: ReplaceBudgetInput): Promise<BudgetView> {
  requireScope(ctx, "budgets");
  checkBounds(ctx, input);
  const { accountId } = ctx.actor;
  return ctx.db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    return writeBudget(tx, accountId, {
      period: input.period,
      softLimitMicros: input.soft_limit_cents === null ? null : input.soft_limit_cents * MICROS_PER_CENT,
      hardLimitMicros: input.hard_limit_cents * MICROS_PER_CENT,
      notifyThresholds: input.notify_thresholds,
    });
  });
}

/**
 * Changes the fields given; in force for the next cast. A hard limit below the stored soft one lowers that to it.
 * @throws InvalidRequest, NotFound for an account with neither card nor budget
 */
export async function changeBudget(ctx: ServiceContext, input: ChangeBudgetInput): Promise<BudgetView> {
  requireScope(ctx, "budgets");
  checkBounds(ctx, input);
  const { accountId } = ctx.actor;
  return ctx.db.drizzle.transaction(async (tx) => {
    await lockAccount(tx, accountId);
    const [present] = await tx.select().from(budgets).where(eq(budgets.accountId, accountId));
    if (present === undefined) throw new NotFound("budget_not_found");
    const hard =
      input.hard_limit_cents === undefined
        ? present.hardLimitMicros
        : input.hard_limit_cents * MICROS_PER_CENT;
    const given = input.soft_limit_cents;
    if (typeof given === "number" && given * MICROS_PER_CENT > hard) {
      throw new InvalidRequest([{ field: "soft_limit_cents", message: "must not exceed the hard limit" }]);
    }
    const soft =
      given === undefined ? present.softLimitMicros : given === null ? null : given * MICROS_PER_CENT;
    return writeBudget(tx, accountId, {
      period: input.period ?? present.period,
      softLimitMicros: soft === null ? null : Math.min(soft, hard),
      hardLimitMicros: hard,
      notifyThresholds: input.notify_thresholds ?? present.notifyThresholds,
    });
  });
}
