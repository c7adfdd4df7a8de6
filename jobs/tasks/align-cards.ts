import type { Task } from "graphile-worker";
import { z } from "zod";
import { alignCards } from "../../server/services/billing/align-cards.ts";
import type { BillingParts } from "../../server/services/billing/billing-parts.ts";

const payloadShape = z.object({ account_id: z.uuid() });

/** Takes from a customer at Stripe the cards that are on file no more. */
export const alignCardsTask =
  (parts: BillingParts): Task =>
  async (payload) => {
    const { account_id: accountId } = payloadShape.parse(payload);
    await alignCards(parts, accountId);
  };
