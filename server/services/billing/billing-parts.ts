import type { Config } from "../../config.ts";
import type { Platform } from "../../context.ts";

/** What verbs need that keep cards and what Stripe says of them in step: web processes and workers have it. */
export type BillingParts = Pick<Platform, "db" | "stripe"> & {
  readonly config: Pick<Config, "STRIPE_SECRET_KEY" | "BUDGET_DEFAULT_CENTS">;
};
