/** The emulator's stripe.js: as much of it as a form that saves a card needs. */
import type { StripeError } from "@stripe/stripe-js";
import { describeProblem } from "../pages/card-problems.ts";
import { languageOf, wordingOf } from "../pages/wording.ts";
import { confirm, retrieve } from "./call-api.ts";
import { showChallenge } from "./challenge.ts";
import type { CardElement } from "./element.ts";
import { Elements, type ElementsOptions } from "./elements.ts";
import type { SetupAnswer } from "./messages.ts";

/** The script knows where it comes from only while it runs for the first time. */
const SOURCE =
  document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : location.href;
const ORIGIN = new URL(SOURCE).origin;

interface ConfirmSetup {
  readonly elements?: Elements;
  readonly clientSecret?: string;
  readonly confirmParams?: {
    readonly return_url?: string;
    readonly payment_method?: string;
    readonly payment_method_data?: { readonly billing_details?: Readonly<Record<string, string>> };
  };
  readonly redirect?: "always" | "if_required";
}

interface CardSetup {
  readonly payment_method?:
    string | { readonly card?: CardElement; readonly billing_details?: Readonly<Record<string, string>> };
  readonly return_url?: string;
}

const misuse = (message: string): { readonly error: StripeError } => ({
  error: { type: "invalid_request_error", message },
});

const NO_CARD = misuse("There is no element in the page that a card could be read from.");

function makeStripe(publishableKey: string, options: { readonly locale?: string } = {}) {
  const language = languageOf(options.locale, navigator.language);

  /** Lets the bank see its customer, where it wants to. */
  async function handle(answer: SetupAnswer): Promise<SetupAnswer> {
    const { setupIntent } = answer;
    if (setupIntent?.status !== "requires_action") return answer;
    const sdk = setupIntent.next_action?.use_stripe_sdk;
    const url = sdk && "stripe_js" in sdk ? sdk.stripe_js : null;
    if (typeof url !== "string" || new URL(url).origin !== ORIGIN) return answer;
    await showChallenge(url, language, wordingOf(language).authenticate);
    return ended(await retrieve(ORIGIN, publishableKey, setupIntent.client_secret ?? ""));
  }

  /** A challenge that was failed is an error, one that was closed too. */
  function ended(answer: SetupAnswer): SetupAnswer {
    const { setupIntent } = answer;
    if (setupIntent === undefined || setupIntent.status === "succeeded") return answer;
    const code = "setup_intent_authentication_failure";
    const message = describeProblem(setupIntent.last_setup_error ?? { code }, language);
    return { error: { type: "invalid_request_error", code, message, setup_intent: setupIntent } };
  }

  async function confirmSetup(wish: ConfirmSetup): Promise<SetupAnswer> {
    const { elements, confirmParams = {}, redirect = "always" } = wish;
    const clientSecret = wish.clientSecret ?? elements?.clientSecret;
    if (clientSecret === undefined) return misuse("confirmSetup needs a clientSecret.");
    const returnUrl = confirmParams.return_url ?? null;
    if (returnUrl === null && redirect === "always")
      return misuse("confirmSetup needs a confirmParams.return_url.");
    const { payment_method } = confirmParams;
    const answer =
      payment_method === undefined
        ? await elements?.card?.confirm({
            publishableKey,
            clientSecret,
            returnUrl,
            billingDetails: confirmParams.payment_method_data?.billing_details ?? {},
          })
        : await confirm(ORIGIN, publishableKey, clientSecret, { payment_method, return_url: returnUrl });
    const result = await handle(answer ?? NO_CARD);
    if (result.error !== undefined || redirect === "if_required" || returnUrl === null) return result;
    const target = new URL(returnUrl);
    target.searchParams.set("setup_intent", result.setupIntent.id);
    target.searchParams.set("setup_intent_client_secret", clientSecret);
    target.searchParams.set("redirect_status", "succeeded");
    location.assign(target);
    // The page is left: nobody gets an answer.
    return new Promise(() => undefined);
  }

  async function confirmCardSetup(
    clientSecret: string,
    { payment_method, return_url }: CardSetup = {},
    { handleActions = true }: { readonly handleActions?: boolean } = {},
  ): Promise<SetupAnswer> {
    const returnUrl = return_url ?? null;
    const answer =
      typeof payment_method === "object"
        ? await payment_method.card?.confirm({
            publishableKey,
            clientSecret,
            returnUrl,
            billingDetails: payment_method.billing_details ?? {},
          })
        : await confirm(ORIGIN, publishableKey, clientSecret, {
            payment_method: payment_method ?? null,
            return_url: returnUrl,
          });
    return handleActions ? handle(answer ?? NO_CARD) : (answer ?? NO_CARD);
  }

  const retrieveSetupIntent = (clientSecret: string) => retrieve(ORIGIN, publishableKey, clientSecret);

  return {
    elements: (wish: ElementsOptions = {}) =>
      new Elements(ORIGIN, { ...(options.locale && { locale: options.locale }), ...wish }),
    confirmSetup,
    confirmCardSetup,
    retrieveSetupIntent,
    handleNextAction: async ({ clientSecret }: { readonly clientSecret: string }) =>
      handle(await retrieveSetupIntent(clientSecret)),
    registerAppInfo: () => undefined,
    _registerWrapper: () => undefined,
  };
}

/** Stripe(key), and new Stripe(key) too. */
function Stripe(publishableKey: string, options?: { readonly locale?: string }) {
  if (!publishableKey.startsWith("pk_")) throw new Error("Please call Stripe() with your publishable key.");
  return makeStripe(publishableKey, options);
}
Stripe.version = "emulator";

Object.assign(window, { Stripe });
