/** When an invoice goes on by itself. */
import type { Context } from "../context.ts";
import type { Invoice } from "../store/kinds.ts";

const HOUR_S = 3_600;
const DAY_S = 86_400;

/** The days from one attempt to the next; after the last of them nobody tries any more. */
const RETRY_DAYS = [3, 5, 7] as const;

/**
 * A draft finalizes itself after an hour, and a card is asked as soon as it is open, not before whoever opened it has
 * heard so; or nothing happens to it by itself.
 */
export function planAdvance(context: Context, invoice: Invoice): Invoice {
  const { tasks, store, clock } = context;
  const isAutomatic = invoice.auto_advance === true;
  const isPaidByCard = invoice.collection_method === "charge_automatically";
  const finalizesAt = isAutomatic && invoice.status === "draft" ? clock.nowS + HOUR_S : null;
  const isOpen = invoice.status === "open";
  const paysAt = isAutomatic && isPaidByCard ? (isOpen ? clock.nowS : finalizesAt) : null;
  if (finalizesAt === null) tasks.drop("finalize-invoice", invoice.id);
  else tasks.set({ name: "finalize-invoice", object: invoice.id, dueS: finalizesAt });
  if (paysAt !== null && isOpen) tasks.set({ name: "pay-invoice", object: invoice.id, dueS: paysAt });
  else tasks.drop("pay-invoice", invoice.id);
  const planned = { ...invoice, automatically_finalizes_at: finalizesAt, next_payment_attempt: paysAt };
  return store.put("invoice", planned);
}

/** When it is tried again after so many attempts have failed; null: not any more. */
export function nextAttemptS(invoice: Invoice, attempts: number, nowS: number): number | null {
  if (invoice.auto_advance !== true || invoice.collection_method !== "charge_automatically") return null;
  const days = RETRY_DAYS[attempts - 1];
  return days === undefined ? null : nowS + days * DAY_S;
}

export const isLastAttempt = (attempts: number): boolean => attempts > RETRY_DAYS.length;

export const daysAfter = (nowS: number, days: number): number => nowS + days * DAY_S;

/** Nothing happens to it by itself any more. */
export function dropTasks({ tasks }: Context, invoice: string): void {
  for (const name of ["finalize-invoice", "pay-invoice", "mark-overdue"] as const) tasks.drop(name, invoice);
}
