import { randomUUID } from "node:crypto";
import type { Card } from "../../server/services/billing/register-card.ts";

/** A card as Stripe would name it, for tests that never charge it. */
export const testCard = (): Card => ({
  stripeId: `pm_test_${randomUUID()}`,
  brand: "visa",
  last4: "4242",
  expMonth: 12,
  expYear: 2034,
});
