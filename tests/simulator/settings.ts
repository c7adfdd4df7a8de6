/** The product's own settings, small, so that a few casts meet every limit. */
import { readConfig, type Config } from "../../server/config.ts";
import type { AdmissionSettings } from "../../server/db/casts.ts";
import { admissionSettings } from "../../server/services/casts/admission-settings.ts";

const BOOT_ID = "b0000000-0000-4000-8000-000000000000";

/** A configuration whose times fall between two ticks of the simulated clock. */
export const simulatedConfig = (rateLimit: number): Config =>
  readConfig({
    NODE_ENV: "test",
    LOG_LEVEL: "silent",
    DATABASE_URL: "postgres://unused",
    KEY_PEPPER: "p".repeat(43),
    RECEIPT_KEY: "r".repeat(43),
    BUDGET_MIN_CENTS: "1",
    BUDGET_DEFAULT_CENTS: "40",
    BUDGET_MAX_CENTS: "80",
    FREE_ALLOWANCE_CENTS: "20",
    FREE_FUEL_DAILY: "60000000",
    RATE_LIMIT_USER_RPM: String(rateLimit),
    // With a version's second of wall time and the product's own margin 59.5 s, between 8 and 9 ticks.
    CAST_QUEUE_MS: "48500",
    CAST_ASYNC_QUEUE_MS: "605500",
    IDEMPOTENCY_MS: "86397500",
  });

export const simulatedSettings = (config: Config): AdmissionSettings => admissionSettings(config, BOOT_ID);
