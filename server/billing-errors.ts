/** The errors of cards and of Stripe: members of the one family, as `errors.ts` says of it. */
import { ProductError } from "./errors.ts";

/** Why a bank refused a card, as far as its owner may hear: a card reported stolen is `generic_decline` too. */
export const DECLINE_CODES = [
  "generic_decline",
  "authentication_required",
  "call_issuer",
  "card_not_supported",
  "card_velocity_exceeded",
  "currency_not_supported",
  "do_not_honor",
  "expired_card",
  "incorrect_cvc",
  "incorrect_number",
  "incorrect_zip",
  "insufficient_funds",
  "invalid_account",
  "processing_error",
  "transaction_not_allowed",
  "try_again_later",
] as const;

export type DeclineCode = (typeof DECLINE_CODES)[number];

/** The card's bank refused it. Nothing was charged or put on file. */
export class CardDeclined extends ProductError {
  readonly error = "card_declined";
  readonly declineCode: DeclineCode;
  constructor(declineCode: DeclineCode) {
    super("The card's bank refused it.");
    this.declineCode = declineCode;
  }
}

/** A card's set-up waits for its owner or their bank, or was given up. */
export class SetupIncomplete extends ProductError {
  readonly error = "setup_incomplete";
  /** Stripe's word for where it stands. */
  readonly setupStatus: string;
  constructor(setupStatus: string) {
    super("The set-up of the card is not finished.");
    this.setupStatus = setupStatus;
  }
}

/** A message that says it comes from Stripe, and does not. */
export class InvalidSignature extends ProductError {
  readonly error = "invalid_signature";
  constructor() {
    super("The message is not signed by Stripe, or was signed too long ago.");
  }
}

export class StripeUnavailable extends ProductError {
  readonly error = "stripe_unavailable";
  constructor() {
    super("Stripe, which keeps the cards, cannot be reached at the moment. Try again shortly.");
  }
}

/** This deployment has no account at Stripe. */
export class BillingUnavailable extends ProductError {
  readonly error = "billing_unavailable";
  constructor() {
    super("Cards cannot be registered here: the operator has not set up Stripe.");
  }
}
