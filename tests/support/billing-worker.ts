/** A worker of billing's jobs whose clock is moved: its own process, so that a test can kill it at any moment. */
import { Logger, run } from "graphile-worker";
import Stripe from "stripe";
import { alignCardsTask } from "../../jobs/tasks/align-cards.ts";
import { closeMonthsTask } from "../../jobs/tasks/close-months.ts";
import { collectInvoiceTask } from "../../jobs/tasks/collect-invoice.ts";
import { handleStripeEventTask } from "../../jobs/tasks/handle-stripe-event.ts";
import { connect } from "../../server/db/connect.ts";
import { createMetrics } from "../../server/metrics.ts";
import { billingOf } from "../../server/services/billing/invoices/billing.ts";

/** What it is told, as JSON in its only argument. */
export interface BillingWorkerOrder {
  readonly databaseUrl: string;
  readonly stripePort: number;
  readonly stripeKey: string;
  readonly clockOffsetMs: number;
}

// Written by the test that starts this.
const order = JSON.parse(process.argv[2] ?? "") as BillingWorkerOrder;
const db = connect({ url: order.databaseUrl, poolSize: 4, applicationName: "billing-worker" });
const parts = {
  db,
  clock: { offsetMs: order.clockOffsetMs },
  stripe: new Stripe(order.stripeKey, {
    host: "127.0.0.1",
    port: order.stripePort,
    protocol: "http",
    maxNetworkRetries: 1,
    telemetry: false,
  }),
  config: { STRIPE_SECRET_KEY: order.stripeKey, BUDGET_DEFAULT_CENTS: 5_000 },
  metrics: createMetrics(),
};
await run({
  connectionString: order.databaseUrl,
  taskList: {
    "align-cards": alignCardsTask(parts),
    "close-months": closeMonthsTask(parts),
    "collect-invoice": collectInvoiceTask(billingOf(parts)),
    "handle-stripe-event": handleStripeEventTask(parts),
  },
  concurrency: 4,
  pollInterval: 50,
  // Jobs are meant to fail here, and are tried again.
  logger: new Logger(() => () => undefined),
});
