/** A worker of billing's jobs whose clock is moved: its own process, so that a test can kill it at any moment. */
import { Logger, run } from "graphile-worker";
import Stripe from "stripe";
import { collectInvoiceTask } from "../../jobs/tasks/collect-invoice.ts";
import { closeMonthsTask } from "../../jobs/tasks/close-months.ts";
import { connect } from "../../server/db/connect.ts";
import type { Billing } from "../../server/services/billing/invoices/billing.ts";

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
const billing: Billing = {
  db,
  clock: { offsetMs: order.clockOffsetMs },
  stripe: new Stripe(order.stripeKey, {
    host: "127.0.0.1",
    port: order.stripePort,
    protocol: "http",
    maxNetworkRetries: 1,
    telemetry: false,
  }),
  config: { STRIPE_SECRET_KEY: order.stripeKey },
};
await run({
  connectionString: order.databaseUrl,
  taskList: { "close-months": closeMonthsTask(billing), "collect-invoice": collectInvoiceTask(billing) },
  concurrency: 4,
  pollInterval: 50,
  // Jobs are meant to fail here, and are tried again.
  logger: new Logger(() => () => undefined),
});
