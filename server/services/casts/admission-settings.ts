import type { Config, WorkerConfig } from "../../config.ts";
import type { AdmissionSettings } from "../../db/casts.ts";
import { limitSettings } from "../budgets/limit-settings.ts";

/** Beyond queue and wall time: thread start, module compilation, settlement through a short outage. */
const DEADLINE_MARGIN_MS = 10_000;

/** How long a running cast may take beyond its wall time before it is given up. */
export const graceMs = ({ CAST_QUEUE_MS }: Pick<Config, "CAST_QUEUE_MS">): number =>
  CAST_QUEUE_MS + DEADLINE_MARGIN_MS;

/** What admission decides by, the same for every cast of a process. */
export const admissionSettings = (config: Config | WorkerConfig, bootId: string): AdmissionSettings => ({
  bootId,
  rateLimit: config.RATE_LIMIT_USER_RPM,
  graceMs: graceMs(config),
  queueMs: config.CAST_ASYNC_QUEUE_MS,
  replayMs: config.IDEMPOTENCY_MS,
  freeFuelDaily: config.FREE_FUEL_DAILY,
  ...limitSettings(config),
});
