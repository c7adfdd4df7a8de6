/** What each of Stripe's events has us do. They come in no order: a handler reads from Stripe how things stand now. */
import { adoptCheckout, adoptSetupIntent } from "../adopt-card.ts";
import type { Platform } from "../../../context.ts";
import type { BillingParts } from "../billing-parts.ts";
import { forgetCustomer, forgetDetachedCard } from "../forget-card.ts";
import { refreshCard } from "../refresh-card.ts";
import { syncChangedInvoice, syncCreditNote } from "./sync-books.ts";

export type HandlerParts = BillingParts & Pick<Platform, "clock">;

/** Repeatable, and right for an event of long ago. It is given the id of what the event is about. */
export type EventHandler = (parts: HandlerParts, objectId: string) => Promise<unknown>;

/** By type, or by family: `credit_note.*` is every type that begins with `credit_note.` and has no handler of its own. */
const HANDLERS: ReadonlyMap<string, EventHandler> = new Map<string, EventHandler>([
  ["setup_intent.succeeded", (parts, id) => adoptSetupIntent(parts, id)],
  ["checkout.session.completed", (parts, id) => adoptCheckout(parts, id)],
  ["payment_method.detached", forgetDetachedCard],
  ["payment_method.updated", refreshCard],
  ["payment_method.automatically_updated", refreshCard],
  ["customer.deleted", forgetCustomer],
  // Each of these is a step that an invoice takes after it was made; that far it is our own doing, and written down.
  ["invoice.paid", syncChangedInvoice],
  ["invoice.payment_failed", syncChangedInvoice],
  ["invoice.payment_action_required", syncChangedInvoice],
  ["invoice.marked_uncollectible", syncChangedInvoice],
  ["invoice.voided", syncChangedInvoice],
  ["credit_note.*", syncCreditNote],
]);

const familyOf = (type: string): string => type.replace(/\..*$/s, ".*");

/** Null: nothing is to be done. */
export const handlerOf = (type: string): EventHandler | null =>
  HANDLERS.get(type) ?? HANDLERS.get(familyOf(type)) ?? null;

/** A type for a metric's label: what we have no handler for is `other`, whatever it is called. */
export const labelOf = (type: string): string =>
  [type, familyOf(type)].find((name) => HANDLERS.has(name)) ?? "other";
