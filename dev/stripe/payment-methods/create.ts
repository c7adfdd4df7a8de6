import { createHash } from "node:crypto";
import { missing } from "../api/error.ts";
import type { Context } from "../context.ts";
import { newId } from "../ids.ts";
import type { Kinds } from "../store/kinds.ts";
import { findCardByToken } from "./cards.ts";
import { hideCard } from "./hidden.ts";
import { readCard, type ReadCard } from "./read-card.ts";

type PaymentMethod = Kinds["payment_method"];

const NO_BILLING: PaymentMethod["billing_details"] = {
  address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
  email: null,
  name: null,
  phone: null,
  tax_id: null,
};

const FUNDING = "credit";

const cardOf = ({ card, expMonth, expYear }: ReadCard): NonNullable<PaymentMethod["card"]> => ({
  brand: card.brand,
  checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
  country: card.country,
  display_brand: card.brand === "amex" ? "american_express" : card.brand,
  exp_month: expMonth,
  exp_year: expYear,
  // The same card has the same, whatever it is used for.
  fingerprint: createHash("sha256").update(card.number).digest("base64url").slice(0, 16),
  funding: FUNDING,
  generated_from: null,
  last4: card.number.slice(-4),
  networks: { available: [card.brand], preferred: null },
  regulated_status: "unregulated",
  three_d_secure_usage: { supported: true },
  wallet: null,
});

export interface Details {
  readonly billing?: Partial<PaymentMethod["billing_details"]> | undefined;
  readonly metadata?: Record<string, string>;
}

/** A payment method of nobody yet. */
export function createPaymentMethod(
  { store, clock }: Context,
  read: ReadCard,
  { billing = {}, metadata = {} }: Details = {},
): PaymentMethod {
  const method: PaymentMethod = {
    id: newId("pm"),
    object: "payment_method",
    allow_redisplay: "unspecified",
    billing_details: { ...NO_BILLING, ...billing },
    card: cardOf(read),
    created: clock.nowS,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata,
    type: "card",
  };
  store.put("payment_method", method);
  hideCard(store, method.id, { number: read.card.number, isSetUp: false, isUsedUp: false });
  return method;
}

/** The payment method of an id; each use of a token like pm_card_visa makes a new one. @throws Refusal */
export function takePaymentMethod(context: Context, id: string, param?: string): PaymentMethod {
  if (findCardByToken(id) !== null)
    return createPaymentMethod(context, readCard({ token: id }, context.clock.nowMs));
  const found = context.store.find("payment_method", id);
  if (found === null) throw missing("PaymentMethod", id, param);
  return found;
}
