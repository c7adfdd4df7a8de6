/** The parts of a process that casts: web processes and workers are built from the same. */
import { randomUUID } from "node:crypto";
import type { Config, WorkerConfig } from "./config.ts";
import type { Clock, Platform } from "./context.ts";
import { createCastBatches } from "./db/cast-batches.ts";
import { connect } from "./db/connect.ts";
import { createRandom } from "./create-random.ts";
import { createLogger } from "./logger.ts";
import { createMetrics } from "./metrics.ts";
import { createModuleCache } from "./runtime/compile-module.ts";
import { createRuntime } from "./runtime/create-runtime.ts";
import { createStripe } from "./services/billing/stripe.ts";
import { admissionSettings } from "./services/casts/admission-settings.ts";

export const REAL_TIME: Clock = { offsetMs: 0 };

export interface ProcessOptions {
  readonly name: "web" | "worker";
  readonly databaseUrl: string;
  readonly poolSize: number;
  readonly clock: Clock;
}

/** Builds what every process has; connections are made when first needed, threads start at once. */
export function buildParts(
  config: Config | WorkerConfig,
  { name, databaseUrl, poolSize, clock }: ProcessOptions,
): Omit<Platform, "config" | "drain"> {
  const bootId = randomUUID();
  const db = connect({ url: databaseUrl, poolSize, applicationName: `spell-${name}` });
  return {
    db,
    batches: createCastBatches(db.sql, admissionSettings(config, bootId), clock),
    clock,
    random: createRandom(),
    runtime: createRuntime({
      threads: config.CAST_THREADS,
      longThreads: config.CAST_LONG_THREADS,
      maxQueue: config.CAST_QUEUE_LENGTH,
    }),
    modules: createModuleCache({ maxBytes: config.MODULE_CACHE_BYTES }),
    metrics: createMetrics(),
    stripe: createStripe(config),
    log: createLogger(config.LOG_LEVEL, name),
    bootId,
  };
}
