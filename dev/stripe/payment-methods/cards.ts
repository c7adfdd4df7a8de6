/** Stripe's test cards that the emulator knows, and what each does when it is asked. */

export interface Decline {
  readonly code: string;
  readonly decline_code?: string;
  readonly message: string;
  readonly param?: string;
}

/** `authenticate`: the bank wants to see its customer first. */
export type Reaction = "good" | "authenticate" | Decline;

export interface TestCard {
  readonly number: string;
  readonly brand: "visa" | "mastercard" | "amex" | "jcb";
  readonly country: string;
  /** The names by which the API takes it, without its number. */
  readonly tokens: readonly string[];
  readonly onSetup: Reaction;
  readonly onCharge: Reaction;
  /** Once it was set up, it can be charged without asking anybody. */
  readonly isSettledBySetup: boolean;
}

const declined = (decline_code: string, message = "Your card was declined."): Decline => ({
  code: "card_declined",
  decline_code,
  message,
});
const GENERIC = declined("generic_decline");
const INSUFFICIENT = declined("insufficient_funds", "Your card has insufficient funds.");
const EXPIRED: Decline = { code: "expired_card", message: "Your card has expired.", param: "exp_month" };
const WRONG_CVC: Decline = {
  code: "incorrect_cvc",
  message: "Your card's security code is incorrect.",
  param: "cvc",
};
const PROCESSING: Decline = {
  code: "processing_error",
  message: "An error occurred while processing your card. Try again in a little bit.",
};

const card = (number: string, tokens: readonly string[], differences: Partial<TestCard> = {}): TestCard => ({
  number,
  brand: "visa",
  country: "US",
  tokens: tokens.map((token) => `pm_card_${token}`),
  onSetup: "good",
  onCharge: "good",
  isSettledBySetup: false,
  ...differences,
});

const refused = (number: string, tokens: readonly string[], decline: Decline): TestCard =>
  card(number, tokens, { onSetup: decline, onCharge: decline });

export const CARDS: readonly TestCard[] = [
  card("4242424242424242", ["visa", "us"]),
  card("5555555555554444", ["mastercard"], { brand: "mastercard" }),
  card("378282246310005", ["amex"], { brand: "amex" }),
  card("3566002020360505", ["jcb"], { brand: "jcb", country: "JP" }),
  card("4000003920000003", ["jp"], { country: "JP" }),
  refused("4000000000000002", ["chargeDeclined", "visa_chargeDeclined"], GENERIC),
  refused(
    "4000000000009995",
    ["chargeDeclinedInsufficientFunds", "visa_chargeDeclinedInsufficientFunds"],
    INSUFFICIENT,
  ),
  refused("4000000000000069", ["chargeDeclinedExpiredCard", "visa_chargeDeclinedExpiredCard"], EXPIRED),
  refused("4000000000000127", ["chargeDeclinedIncorrectCvc", "visa_chargeDeclinedIncorrectCvc"], WRONG_CVC),
  refused(
    "4000000000000119",
    ["chargeDeclinedProcessingError", "visa_chargeDeclinedProcessingError"],
    PROCESSING,
  ),
  card("4000000000000341", ["chargeCustomerFail"], { onCharge: GENERIC }),
  card("4000002500003155", ["authenticationRequiredOnSetup"], {
    onSetup: "authenticate",
    onCharge: "authenticate",
    isSettledBySetup: true,
  }),
  card("4000002760003184", ["authenticationRequired"], {
    onSetup: "authenticate",
    onCharge: "authenticate",
  }),
];

export const findCard = (number: string): TestCard | null =>
  CARDS.find((known) => known.number === number) ?? null;

export const findCardByToken = (token: string): TestCard | null =>
  CARDS.find(({ tokens }) => tokens.includes(token)) ?? null;
