import type { Context } from "../context.ts";
import { create, emit } from "../events/emit.ts";
import { newClientSecret, newId } from "../ids.ts";
import type { Kinds } from "../store/kinds.ts";

type PaymentIntent = Kinds["payment_intent"];

export interface Wish {
  readonly amount: number;
  readonly currency: string;
  readonly customer: string;
  readonly description: string | null;
}

/** What an invoice is to be paid by; nobody's card was asked yet. */
export function createPaymentIntent(context: Context, wish: Wish): PaymentIntent {
  const id = newId("pi");
  const intent: PaymentIntent = {
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount: wish.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic",
    client_secret: newClientSecret(id),
    confirmation_method: "automatic",
    created: context.clock.nowS,
    currency: wish.currency,
    customer: wish.customer,
    customer_account: null,
    description: wish.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ["card"],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: "off_session",
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "requires_payment_method",
    transfer_group: null,
  };
  create(context, "payment_intent", intent, wish.customer);
  emit(context, "payment_intent.created", intent);
  return intent;
}

/** Nobody will pay it any more. */
export function cancelPaymentIntent(
  context: Context,
  id: string,
  reason: "void_invoice" | "automatic",
): void {
  const intent = context.store.get("payment_intent", id);
  if (intent.status === "succeeded" || intent.status === "canceled") return;
  const canceled: PaymentIntent = {
    ...intent,
    status: "canceled",
    canceled_at: context.clock.nowS,
    cancellation_reason: reason,
    next_action: null,
  };
  context.store.put("payment_intent", canceled);
  context.index.note("payment_intent", id);
  emit(context, "payment_intent.canceled", canceled);
}
