/** Asks a card for money, and writes down what it said. */
import type { Context } from "../context.ts";
import { change, create, emit } from "../events/emit.ts";
import { newId, randomText } from "../ids.ts";
import type { Decline } from "../payment-methods/cards.ts";
import { hiddenCardOf } from "../payment-methods/hidden.ts";
import { challengeUrl, setChallenge } from "../setup-intents/hidden.ts";
import { idOf } from "../store/id-of.ts";
import type { Kinds } from "../store/kinds.ts";

type PaymentIntent = Kinds["payment_intent"];
type PaymentMethod = Kinds["payment_method"];
type Charge = Kinds["charge"];

export type Payment =
  | { readonly ending: "paid"; readonly intent: PaymentIntent }
  | {
      readonly ending: "declined";
      readonly intent: PaymentIntent;
      readonly charge: string;
      readonly why: Decline;
    }
  | { readonly ending: "waits"; readonly intent: PaymentIntent };

const TOKEN_LENGTH = 32;
const DOCS = "https://stripe.com/docs/error-codes";

function outcomeOf(why: Decline | null): NonNullable<Charge["outcome"]> {
  const isPaid = why === null;
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: isPaid ? "approved_by_network" : "declined_by_network",
    reason: why?.decline_code ?? why?.code ?? null,
    seller_message: isPaid ? "Payment complete." : "The bank declined the payment.",
    type: isPaid ? "authorized" : "issuer_declined",
  };
}

/** One attempt to get the money. */
function writeCharge(
  context: Context,
  intent: PaymentIntent,
  method: PaymentMethod,
  why: Decline | null,
): Charge {
  const isPaid = why === null;
  const charge: Charge = {
    id: newId("ch"),
    object: "charge",
    amount: intent.amount,
    amount_captured: isPaid ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: isPaid ? newId("txn") : null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: "SPELL PLATFORM",
    captured: isPaid,
    created: context.clock.nowS,
    currency: intent.currency,
    customer: idOf(intent.customer),
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: why?.code ?? null,
    failure_message: why?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: {},
    on_behalf_of: null,
    outcome: outcomeOf(why),
    paid: isPaid,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { type: "card" },
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: isPaid ? "succeeded" : "failed",
    transfer_data: null,
    transfer_group: null,
  };
  create(context, "charge", charge, intent.id);
  emit(context, isPaid ? "charge.succeeded" : "charge.failed", charge);
  return charge;
}

function succeed(context: Context, intent: PaymentIntent, method: PaymentMethod): Payment {
  const charge = writeCharge(context, intent, method, null);
  const { object } = change(context, "payment_intent", intent, {
    status: "succeeded",
    amount_received: intent.amount,
    latest_charge: charge.id,
    payment_method: method.id,
    last_payment_error: null,
    next_action: null,
  });
  emit(context, "payment_intent.succeeded", object);
  return { ending: "paid", intent: object };
}

function decline(context: Context, intent: PaymentIntent, method: PaymentMethod, why: Decline): Payment {
  const charge = writeCharge(context, intent, method, why);
  const { object } = change(context, "payment_intent", intent, {
    status: "requires_payment_method",
    latest_charge: charge.id,
    payment_method: null,
    next_action: null,
    last_payment_error: {
      type: "card_error",
      ...why,
      charge: charge.id,
      doc_url: `${DOCS}/${why.code.replaceAll("_", "-")}`,
      payment_method: method,
    },
  });
  emit(context, "payment_intent.payment_failed", object);
  return { ending: "declined", intent: object, charge: charge.id, why };
}

function challenge(
  context: Context,
  intent: PaymentIntent,
  method: PaymentMethod,
  returnUrl: string | null,
): Payment {
  const token = randomText(TOKEN_LENGTH);
  setChallenge(context, intent.id, { token, paymentMethod: method.id, returnUrl });
  const url = challengeUrl(context, intent.id, token);
  const { object } = change(context, "payment_intent", intent, {
    status: "requires_action",
    payment_method: method.id,
    last_payment_error: null,
    next_action: {
      type: "use_stripe_sdk",
      use_stripe_sdk: { type: "three_d_secure_redirect", stripe_js: url },
    },
  });
  emit(context, "payment_intent.requires_action", object);
  return { ending: "waits", intent: object };
}

/** `returnUrl` is where the bank's page leads, if it wants to see its customer. */
export function chargeCard(
  context: Context,
  intent: PaymentIntent,
  method: PaymentMethod,
  returnUrl: string | null,
): Payment {
  const { card, isSetUp } = hiddenCardOf(context.store, method.id);
  const { onCharge, isSettledBySetup } = card;
  if (onCharge === "good" || (isSettledBySetup && isSetUp)) return succeed(context, intent, method);
  if (onCharge === "authenticate") return challenge(context, intent, method, returnUrl);
  return decline(context, intent, method, onCharge);
}

/** The bank has seen its customer: it pays. */
export const chargeAuthenticated = succeed;

/** The bank has seen somebody else. */
export function failAuthentication(
  context: Context,
  intent: PaymentIntent,
  method: PaymentMethod,
): PaymentIntent {
  const { object } = change(context, "payment_intent", intent, {
    status: "requires_payment_method",
    payment_method: null,
    next_action: null,
    last_payment_error: {
      type: "invalid_request_error",
      code: "payment_intent_authentication_failure",
      doc_url: `${DOCS}/payment-intent-authentication-failure`,
      message:
        "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
      payment_method: method,
    },
  });
  emit(context, "payment_intent.payment_failed", object);
  return object;
}
