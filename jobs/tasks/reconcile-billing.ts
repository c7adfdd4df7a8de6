import type { Task } from "graphile-worker";
import type { Billing } from "../../server/services/billing/invoices/billing.ts";
import { reconcile } from "../../server/services/billing/invoices/reconcile.ts";

/** Compares the books with Stripe every night. A disagreement fails the job, loudly and again. */
export const reconcileBillingTask =
  (billing: Billing | null): Task =>
  async (_payload, { logger }) => {
    if (billing === null) {
      logger.info("nothing to reconcile: STRIPE_SECRET_KEY is not set");
      return;
    }
    const disagreements = await reconcile(billing);
    if (disagreements.length > 0) {
      const words = disagreements.map(({ what, found }) => `${found} ${what}`);
      throw new Error(`books and Stripe disagree: ${words.join("; ")}`);
    }
    logger.info("books and Stripe agree");
  };
