import type { Config, WorkerConfig } from "../../config.ts";
import { MICROS_PER_CENT } from "../../context.ts";

/** The configured amounts that bound every account, in micros. */
export const limitSettings = (config: Config | WorkerConfig) => ({
  allowanceMicros: config.FREE_ALLOWANCE_CENTS * MICROS_PER_CENT,
  defaultMicros: config.BUDGET_DEFAULT_CENTS * MICROS_PER_CENT,
  maximumMicros: config.BUDGET_MAX_CENTS * MICROS_PER_CENT,
});
