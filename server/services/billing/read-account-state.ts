import { and, asc, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { accounts, invoices } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";
import { requireScope } from "../identity/require-scope.ts";

/** An invoice that was tried in vain. */
const overdueView = z.object({
  id: z.string(),
  month: z.string().regex(/^\d{4}-\d{2}$/),
  due_cents: z.int(),
  hosted_url: z.string().nullable().describe("Stripe's page of it, where it can be paid."),
});

export const accountStateView = z.object({
  is_closing: z.boolean().describe("The card is being removed: nothing that costs is admitted."),
  overdue: z.array(overdueView).describe("What keeps the account at the card-less allowance; oldest first."),
});

export type AccountStateView = z.output<typeof accountStateView>;

/** Whether something of an account's billing wants its person's attention. @throws InsufficientScope */
export async function readAccountState(ctx: ServiceContext): Promise<AccountStateView> {
  requireScope(ctx, "billing");
  const { db, actor } = ctx;
  const [account] = await db.drizzle
    .select({ closingSince: accounts.closingSince, pastDueSince: accounts.pastDueSince })
    .from(accounts)
    .where(eq(accounts.id, actor.accountId));
  const state = { is_closing: (account?.closingSince ?? null) !== null };
  if ((account?.pastDueSince ?? null) === null) return { ...state, overdue: [] };
  const rows = await db.drizzle
    .select()
    .from(invoices)
    .where(
      and(eq(invoices.accountId, actor.accountId), inArray(invoices.status, ["past_due", "uncollectible"])),
    )
    .orderBy(asc(invoices.number));
  const overdue = rows.map(({ id, month, dueCents, hostedUrl }) => ({
    id,
    month: month.slice(0, 7),
    due_cents: dueCents,
    hosted_url: hostedUrl,
  }));
  return { ...state, overdue };
}
