import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { paymentMethods } from "../../../drizzle/schema/index.ts";
import type { ServiceContext } from "../../context.ts";

/** What tells a person which of their cards it is. */
export const cardView = z.object({ brand: z.string(), last4: z.string() });
export type CardView = z.output<typeof cardView>;

/** The actor's card on file; null without one. */
export async function readCard({ db, actor }: ServiceContext): Promise<CardView | null> {
  const [card] = await db.drizzle
    .select({ brand: paymentMethods.brand, last4: paymentMethods.last4 })
    .from(paymentMethods)
    .where(and(eq(paymentMethods.accountId, actor.accountId), isNull(paymentMethods.removedAt)));
  return card ?? null;
}
