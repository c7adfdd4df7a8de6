import { invalidRequest } from "../api/error.ts";
import type { Context } from "../context.ts";
import { change, emit } from "../events/emit.ts";
import { changeBalance } from "../payments/change-balance.ts";
import { idOf } from "../store/id-of.ts";
import type { Invoice } from "../store/kinds.ts";
import { dropTasks } from "./schedule.ts";
import { cancelPayment } from "./settle.ts";

function refuseState({ status }: Invoice, what: string, allowed: readonly string[]): void {
  if (!allowed.includes(status ?? ""))
    throw invalidRequest(
      `You can only ${what} if the invoice is ${allowed.join(" or ")}. This invoice is ${String(status)}.`,
    );
}

/** As if it had never been: what it took of the customer's balance goes back. @throws Refusal */
export function voidInvoice(context: Context, before: Invoice): Invoice {
  refuseState(before, "void it", ["open", "uncollectible"]);
  dropTasks(context, before.id);
  cancelPayment(context, before, "void_invoice");
  changeBalance(context, idOf(before.customer), {
    amount: before.starting_balance - (before.ending_balance ?? before.starting_balance),
    type: "unapplied_from_invoice",
    currency: before.currency,
    invoice: before.id,
  });
  const { object, previous } = change(context, "invoice", before, {
    status: "void",
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...before.status_transitions, voided_at: context.clock.nowS },
  });
  emit(context, "invoice.updated", object, previous);
  emit(context, "invoice.voided", object);
  return object;
}

/** Nobody expects its money any more; it can still be paid. @throws Refusal */
export function markUncollectible(context: Context, before: Invoice): Invoice {
  refuseState(before, "mark it uncollectible", ["open"]);
  dropTasks(context, before.id);
  const { object, previous } = change(context, "invoice", before, {
    status: "uncollectible",
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...before.status_transitions, marked_uncollectible_at: context.clock.nowS },
  });
  emit(context, "invoice.updated", object, previous);
  emit(context, "invoice.marked_uncollectible", object);
  return object;
}

/** The day on which it had to be paid is over. */
export function markOverdue(context: Context, invoice: Invoice): void {
  if (invoice.status !== "open") return;
  const customer = context.store.find("customer", idOf(invoice.customer));
  if (customer !== null) change(context, "customer", customer, { delinquent: true });
  emit(context, "invoice.overdue", invoice);
}
