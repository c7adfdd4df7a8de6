import type { Task } from "graphile-worker";
import { z } from "zod";
import type { Notifier } from "../../server/services/budgets/notifier.ts";

const payloadShape = z.object({
  account_id: z.uuid(),
  period: z.enum(["daily", "monthly"]),
  period_start: z.iso.date(),
  threshold: z.int().min(0),
});

/** Tells a person that a threshold of their budget was reached. That it is due once was decided by settlement. */
export const giveNoticeTask =
  ({ notifier }: { readonly notifier: Notifier }): Task =>
  async (payload) => {
    const notice = payloadShape.parse(payload);
    await notifier.budgetReached({
      accountId: notice.account_id,
      period: notice.period,
      periodStart: notice.period_start,
      threshold: notice.threshold,
    });
  };
