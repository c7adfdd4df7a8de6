import type { TaskList } from "graphile-worker";
import type { EventParts } from "../server/services/billing/events/handle.ts";
import { billingOf } from "../server/services/billing/invoices/billing.ts";
import type { Notifier } from "../server/services/budgets/notifier.ts";
import type { QueueRunning } from "../server/services/casts/run-queued.ts";
import { alignCardsTask } from "./tasks/align-cards.ts";
import { closeMonthsTask } from "./tasks/close-months.ts";
import { collectInvoiceTask } from "./tasks/collect-invoice.ts";
import { giveNoticeTask } from "./tasks/give-notice.ts";
import { handleStripeEventTask } from "./tasks/handle-stripe-event.ts";
import { pruneAnswersTask } from "./tasks/prune-answers.ts";
import { pruneEventsTask } from "./tasks/prune-events.ts";
import { pruneRateCountsTask } from "./tasks/prune-rate-counts.ts";
import { reconcileBillingTask } from "./tasks/reconcile-billing.ts";
import { removeCardTask } from "./tasks/remove-card.ts";
import { runCastTask } from "./tasks/run-cast.ts";
import { verifyLedgerTask } from "./tasks/verify-ledger.ts";

/** What tasks are given. */
export interface JobParts extends QueueRunning, Pick<EventParts, "stripe" | "metrics"> {
  readonly config: QueueRunning["config"] & EventParts["config"];
  readonly notifier: Notifier;
}

/** Every task under its id, which is its file's name. */
export const taskList = (parts: JobParts): TaskList => ({
  "align-cards": alignCardsTask(parts),
  "close-months": closeMonthsTask(parts),
  "collect-invoice": collectInvoiceTask(billingOf(parts)),
  "give-notice": giveNoticeTask(parts),
  "handle-stripe-event": handleStripeEventTask(parts),
  "prune-answers": pruneAnswersTask(parts),
  "prune-events": pruneEventsTask(parts),
  "prune-rate-counts": pruneRateCountsTask(parts),
  "reconcile-billing": reconcileBillingTask(billingOf(parts)),
  "remove-card": removeCardTask(billingOf(parts)),
  "run-cast": runCastTask(parts),
  "verify-ledger": verifyLedgerTask(parts),
});
