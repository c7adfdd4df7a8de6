import type { Stripe } from "stripe";
import type { Config } from "../../../config.ts";
import type { Platform } from "../../../context.ts";

/** What collecting needs: the books, and Stripe. */
export interface Billing extends Pick<Platform, "db" | "clock"> {
  readonly stripe: Stripe;
  /** The key says which of Stripe's two worlds the client is of. */
  readonly config: Pick<Config, "STRIPE_SECRET_KEY">;
}

type Parts = Pick<Platform, "db" | "clock" | "stripe"> & {
  readonly config: Pick<Config, "STRIPE_SECRET_KEY">;
};

/** A process's own; null where it has no account at Stripe. */
export const billingOf = ({ db, clock, stripe, config }: Parts): Billing | null =>
  stripe === null ? null : { db, clock, stripe, config };
