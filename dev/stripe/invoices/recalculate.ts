import { listOf } from "../api/list.ts";
import type { Context } from "../context.ts";
import { change } from "../events/emit.ts";
import { idOf } from "../store/id-of.ts";
import type { Invoice } from "../store/kinds.ts";

const SHOWN_LINES = 10;

/** Brings a draft's sums and its first lines up to what its lines and its customer's balance are now. */
export function recalculate(context: Context, invoice: Invoice) {
  const { store } = context;
  const lines = store.allOf("line_item", invoice.id);
  const total = lines.reduce((sum, { amount }) => sum + amount, 0);
  const balance = store.find("customer", idOf(invoice.customer))?.balance ?? 0;
  const due = Math.max(0, total + balance);
  return change(context, "invoice", invoice, {
    subtotal: total,
    subtotal_excluding_tax: total,
    total,
    total_excluding_tax: total,
    starting_balance: balance,
    amount_due: due,
    amount_remaining: due,
    lines: listOf(
      `/v1/invoices/${invoice.id}/lines`,
      lines.slice(0, SHOWN_LINES),
      lines.length > SHOWN_LINES,
    ),
  });
}
