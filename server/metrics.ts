/** What the process counts, for `GET /metrics`. Labels never carry user data. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export type Metrics = ReturnType<typeof createMetrics>;

/** A registry of its own with all of the product's series, so that tests can hold several. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    casts: new Counter({ name: "spell_cast_total", help: "Casts that ended, however.", registers }),
    castsFailed: new Counter({
      name: "spell_cast_failed_total",
      help: "Casts that ended without a result.",
      labelNames: ["error_code"] as const,
      registers,
    }),
    castDuration: new Histogram({
      name: "spell_cast_duration_seconds",
      help: "Time inside the thread.",
      buckets: [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
      registers,
    }),
    fuel: new Counter({ name: "spell_fuel_total", help: "Fuel that settled casts used.", registers }),
    budgetBlocked: new Counter({
      name: "spell_budget_blocked_total",
      help: "Casts refused by a limit.",
      labelNames: ["reason"] as const,
      registers,
    }),
    rateLimited: new Counter({
      name: "spell_rate_limited_total",
      help: "Requests refused by a rate.",
      labelNames: ["subject"] as const,
      registers,
    }),
    stripeWebhooks: new Counter({
      name: "spell_stripe_webhook_total",
      help: "Messages of Stripe's, as they came and as their events were handled.",
      labelNames: ["type", "outcome"] as const,
      registers,
    }),
    queueDepth: new Gauge({
      name: "spell_cast_queue_depth",
      help: "Casts that wait for a thread.",
      registers,
    }),
    poolInUse: new Gauge({
      name: "spell_db_pool_in_use",
      help: "Database operations of casts under way.",
      registers,
    }),
    ledgerSeq: new Gauge({
      name: "spell_ledger_seq",
      help: "The newest ledger entry this process wrote.",
      registers,
    }),
    httpDuration: new Histogram({
      name: "spell_http_request_duration_seconds",
      help: "HTTP requests by route.",
      labelNames: ["method", "route", "status"] as const,
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
      registers,
    }),
  };
}
