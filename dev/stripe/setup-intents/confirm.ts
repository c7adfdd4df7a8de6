import { cardError, invalidRequest, missing } from "../api/error.ts";
import type { Context } from "../context.ts";
import { change, emit } from "../events/emit.ts";
import { newId, randomText } from "../ids.ts";
import { give, refuseUsedUp } from "../payment-methods/attach.ts";
import type { Decline } from "../payment-methods/cards.ts";
import { changeHidden, hiddenCardOf } from "../payment-methods/hidden.ts";
import type { Kinds } from "../store/kinds.ts";
import { challengeOf, challengeUrl, setChallenge } from "./hidden.ts";

type SetupIntent = Kinds["setup_intent"];
type PaymentMethod = Kinds["payment_method"];
type SetupError = NonNullable<SetupIntent["last_setup_error"]>;

export interface Confirmation {
  readonly paymentMethod: PaymentMethod;
  readonly returnUrl: string | null;
  /** stripe.js shows the bank's page by itself. */
  readonly isByScript: boolean;
}

const TOKEN_LENGTH = 32;
const DOCS = "https://stripe.com/docs/error-codes";

/** @throws Refusal when it is not at a point where this can be done */
export function refuseState(intent: SetupIntent, what: string, allowed: readonly string[]): void {
  if (allowed.includes(intent.status)) return;
  throw invalidRequest(
    `You cannot ${what} this SetupIntent because it has a status of ${intent.status}. ` +
      `This can be done with one of the following statuses: ${allowed.join(", ")}.`,
    { code: "setup_intent_unexpected_state", setup_intent: intent },
  );
}

function succeed(context: Context, intent: SetupIntent, method: PaymentMethod): SetupIntent {
  changeHidden(context.store, method.id, { isSetUp: true });
  if (typeof intent.customer === "string") give(context, method, intent.customer);
  const { object } = change(context, "setup_intent", intent, {
    status: "succeeded",
    payment_method: method.id,
    next_action: null,
    last_setup_error: null,
  });
  emit(context, "setup_intent.succeeded", object);
  return object;
}

function fail(context: Context, intent: SetupIntent, error: SetupError): SetupIntent {
  const { object } = change(context, "setup_intent", intent, {
    status: "requires_payment_method",
    payment_method: null,
    next_action: null,
    last_setup_error: error,
  });
  emit(context, "setup_intent.setup_failed", object);
  return object;
}

/** The bank has refused the card. @throws Refusal always */
function decline(context: Context, intent: SetupIntent, method: PaymentMethod, why: Decline): never {
  const facts = { ...why, doc_url: `${DOCS}/${why.code.replaceAll("_", "-")}`, payment_method: method };
  const failed = fail(context, intent, { type: "card_error", ...facts });
  throw cardError({ ...facts, setup_intent: failed });
}

/** The bank wants to see its customer first. */
function challenge(context: Context, intent: SetupIntent, confirmation: Confirmation): SetupIntent {
  const { paymentMethod, returnUrl, isByScript } = confirmation;
  const token = randomText(TOKEN_LENGTH);
  // The script stays in its page and shows the bank's in a frame: nobody is sent anywhere.
  const backTo = isByScript ? null : returnUrl;
  setChallenge(context, intent.id, { token, paymentMethod: paymentMethod.id, returnUrl: backTo });
  const url = challengeUrl(context, intent.id, token);
  const { object } = change(context, "setup_intent", intent, {
    status: "requires_action",
    payment_method: paymentMethod.id,
    last_setup_error: null,
    next_action: isByScript
      ? { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect", stripe_js: url } }
      : { type: "redirect_to_url", redirect_to_url: { return_url: returnUrl, url } },
  });
  emit(context, "setup_intent.requires_action", object);
  return object;
}

/** Sets a card up. @throws Refusal when its bank refuses it */
export function confirmSetupIntent(
  context: Context,
  before: SetupIntent,
  confirmation: Confirmation,
): SetupIntent {
  refuseState(before, "confirm", ["requires_payment_method", "requires_confirmation", "requires_action"]);
  const { paymentMethod } = confirmation;
  const customer = typeof before.customer === "string" ? before.customer : null;
  refuseUsedUp(context, paymentMethod, customer);
  const latest_attempt = newId("setatt");
  const { object: intent } = change(context, "setup_intent", before, { latest_attempt });
  const { onSetup } = hiddenCardOf(context.store, paymentMethod.id).card;
  if (onSetup === "good") return succeed(context, intent, paymentMethod);
  if (onSetup === "authenticate") return challenge(context, intent, confirmation);
  return decline(context, intent, paymentMethod, onSetup);
}

/** The bank has seen its customer, or somebody else. Null: nobody waits for that any more. */
export function finishSetupChallenge(
  context: Context,
  id: string,
  token: string,
  isAuthentic: boolean,
): { readonly intent: SetupIntent; readonly returnUrl: string | null } | null {
  const intent = context.store.find("setup_intent", id);
  const waiting = challengeOf(context, id);
  if (intent?.status !== "requires_action" || waiting?.token !== token) return null;
  const method = context.store.find("payment_method", waiting.paymentMethod);
  if (method === null) throw missing("PaymentMethod", waiting.paymentMethod);
  setChallenge(context, id, {});
  const { returnUrl } = waiting;
  if (isAuthentic) return { intent: succeed(context, intent, method), returnUrl };
  const failed = fail(context, intent, {
    type: "invalid_request_error",
    code: "setup_intent_authentication_failure",
    doc_url: `${DOCS}/setup-intent-authentication-failure`,
    message:
      "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    payment_method: method,
  });
  return { intent: failed, returnUrl };
}
