import type { Stripe } from "stripe";
import type { Platform } from "../../../context.ts";

/** What collecting needs: the books, and Stripe. */
export interface Billing extends Pick<Platform, "db" | "clock" | "log"> {
  readonly stripe: Stripe;
  /** Which of Stripe's two worlds the client is of. */
  readonly isLive: boolean;
}
