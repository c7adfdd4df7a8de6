import type { Task } from "graphile-worker";
import { z } from "zod";
import type { Billing } from "../../server/services/billing/invoices/billing.ts";
import { finishRemoval } from "../../server/services/billing/remove-card.ts";

const payloadShape = z.object({ account_id: z.uuid() });

/** Ends a removal that waited for casts. While some still run the job fails, and is made again. */
export const removeCardTask =
  (billing: Billing | null): Task =>
  async (payload) => {
    const { account_id: accountId } = payloadShape.parse(payload);
    if (billing === null) throw new Error("a card is to be removed, and STRIPE_SECRET_KEY is not set");
    const removal = await finishRemoval(billing, accountId);
    if (removal === "settling") throw new Error(`account ${accountId} still runs casts`);
  };
