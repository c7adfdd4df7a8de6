import type Stripe from "stripe";
import type { Context } from "../context.ts";
import { emit } from "../events/emit.ts";
import { detach } from "../payment-methods/attach.ts";
import { getCustomer } from "./get.ts";

/** Deletes a customer. Only its id stays, and what it was invoiced. @throws Refusal */
export function removeCustomer(context: Context, id: string): Stripe.DeletedCustomer {
  getCustomer(context, id);
  for (const method of context.store.allOf("payment_method", id)) detach(context, method);
  const { store, index } = context;
  const customer = getCustomer(context, id);
  store.remove(id);
  const stub: Stripe.DeletedCustomer = { id, object: "customer", deleted: true };
  store.put("deleted_customer", stub);
  index.note("customer", id);
  emit(context, "customer.deleted", customer);
  return stub;
}
