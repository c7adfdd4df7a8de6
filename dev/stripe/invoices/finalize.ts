import { z } from "zod";
import { invalidRequest } from "../api/error.ts";
import type { Context } from "../context.ts";
import { change, create, emit } from "../events/emit.ts";
import { newId, randomText } from "../ids.ts";
import { changeBalance } from "../payments/change-balance.ts";
import { createPaymentIntent } from "../payments/create-intent.ts";
import { idOf } from "../store/id-of.ts";
import type { Invoice } from "../store/kinds.ts";
import { recalculate } from "./recalculate.ts";
import { daysAfter, planAdvance } from "./schedule.ts";
import { markPaid } from "./settle.ts";

/** What no card is charged for, in cents: it is carried over to the customer's next invoice. */
const SMALLEST_CHARGE = 50;
const TOKEN_LENGTH = 40;
const NUMBER_DIGITS = 4;

const hidden = z.object({ daysUntilDue: z.number().nullable() });

/** The customer's next number, which is used up. */
function takeNumber(context: Context, customer: string): string {
  const owner = context.store.find("customer", customer);
  const sequence = owner?.next_invoice_sequence ?? 1;
  if (owner !== null) change(context, "customer", owner, { next_invoice_sequence: sequence + 1 });
  return `${owner?.invoice_prefix ?? "EMULATOR"}-${String(sequence).padStart(NUMBER_DIGITS, "0")}`;
}

/** How much is charged, and what the customer owes or has in credit afterwards. */
function splitDue(total: number, balance: number) {
  const due = total + balance;
  if (due >= SMALLEST_CHARGE) return { charged: due, left: 0, type: "applied_to_invoice" } as const;
  return { charged: 0, left: due, type: due > 0 ? "invoice_too_small" : "applied_to_invoice" } as const;
}

function requestPayment(context: Context, invoice: Invoice): void {
  const { clock } = context;
  const intent = createPaymentIntent(context, {
    amount: invoice.amount_due,
    currency: invoice.currency,
    customer: idOf(invoice.customer),
    description: invoice.description ?? `Payment for Invoice ${invoice.number ?? ""}`,
  });
  create(
    context,
    "invoice_payment",
    {
      id: newId("inpay"),
      object: "invoice_payment",
      amount_paid: null,
      amount_requested: invoice.amount_due,
      created: clock.nowS,
      currency: invoice.currency,
      invoice: invoice.id,
      is_default: true,
      livemode: false,
      payment: { type: "payment_intent", payment_intent: intent.id },
      status: "open",
      status_transitions: { canceled_at: null, paid_at: null },
    },
    invoice.id,
  );
}

/** When a sent invoice has to be paid. */
function dueDateOf({ store, clock }: Context, invoice: Invoice): number | null {
  if (invoice.collection_method !== "send_invoice") return null;
  const { daysUntilDue } = hidden.parse(store.hiddenOf(invoice.id));
  return invoice.due_date ?? daysAfter(clock.nowS, daysUntilDue ?? 0);
}

function open(context: Context, draft: Invoice, autoAdvance: boolean): Invoice {
  const { clock, baseUrl, store, tasks } = context;
  const customer = idOf(draft.customer);
  const { charged, left, type } = splitDue(draft.total, draft.starting_balance);
  changeBalance(context, customer, {
    amount: left - draft.starting_balance,
    type,
    currency: draft.currency,
    invoice: draft.id,
  });
  const token = randomText(TOKEN_LENGTH);
  const due_date = dueDateOf(context, draft);
  store.hide(draft.id, { token });
  if (due_date !== null) tasks.set({ name: "mark-overdue", object: draft.id, dueS: due_date });
  const { object } = change(context, "invoice", draft, {
    status: "open",
    number: takeNumber(context, customer),
    amount_due: charged,
    amount_remaining: charged,
    ending_balance: left,
    due_date,
    auto_advance: autoAdvance,
    effective_at: clock.nowS,
    hosted_invoice_url: `${baseUrl}/i/${draft.id}/${token}`,
    invoice_pdf: `${baseUrl}/i/${draft.id}/${token}/pdf`,
    status_transitions: { ...draft.status_transitions, finalized_at: clock.nowS },
  });
  return planAdvance(context, object);
}

/** From here on it is what it is. One that asks for nothing is paid at once. @throws Refusal unless it is a draft */
export function finalizeInvoice(context: Context, invoice: Invoice, autoAdvance: boolean): Invoice {
  if (invoice.status !== "draft")
    throw invalidRequest("This invoice is already finalized, you can't re-finalize a non-draft invoice.", {
      code: "invoice_not_editable",
    });
  const { object: draft } = recalculate(context, invoice);
  const opened = open(context, draft, autoAdvance);
  if (opened.amount_due > 0) requestPayment(context, opened);
  emit(context, "invoice.finalized", opened);
  return opened.amount_due > 0 ? opened : markPaid(context, opened, { isByCard: false });
}
