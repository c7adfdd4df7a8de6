import type { AppLoadContext } from "@remix-run/node";
import type { PortalContext } from "../../server/trpc/portal-context.ts";

export const BILLING_PATH = "/dashboard/billing";
export const CARD_PATH = `${BILLING_PATH}/card`;
export const SETUP_PATH = `${CARD_PATH}/setup`;
export const REMOVAL_PATH = `${CARD_PATH}/remove`;

type Billing = PortalContext["caller"]["billing"];
export type Card = Awaited<ReturnType<Billing["paymentMethod"]>>;

/** The card on file; null without one. */
export async function readCard({
  caller,
  describe,
}: Pick<AppLoadContext, "caller" | "describe">): Promise<Card | null> {
  try {
    return await caller.billing.paymentMethod();
  } catch (error) {
    if (describe(error).error !== "payment_method_not_found") throw error;
    return null;
  }
}
