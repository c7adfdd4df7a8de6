import type Stripe from "stripe";
import { CardDeclined, SetupIncomplete } from "../../billing-errors.ts";
import { NotFound } from "../../errors.ts";
import type { BillingParts } from "./billing-parts.ts";
import { findCustomerAccount } from "./ensure-customer.ts";
import { foreseeRegistration, registerCard, type Card, type Registration } from "./register-card.ts";
import { askStripe, declineCodeOf, findAtStripe, idOf } from "./stripe.ts";

/** Whose card became what; null: it is no card of ours. */
export type Adoption = { readonly accountId: string; readonly registration: Registration } | null;

/** What we keep of a card that Stripe has set up; null for what is no card, or is the customer's no more. */
function cardOf(method: Stripe.PaymentMethod, customer: string): Card | null {
  if (method.card === undefined || idOf(method.customer) !== customer) return null;
  const { brand, last4, exp_month, exp_year } = method.card;
  return {
    stripeId: method.id,
    brand,
    last4,
    expMonth: exp_month,
    expYear: exp_year,
    createdAt: new Date(method.created * 1_000),
  };
}

/** The bank's refusal where there was one, else where the set-up stands. */
function refuseUnfinished({ status, last_setup_error: error }: Stripe.SetupIntent): void {
  if (status === "succeeded") return;
  const isRefused = status === "requires_payment_method" && error !== null;
  if (isRefused) throw new CardDeclined(declineCodeOf(error.code, error.decline_code));
  throw new SetupIncomplete(status);
}

async function adopt(parts: BillingParts, intent: Stripe.SetupIntent, accountId: string): Promise<Adoption> {
  const [customer, methodId] = [idOf(intent.customer), idOf(intent.payment_method)];
  if (customer === null || methodId === null) return null;
  const method = await askStripe(parts, ({ paymentMethods }) => paymentMethods.retrieve(methodId));
  const card = cardOf(method, customer);
  if (card === null) return null;
  const outlook = await foreseeRegistration(parts.db.drizzle, accountId, card);
  // Before it is on file: what is on file can be charged.
  if (outlook === "registered" || outlook === "replaces")
    await askStripe(parts, ({ customers }) =>
      customers.update(customer, { invoice_settings: { default_payment_method: methodId } }),
    );
  return { accountId, registration: await registerCard(parts, accountId, card) };
}

/**
 * Puts the card of a setup intent on file, for the account whose customer it names. Everything is read from Stripe, so
 * that it may be done again, at once, and late.
 * @param claimant the account that says it is its own; null when Stripe itself says that it is done
 * @throws NotFound for another's set-up, SetupIncomplete, CardDeclined, AccountClosing, StripeUnavailable
 */
export async function adoptSetupIntent(
  parts: BillingParts,
  setupIntentId: string,
  claimant: string | null = null,
): Promise<Adoption> {
  const intent = await findAtStripe(parts, ({ setupIntents }) => setupIntents.retrieve(setupIntentId));
  const customer = idOf(intent?.customer ?? null);
  const accountId = customer === null ? null : await findCustomerAccount(parts, customer);
  if (claimant !== null && claimant !== accountId) throw new NotFound("setup_not_found");
  if (intent === null || accountId === null) return null;
  refuseUnfinished(intent);
  return adopt(parts, intent, accountId);
}

/** The same for the card that was given on Stripe's page. */
export async function adoptCheckout(
  parts: BillingParts,
  sessionId: string,
  claimant: string | null = null,
): Promise<Adoption> {
  const session = await findAtStripe(parts, ({ checkout }) => checkout.sessions.retrieve(sessionId));
  const setupIntentId = idOf(session?.setup_intent ?? null);
  if (setupIntentId !== null) return adoptSetupIntent(parts, setupIntentId, claimant);
  if (claimant !== null) throw new NotFound("setup_not_found");
  return null;
}
