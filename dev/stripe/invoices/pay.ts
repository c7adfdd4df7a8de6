import { cardError, invalidRequest, missing } from "../api/error.ts";
import type { Context } from "../context.ts";
import { change, emit } from "../events/emit.ts";
import { takePaymentMethod } from "../payment-methods/create.ts";
import { chargeAuthenticated, chargeCard, failAuthentication, type Payment } from "../payments/charge.ts";
import { challengeOf, setChallenge } from "../setup-intents/hidden.ts";
import { idOf } from "../store/id-of.ts";
import type { Invoice, Kinds } from "../store/kinds.ts";
import { finalizeInvoice } from "./finalize.ts";
import { markUncollectible } from "./give-up.ts";
import { isLastAttempt, nextAttemptS } from "./schedule.ts";
import { markPaid, paymentOf } from "./settle.ts";

type PaymentMethod = Kinds["payment_method"];

export type Attempt = { readonly invoice: Invoice } & (Payment | { readonly ending: "no-card" });

/** The card to ask: the invoice's own, else the customer's. */
function findMethod({ store }: Context, invoice: Invoice): PaymentMethod | null {
  const customer = store.find("customer", idOf(invoice.customer));
  const id = idOf(invoice.default_payment_method) || idOf(customer?.invoice_settings.default_payment_method);
  return store.find("payment_method", id);
}

/** Counts an attempt that did not bring money, and plans the next. */
function writeFailure(context: Context, before: Invoice, isAutomatic: boolean): Invoice {
  const { clock, tasks, store } = context;
  // What people try by themselves after the first attempt does not move the plan.
  const counts = isAutomatic || before.attempt_count === 0;
  const attempt_count = before.attempt_count + (counts ? 1 : 0);
  const next = counts ? nextAttemptS(before, attempt_count, clock.nowS) : before.next_payment_attempt;
  if (next === null) tasks.drop("pay-invoice", before.id);
  else tasks.set({ name: "pay-invoice", object: before.id, dueS: next });
  const { object, previous } = change(context, "invoice", before, {
    attempted: true,
    attempt_count,
    next_payment_attempt: next,
  });
  const customer = store.find("customer", idOf(before.customer));
  if (isAutomatic && customer !== null) change(context, "customer", customer, { delinquent: true });
  emit(context, "invoice.updated", object, previous);
  emit(context, "invoice.payment_failed", object);
  return object;
}

/** Asks a card for what is due. Nothing is thrown: whatever it says is written down. */
export function attemptPayment(
  context: Context,
  invoice: Invoice,
  isAutomatic: boolean,
  named: PaymentMethod | null = null,
): Attempt {
  const method = named ?? findMethod(context, invoice);
  const payment = paymentOf(context, invoice.id);
  if (method === null || payment === null)
    return { ending: "no-card", invoice: isAutomatic ? writeFailure(context, invoice, true) : invoice };
  const intent = context.store.get("payment_intent", idOf(payment.payment.payment_intent));
  const outcome = chargeCard(context, intent, method, invoice.hosted_invoice_url ?? null);
  if (outcome.ending === "paid") {
    const attempt_count = Math.max(1, invoice.attempt_count + (isAutomatic ? 1 : 0));
    return {
      ...outcome,
      invoice: markPaid(context, invoice, { isByCard: true, changes: { attempt_count } }),
    };
  }
  const failed = writeFailure(context, invoice, isAutomatic);
  if (outcome.ending === "waits") emit(context, "invoice.payment_action_required", failed);
  return { ...outcome, invoice: failed };
}

/** @throws Refusal unless it can be paid */
function refuseUnpayable({ status }: Invoice): void {
  if (status === "paid") throw invalidRequest("Invoice is already paid");
  if (status === "void") throw invalidRequest("This invoice can no longer be paid: it is void.");
}

export interface PayWish {
  readonly method: string | null;
  readonly isOutOfBand: boolean;
}

/** A card of the customer's, or one that is nobody's yet. @throws Refusal */
function namedMethod(context: Context, invoice: Invoice, id: string | null): PaymentMethod | null {
  if (id === null) return null;
  const method = takePaymentMethod(context, id, "payment_method");
  if (method.customer !== null && method.customer !== invoice.customer)
    throw missing("PaymentMethod", id, "payment_method");
  return method;
}

/** Pays an invoice now, as somebody of ours asks. @throws Refusal when the card does not pay; what it did stays */
export function payInvoice(context: Context, before: Invoice, { method, isOutOfBand }: PayWish): Invoice {
  refuseUnpayable(before);
  const invoice =
    before.status === "draft" ? finalizeInvoice(context, before, before.auto_advance === true) : before;
  if (invoice.status === "paid") return invoice;
  if (isOutOfBand) {
    const changes = { amount_paid_off_stripe: invoice.amount_remaining };
    return markPaid(context, invoice, { isByCard: false, changes });
  }
  const attempt = attemptPayment(context, invoice, false, namedMethod(context, invoice, method));
  switch (attempt.ending) {
    case "paid":
      return attempt.invoice;
    case "no-card":
      throw invalidRequest(
        "There is no `default_payment_method` set on this Customer or Invoice. Please set either an " +
          "`default_payment_method` or attach one to the Customer.",
      );
    case "declined":
      throw cardError({ ...attempt.why, charge: attempt.charge, payment_intent: attempt.intent });
    case "waits":
      throw cardError({
        code: "invoice_payment_intent_requires_action",
        message:
          "This payment requires additional user action before it can be completed successfully. Payment can be " +
          "completed using the PaymentIntent associated with the invoice.",
        payment_intent: attempt.intent,
      });
  }
}

/** The attempt that the plan says is due. `endsUncollectible` says what becomes of it after the last one. */
export function payByPlan(context: Context, invoice: Invoice, endsUncollectible: boolean): void {
  if (invoice.status !== "open") return;
  const { ending, invoice: after } = attemptPayment(context, invoice, true);
  if (ending !== "paid" && endsUncollectible && isLastAttempt(after.attempt_count))
    markUncollectible(context, after);
}

/** The bank has seen its customer, or somebody else. Null: nobody waits for that any more. */
export function finishPaymentChallenge(
  context: Context,
  id: string,
  token: string,
  isAuthentic: boolean,
): { readonly returnUrl: string | null } | null {
  const { store } = context;
  const intent = store.find("payment_intent", id);
  const waiting = challengeOf(context, id);
  if (intent?.status !== "requires_action" || waiting?.token !== token) return null;
  const method = store.get("payment_method", waiting.paymentMethod);
  const [payment] = store.page("invoice_payment", {
    limit: 1,
    equals: { "payment.payment_intent": id },
  }).data;
  const invoice = store.get("invoice", idOf(payment?.invoice));
  setChallenge(context, id, {});
  if (isAuthentic) {
    chargeAuthenticated(context, intent, method);
    markPaid(context, invoice, { isByCard: true });
  } else {
    failAuthentication(context, intent, method);
    emit(context, "invoice.payment_failed", invoice);
  }
  return { returnUrl: waiting.returnUrl };
}
