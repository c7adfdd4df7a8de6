import { cardError, invalidRequest } from "../api/error.ts";
import type { Context } from "../context.ts";
import { change, emit } from "../events/emit.ts";
import type { Kinds } from "../store/kinds.ts";
import { changeHidden, hiddenCardOf } from "./hidden.ts";

type PaymentMethod = Kinds["payment_method"];

/** @throws Refusal when it is somebody's already, or was */
export function refuseUsedUp(
  { store }: Context,
  { id, customer }: PaymentMethod,
  wanted: string | null,
): void {
  if (hiddenCardOf(store, id).isUsedUp)
    throw invalidRequest(
      "This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.",
    );
  if (customer !== null && customer !== wanted)
    throw invalidRequest("The payment method you provided has already been attached to a customer.");
}

/** Makes it a customer's, without asking the bank. */
export function give(context: Context, method: PaymentMethod, customer: string): PaymentMethod {
  refuseUsedUp(context, method, customer);
  if (method.customer === customer) return method;
  const { object } = change(context, "payment_method", method, { customer });
  context.store.put("payment_method", object, customer);
  emit(context, "payment_method.attached", object);
  return object;
}

/** Attaches it as the API does: a card that its bank refuses is refused. @throws Refusal */
export function attach(context: Context, method: PaymentMethod, customer: string): PaymentMethod {
  const { onSetup } = hiddenCardOf(context.store, method.id).card;
  if (typeof onSetup === "object") throw cardError({ ...onSetup });
  return give(context, method, customer);
}

/** Takes it from its customer, for good. @throws Refusal when it has none */
export function detach(context: Context, method: PaymentMethod): PaymentMethod {
  const { store } = context;
  const { customer } = method;
  if (typeof customer !== "string")
    throw invalidRequest(
      "The payment method you provided is not attached to a customer so detachment is impossible.",
    );
  const { object, previous } = change(context, "payment_method", method, { customer: null });
  store.disown(method.id);
  changeHidden(store, method.id, { isUsedUp: true });
  emit(context, "payment_method.detached", object, previous);
  const owner = store.find("customer", customer);
  if (owner?.invoice_settings.default_payment_method === method.id) {
    const invoice_settings = { ...owner.invoice_settings, default_payment_method: null };
    const changed = change(context, "customer", owner, { invoice_settings });
    emit(context, "customer.updated", changed.object, changed.previous);
  }
  return object;
}
