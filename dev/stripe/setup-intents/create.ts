import type { Context } from "../context.ts";
import { create, emit } from "../events/emit.ts";
import { newClientSecret, newId } from "../ids.ts";
import type { Kinds } from "../store/kinds.ts";

type SetupIntent = Kinds["setup_intent"];

export interface Wish {
  readonly customer: string | null;
  readonly description?: string | null;
  readonly metadata?: Record<string, string>;
  readonly usage?: string;
  readonly paymentMethod?: string | null;
  /** Undefined: whatever the account takes, which is cards. */
  readonly types?: "card"[] | undefined;
  /** May a payment method of another kind lead the person away? */
  readonly redirects?: "always" | "never";
}

/** Nobody's card is set up by it yet. */
export function createSetupIntent(context: Context, wish: Wish): SetupIntent {
  const id = newId("seti");
  const intent: SetupIntent = {
    id,
    object: "setup_intent",
    allowed_payment_method_types: wish.types ?? null,
    application: null,
    automatic_payment_methods: { allow_redirects: wish.redirects ?? "always", enabled: true },
    cancellation_reason: null,
    client_secret: newClientSecret(id),
    created: context.clock.nowS,
    customer: wish.customer,
    customer_account: null,
    description: wish.description ?? null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: wish.metadata ?? {},
    next_action: null,
    on_behalf_of: null,
    payment_method: wish.paymentMethod ?? null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: "automatic" },
    },
    payment_method_types: ["card"],
    single_use_mandate: null,
    status: wish.paymentMethod == null ? "requires_payment_method" : "requires_confirmation",
    usage: wish.usage ?? "off_session",
  };
  create(context, "setup_intent", intent, wish.customer);
  emit(context, "setup_intent.created", intent);
  return intent;
}
