import type { Context } from "../context.ts";
import { change, emit } from "../events/emit.ts";
import { cancelPaymentIntent } from "../payments/create-intent.ts";
import { idOf } from "../store/id-of.ts";
import type { Invoice, Kinds } from "../store/kinds.ts";
import { dropTasks } from "./schedule.ts";

/** The payment of an invoice by the intent that was made for it; null where nothing had to be paid. */
export const paymentOf = ({ store }: Context, invoice: string): Kinds["invoice_payment"] | null =>
  store.allOf("invoice_payment", invoice).find(({ is_default }) => is_default) ?? null;

function settlePayment(context: Context, invoice: Invoice): void {
  const payment = paymentOf(context, invoice.id);
  if (payment?.status !== "open") return;
  const { object } = change(context, "invoice_payment", payment, {
    status: "paid",
    amount_paid: payment.amount_requested,
    status_transitions: { canceled_at: null, paid_at: context.clock.nowS },
  });
  emit(context, "invoice_payment.paid", object);
}

/** Nobody pays by the intent any more. */
export function cancelPayment(
  context: Context,
  invoice: Invoice,
  reason: "void_invoice" | "automatic",
): void {
  const payment = paymentOf(context, invoice.id);
  if (payment?.status !== "open") return;
  change(context, "invoice_payment", payment, {
    status: "canceled",
    status_transitions: { canceled_at: context.clock.nowS, paid_at: null },
  });
  cancelPaymentIntent(context, idOf(payment.payment.payment_intent), reason);
}

export interface Settlement {
  /** The card has paid; else nothing had to be paid, or it was paid elsewhere. */
  readonly isByCard: boolean;
  readonly changes?: Partial<Invoice>;
}

/** It is paid. */
export function markPaid(context: Context, before: Invoice, { isByCard, changes = {} }: Settlement): Invoice {
  if (isByCard) settlePayment(context, before);
  else cancelPayment(context, before, "automatic");
  dropTasks(context, before.id);
  const { object, previous } = change(context, "invoice", before, {
    status: "paid",
    auto_advance: false,
    attempted: true,
    amount_paid: before.amount_due,
    amount_remaining: 0,
    next_payment_attempt: null,
    status_transitions: { ...before.status_transitions, paid_at: context.clock.nowS },
    ...changes,
  });
  const customer = context.store.find("customer", idOf(before.customer));
  if (customer?.delinquent === true) change(context, "customer", customer, { delinquent: false });
  emit(context, "invoice.updated", object, previous);
  emit(context, "invoice.paid", object);
  emit(context, "invoice.payment_succeeded", object);
  return object;
}
