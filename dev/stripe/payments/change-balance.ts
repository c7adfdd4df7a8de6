import type { Context } from "../context.ts";
import { change, emit } from "../events/emit.ts";
import { newId } from "../ids.ts";
import type { Kinds } from "../store/kinds.ts";

type Entry = Kinds["customer_balance_transaction"];

export interface BalanceChange {
  /** Positive: the customer owes more. */
  readonly amount: number;
  readonly type: Entry["type"];
  readonly currency: string;
  readonly invoice?: string;
  readonly creditNote?: string;
}

/** Moves what a customer owes, or has in credit, and writes down why. Null: the customer is gone, or nothing moves. */
export function changeBalance(context: Context, customer: string, wish: BalanceChange): Entry | null {
  const { store, clock } = context;
  const owner = store.find("customer", customer);
  if (owner === null || wish.amount === 0) return null;
  const balance = owner.balance + wish.amount;
  const { object, previous } = change(context, "customer", owner, { balance });
  const entry: Entry = {
    id: newId("cbtxn"),
    object: "customer_balance_transaction",
    amount: wish.amount,
    checkout_session: null,
    created: clock.nowS,
    credit_note: wish.creditNote ?? null,
    currency: wish.currency,
    customer,
    customer_account: null,
    description: null,
    ending_balance: balance,
    invoice: wish.invoice ?? null,
    livemode: false,
    metadata: {},
    type: wish.type,
  };
  store.put("customer_balance_transaction", entry, customer);
  emit(context, "customer.updated", object, previous);
  return entry;
}
