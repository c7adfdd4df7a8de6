/** The part of the catalog that is about cards and Stripe. */
import type { ErrorName } from "../errors.ts";
import type { ErrorKind } from "./error-kind.ts";

export const BILLING_ERRORS = {
  invalid_signature: {
    status: 400,
    title: "Invalid signature",
    category: "PERM_CONFIG",
    explanation:
      "Stripe signs each of its messages with a secret that only it and we know. This one was signed with another secret, too long ago, or not at all.",
    remedy: "Send it from Stripe; if it was, compare the endpoint's secret there with STRIPE_WEBHOOK_SECRET.",
  },
  payment_method_not_found: {
    status: 404,
    title: "No card",
    category: "PERM_CONFIG",
    explanation: "The account has no card on file.",
    remedy: "Begin to register one with POST /v1/billing/setup-intent or POST /v1/billing/checkout.",
  },
  setup_not_found: {
    status: 404,
    title: "Card set-up not found",
    category: "PERM_CONFIG",
    explanation: "Your account has no card set-up of this id, or the card that it set up was removed since.",
    remedy: "Begin a new one with POST /v1/billing/setup-intent or POST /v1/billing/checkout.",
  },
  setup_incomplete: {
    status: 409,
    title: "Card set-up not finished",
    category: "PERM_CONFIG",
    explanation:
      "Stripe has not finished the card's set-up: its owner has a step to take, such as to show themselves to their bank, or gave it up. `setup_status` is Stripe's word for where it stands.",
    remedy: "Finish it and send the request again, or begin a new one.",
  },
  card_declined: {
    status: 402,
    title: "Card declined",
    category: "PERM_CONFIG",
    explanation:
      "The bank of the card refused it; `decline_code` says why, as far as the bank lets it be told.",
    remedy: "Use another card, or ask the bank.",
  },
  stripe_unavailable: {
    status: 503,
    title: "Stripe unavailable",
    category: "TRANSIENT_RUNTIME",
    explanation: "Stripe, which keeps the cards and collects what is owed, cannot be reached or is too busy.",
    remedy: "Try again after Retry-After.",
  },
  billing_unavailable: {
    status: 501,
    title: "No billing here",
    category: "PERM_CONFIG",
    explanation:
      "This deployment has no account at Stripe: no card can be registered, and the allowance bounds every account.",
    remedy: "Ask the operator; the settings that begin with STRIPE_ are theirs.",
  },
} as const satisfies Partial<Record<ErrorName, ErrorKind>>;
