/** The client of Stripe's API, and its failures in our words: Stripe's own sentences hold ids, and stay here. */
import Stripe from "stripe";
import {
  BillingUnavailable,
  CardDeclined,
  DECLINE_CODES,
  StripeUnavailable,
  type DeclineCode,
} from "../../billing-errors.ts";
import type { Config } from "../../config.ts";
import type { Platform } from "../../context.ts";

/** The version whose shapes we read. Moving it is a change to every reader. */
const API_VERSION = "2026-10-28.endive";
const TIMEOUT_MS = 10_000;
const RETRIES = 2;

/** Makes the client; null without a secret key. */
export function createStripe(config: Pick<Config, "STRIPE_SECRET_KEY" | "STRIPE_API_BASE">): Stripe | null {
  if (config.STRIPE_SECRET_KEY === undefined) return null;
  const { hostname, port, protocol } = new URL(config.STRIPE_API_BASE);
  return new Stripe(config.STRIPE_SECRET_KEY, {
    apiVersion: API_VERSION,
    host: hostname,
    protocol: protocol === "http:" ? "http" : "https",
    ...(port === "" ? {} : { port }),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: RETRIES,
    telemetry: false,
    appInfo: { name: "Spell Platform" },
  });
}

/** Stripe refused a request of ours, which is a fault of ours. It says what, and no id or secret. */
export class StripeRefused extends Error {
  override readonly name = "StripeRefused";
  /** Stripe's short word for it, such as `resource_missing`. */
  readonly code: string;
  /** The parameter it is about; empty for none. */
  readonly param: string;
  constructor(status: number | undefined, code: string, param: string, requestId: string | undefined) {
    const about = param === "" ? "" : ` about ${param}`;
    super(
      `Stripe answered ${status ?? "nothing"}, ${code}${about}, to its request ${requestId ?? "unknown"}.`,
    );
    this.code = code;
    this.param = param;
  }
}

/** Names that say the same to the card's owner. */
const SAME: Readonly<Record<string, DeclineCode>> = {
  setup_intent_authentication_failure: "authentication_required",
  payment_intent_authentication_failure: "authentication_required",
  invalid_cvc: "incorrect_cvc",
  invalid_number: "incorrect_number",
  invalid_expiry_month: "expired_card",
  invalid_expiry_year: "expired_card",
  approve_with_id: "try_again_later",
  issuer_not_available: "try_again_later",
  reenter_transaction: "try_again_later",
  no_action_taken: "call_issuer",
  withdrawal_count_limit_exceeded: "card_velocity_exceeded",
};

const isDeclineCode = (code: string): code is DeclineCode =>
  (DECLINE_CODES as readonly string[]).includes(code);

/** What the card's owner may hear of a refusal. Who stole a card is not told that it is known to be stolen. */
export function declineCodeOf(code: string | undefined, declineCode: string | undefined): DeclineCode {
  const given = declineCode ?? code ?? "";
  return isDeclineCode(given) ? given : (SAME[given] ?? "generic_decline");
}

const { StripeError, StripeConnectionError, StripeAPIError, StripeRateLimitError } = Stripe.errors;

/** A failure of Stripe's package in our words; anything else as it is. */
export function translateStripe(error: unknown): unknown {
  if (!(error instanceof StripeError)) return error;
  const { statusCode, code, decline_code: declineCode, param, requestId, rawType } = error;
  if (rawType === "card_error") return new CardDeclined(declineCodeOf(code, declineCode));
  if (
    error instanceof StripeConnectionError ||
    error instanceof StripeRateLimitError ||
    // Its own failure, or the same request under way at this moment.
    error instanceof StripeAPIError
  )
    return new StripeUnavailable();
  return new StripeRefused(statusCode, code ?? error.type, param ?? "", requestId);
}

/** Asks Stripe. @throws BillingUnavailable, StripeUnavailable, CardDeclined, StripeRefused */
export async function askStripe<Answer>(
  { stripe }: Pick<Platform, "stripe">,
  ask: (stripe: Stripe) => Promise<Answer>,
): Promise<Answer> {
  if (stripe === null) throw new BillingUnavailable();
  try {
    return await ask(stripe);
  } catch (error) {
    throw translateStripe(error);
  }
}

/** The same, and null for what Stripe does not have under this id. */
export async function findAtStripe<Answer>(
  parts: Pick<Platform, "stripe">,
  ask: (stripe: Stripe) => Promise<Answer>,
): Promise<Answer | null> {
  try {
    return await askStripe(parts, ask);
  } catch (error) {
    if (error instanceof StripeRefused && error.code === "resource_missing") return null;
    throw error;
  }
}

/** The id of what Stripe gives by its id, or whole where it was asked to expand it. */
export const idOf = (given: string | { readonly id: string } | null): string | null =>
  typeof given === "string" ? given : (given?.id ?? null);
