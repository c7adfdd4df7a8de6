import type { StripeError } from "@stripe/stripe-js";
import type { Language } from "../language/translated.ts";
import { knownDeclineText } from "../problems/decline.messages.ts";
import { BILLING_PATH } from "./card.ts";
import type { Mounted } from "./use-card-fields.ts";

export type Confirmation =
  | { readonly outcome: "confirmed"; readonly setupIntentId: string }
  /** `sentence` is null where Stripe's fields say themselves what is wrong with them. */
  | { readonly outcome: "refused"; readonly sentence: string | null };

/** In our words where we have some; Stripe's own are in the language of the page too. */
function sentenceOf(language: Language, { type, code, decline_code, message }: StripeError): string | null {
  if (type === "validation_error") return null;
  const isUnknownToBank = code === "setup_intent_authentication_failure";
  const codes = [decline_code, isUnknownToBank ? "authentication_required" : code];
  return knownDeclineText(language, codes) ?? message ?? knownDeclineText(language, ["generic_decline"]);
}

/** Has Stripe set up the card that its fields hold, and the bank see its customer where it wants to. */
export async function confirmCard(
  { stripe, elements }: Mounted,
  clientSecret: string,
  language: Language,
): Promise<Confirmation> {
  const refuse = (error: StripeError): Confirmation => ({
    outcome: "refused",
    sentence: sentenceOf(language, error),
  });
  const { error: unfit } = await elements.submit();
  if (unfit !== undefined) return refuse(unfit);
  const { error, setupIntent } = await stripe.confirmSetup({
    elements,
    clientSecret,
    confirmParams: { return_url: new URL(BILLING_PATH, location.href).href },
    redirect: "if_required",
  });
  if (error === undefined) return { outcome: "confirmed", setupIntentId: setupIntent.id };
  // Confirmed before, and sent again because we could not be reached then.
  const known = error.setup_intent;
  return known?.status === "succeeded" ? { outcome: "confirmed", setupIntentId: known.id } : refuse(error);
}
