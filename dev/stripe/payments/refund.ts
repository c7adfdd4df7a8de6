import { invalidRequest } from "../api/error.ts";
import type { Context } from "../context.ts";
import { change, create, emit } from "../events/emit.ts";
import { newId } from "../ids.ts";
import { idOf } from "../store/id-of.ts";
import type { Kinds } from "../store/kinds.ts";

type Charge = Kinds["charge"];
type Refund = Kinds["refund"];

const dollars = (cents: number) => `$${(cents / 100).toFixed(2)}`;

export interface Wish {
  readonly amount: number;
  readonly reason?: Refund["reason"];
  readonly metadata?: Record<string, string>;
}

/** Gives money of a charge back. @throws Refusal when that is more than is left of it */
export function refundCharge(context: Context, charge: Charge, wish: Wish): Refund {
  const left = charge.amount_captured - charge.amount_refunded;
  if (left === 0)
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: "charge_already_refunded",
    });
  if (wish.amount > left)
    throw invalidRequest(
      `Refund amount (${dollars(wish.amount)}) is greater than unrefunded amount on charge (${dollars(left)})`,
      { param: "amount" },
    );
  const refund: Refund = {
    id: newId("re"),
    object: "refund",
    amount: wish.amount,
    balance_transaction: newId("txn"),
    charge: charge.id,
    created: context.clock.nowS,
    currency: charge.currency,
    customer: idOf(charge.customer),
    customer_account: null,
    metadata: wish.metadata ?? {},
    payment_intent: idOf(charge.payment_intent),
    payment_method: charge.payment_method,
    reason: wish.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: "succeeded",
    transfer_reversal: null,
  };
  create(context, "refund", refund, charge.id);
  const amount_refunded = charge.amount_refunded + wish.amount;
  const { object, previous } = change(context, "charge", charge, {
    amount_refunded,
    refunded: amount_refunded === charge.amount_captured,
  });
  emit(context, "refund.created", refund);
  emit(context, "charge.refunded", object, previous);
  return refund;
}
