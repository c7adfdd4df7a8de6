import { Gauge } from "prom-client";
import type { Database } from "../server/db/connect.ts";
import type { Metrics } from "../server/metrics.ts";
import { countDeadLetters } from "../server/services/billing/events/dead-letters.ts";

/** Counts dead letters whenever the worker's metrics are read. While the database is away, the figure of before stays. */
export function watchDeadLetters({
  metrics,
  db,
}: {
  readonly metrics: Metrics;
  readonly db: Database;
}): void {
  const gauge: Gauge = new Gauge({
    name: "spell_stripe_dead_letters",
    help: "Events of Stripe's that nobody tries to handle any more.",
    registers: [metrics.registry],
    collect: async () => {
      const count = await countDeadLetters(db).catch(() => null);
      if (count !== null) gauge.set(count);
    },
  });
}
