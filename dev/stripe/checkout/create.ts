import type { Context } from "../context.ts";
import { create } from "../events/emit.ts";
import { randomText } from "../ids.ts";
import { createSetupIntent } from "../setup-intents/create.ts";
import type { Kinds } from "../store/kinds.ts";

type Session = Kinds["checkout.session"];

export interface Wish {
  readonly customer: string | null;
  readonly customerEmail: string | null;
  readonly clientReferenceId: string | null;
  readonly successUrl: string;
  readonly cancelUrl: string | null;
  readonly currency: string | null;
  readonly types: "card"[] | null;
  readonly locale: Session["locale"];
  readonly metadata: Record<string, string>;
  readonly setupIntent: { readonly description: string | null; readonly metadata: Record<string, string> };
  readonly expiresAtS: number | null;
}

const LIFE_S = 86_400;
const ID_LENGTH = 58;

/** What sessions of other modes have, and ours never. */
const NOTHING = {
  adaptive_pricing: null,
  after_expiration: null,
  allow_promotion_codes: null,
  amount_subtotal: null,
  amount_total: null,
  automatic_tax: { enabled: false, liability: null, provider: null, status: null },
  billing_address_collection: null,
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  custom_text: {
    after_submit: null,
    shipping_address: null,
    submit: null,
    terms_of_service_acceptance: null,
  },
  customer_account: null,
  customer_creation: null,
  customer_details: null,
  discounts: null,
  integration_identifier: null,
  invoice: null,
  invoice_creation: null,
  managed_payments: null,
  origin_context: null,
  payment_intent: null,
  payment_link: null,
  payment_method_collection: "always",
  payment_method_configuration_details: null,
  payment_method_options: { card: { request_three_d_secure: "automatic" } },
  permissions: null,
  recovered_from: null,
  saved_payment_method_options: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  submit_type: null,
  subscription: null,
  total_details: null,
  wallet_options: null,
} satisfies Partial<Session>;

/** Opens a session in which a person saves a card on a page of the emulator. */
export function createSession(context: Context, wish: Wish): Session {
  const { clock, baseUrl, tasks } = context;
  const id = `cs_test_${randomText(ID_LENGTH)}`;
  const intent = createSetupIntent(context, {
    customer: wish.customer,
    ...wish.setupIntent,
    ...(wish.types && { types: wish.types }),
  });
  const session: Session = {
    ...NOTHING,
    id,
    object: "checkout.session",
    allowed_payment_method_types: wish.types,
    cancel_url: wish.cancelUrl,
    client_reference_id: wish.clientReferenceId,
    created: clock.nowS,
    currency: wish.currency,
    customer: wish.customer,
    customer_email: wish.customerEmail,
    expires_at: wish.expiresAtS ?? clock.nowS + LIFE_S,
    livemode: false,
    locale: wish.locale,
    metadata: wish.metadata,
    mode: "setup",
    payment_method_types: ["card"],
    payment_status: "no_payment_required",
    setup_intent: intent.id,
    status: "open",
    success_url: wish.successUrl,
    ui_mode: "hosted_page",
    url: `${baseUrl}/c/pay/${id}`,
  };
  create(context, "checkout.session", session, intent.id);
  tasks.set({ name: "expire-session", object: id, dueS: session.expires_at });
  return session;
}
